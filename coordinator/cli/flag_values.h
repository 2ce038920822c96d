// The flags as they were given: texts, not yet understood.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace drumfire {

// One given flag.
struct GivenFlag {
  std::string spelled;              // the name that was typed
  std::vector<std::string> values;  // as typed; empty for a switch
};

class FlagValues {
 public:
  void Add(absl::string_view primary_name, GivenFlag flag);

  // All take the primary name.
  bool Has(absl::string_view name) const;
  // The only value; empty when the flag was not given.
  const std::string& Text(absl::string_view name) const;
  const std::vector<std::string>& List(absl::string_view name) const;
  // The name as typed; the primary one when it was not given.
  std::string Spelled(absl::string_view name) const;
  // Primary names in the order in which they were first given.
  const std::vector<std::string>& order() const { return order_; }

 private:
  std::map<std::string, GivenFlag, std::less<>> flags_;
  std::vector<std::string> order_;
};

struct ParsedFlags {
  FlagValues values;
  std::vector<std::string> notes;  // one line for each flag that was accepted and has no effect
};

// Sorts the arguments (without program and command name) by the flag table. InvalidArgument is one
// line: an unknown flag with the nearest known one, a missing value, a flag given twice, a flag
// that is not supported.
absl::StatusOr<ParsedFlags> ParseFlags(absl::Span<const std::string> arguments);

// "<flag>: found <found>, expected <expected>".
absl::Status FlagError(absl::string_view flag, absl::string_view found, absl::string_view expected);

// Text for an error line: quoted, on one line, not longer than a line.
std::string Quoted(absl::string_view text);

}  // namespace drumfire
