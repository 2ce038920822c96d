// Flag texts -> checked values. The first mistake sticks, so that a section of the plan reads as a
// list of its flags and asks once at the end.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "coordinator/cli/flag_values.h"

namespace drumfire {

struct Choice {
  absl::string_view name;  // in kebab-case; snake_case is accepted too
  int value;
};

class FlagReader {
 public:
  // Not owned; must outlive the reader.
  explicit FlagReader(const FlagValues& values) : values_(values) {}

  const FlagValues& values() const { return values_; }
  bool Has(absl::string_view flag) const { return values_.Has(flag); }

  // All take the flag's primary name and give fallback when the flag was not given or is wrong.
  uint64_t Count(absl::string_view flag, uint64_t lowest, uint64_t highest, uint64_t fallback);
  double Real(absl::string_view flag, double lowest, double highest, double fallback);
  // In units of unit_ns (or with a unit of its own), from lowest_ns up to a year.
  int64_t TimeNs(absl::string_view flag, int64_t unit_ns, int64_t lowest_ns, int64_t fallback_ns);
  // As TimeNs in seconds from 0, and "inf" = -1.
  int64_t TimeOrEndlessNs(absl::string_view flag, int64_t fallback_ns);
  uint64_t Bytes(absl::string_view flag, uint64_t lowest, uint64_t highest, uint64_t fallback);
  int Enum(absl::string_view flag, absl::Span<const Choice> choices, int fallback);

  // Both flags were given: an error, in words of the first.
  void Exclude(absl::string_view flag, absl::string_view other);
  // flag was given without other: an error.
  void Require(absl::string_view flag, absl::string_view other);
  // Records a mistake of a flag, if it is the first.
  void Fail(absl::string_view flag, absl::string_view found, absl::string_view expected);
  void Fail(const absl::Status& status);

  const absl::Status& status() const { return status_; }

 private:
  void FailNumber(absl::string_view flag, absl::string_view expected);

  const FlagValues& values_;
  absl::Status status_;
};

}  // namespace drumfire
