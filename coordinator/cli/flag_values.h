// The flags of a command line as texts, before they are interpreted.
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
  // The only value; empty if the flag was not given.
  const std::string& Text(absl::string_view name) const;
  const std::vector<std::string>& List(absl::string_view name) const;
  // The name as typed; the primary name if the flag was not given.
  std::string Spelled(absl::string_view name) const;
  // Primary names in the order in which they were first given.
  const std::vector<std::string>& order() const { return order_; }

 private:
  std::map<std::string, GivenFlag, std::less<>> flags_;
  std::vector<std::string> order_;
};

struct ParsedFlags {
  FlagValues values;
  std::vector<std::string> notes;  // one line per flag that was accepted but has no effect
};

// Sorts the arguments (without program and command name) by the flag table. InvalidArgument is one
// line: an unknown flag (with the nearest known one), a missing value, a flag given twice, or an
// unsupported flag.
absl::StatusOr<ParsedFlags> ParseFlags(absl::Span<const std::string> arguments);

// "<flag>: found <found>, expected <expected>". For a value of the wrong form.
absl::Status FlagError(absl::string_view flag, absl::string_view found, absl::string_view expected);
// "<subject> <problem>", for example "--elastic requires --on-worker-loss continue".
absl::Status UsageError(absl::string_view subject, absl::string_view problem);
// The flag stands last, or before another flag.
absl::Status ValueMissing(absl::string_view flag);
// A flag that takes one value was given `count` of them.
absl::Status TooManyValues(absl::string_view flag, size_t count);

// Text for an error message: escaped, so that it stays on one line, and shortened to a line.
std::string Escaped(absl::string_view text);
// The same in double quotes.
std::string Quoted(absl::string_view text);

}  // namespace drumfire
