// Turns flag texts into checked values. It keeps the first error, so that a section of the plan
// reads like a list of its flags and checks status() once at the end:
//
//     FlagReader flags(values);
//     plan->set_concurrency(flags.Count("--concurrency", 1, kMax, 1));
//     plan->set_lease_ns(flags.TimeNs("--lease", kNsPerSecond, kNsPerMs, kDefaultLeaseNs));
//     if (!flags.status().ok()) return flags.status();
//
// One thread.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/plan/validate_plan.h"
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

  // All take the flag's primary name and return fallback if the flag is absent or wrong.
  uint64_t Count(absl::string_view flag, uint64_t lowest, uint64_t highest, uint64_t fallback);
  double Real(absl::string_view flag, double lowest, double highest, double fallback);
  // In units of unit_ns (or in the unit that the value names), from lowest_ns up to highest_ns, by
  // default a year.
  int64_t TimeNs(absl::string_view flag, int64_t unit_ns, int64_t lowest_ns, int64_t fallback_ns,
                 int64_t highest_ns = plan_limits::kMaxTimeNs);
  // As TimeNs in seconds from 0, and "inf" = -1.
  int64_t TimeOrEndlessNs(absl::string_view flag, int64_t fallback_ns);
  uint64_t Bytes(absl::string_view flag, uint64_t lowest, uint64_t highest, uint64_t fallback);
  int Enum(absl::string_view flag, absl::Span<const Choice> choices, int fallback);

  // Fails if both flags were given.
  void Exclude(absl::string_view flag, absl::string_view other);
  // Fails if flag was given without other.
  void Require(absl::string_view flag, absl::string_view other);
  // Record an error of a flag, if it is the first. See FlagError and UsageError.
  void Fail(absl::string_view flag, absl::string_view found, absl::string_view expected);
  void Fail(absl::string_view flag, absl::string_view problem);
  void Fail(const absl::Status& status);

  const absl::Status& status() const { return status_; }

 private:
  void FailNumber(absl::string_view flag, absl::string_view expected);

  const FlagValues& values_;
  absl::Status status_;
};

}  // namespace drumfire
