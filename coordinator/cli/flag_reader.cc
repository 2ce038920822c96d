#include "coordinator/cli/flag_reader.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/plan/validate_plan.h"
#include "coordinator/cli/numbers.h"

namespace drumfire {
namespace {

std::string InKebabCase(absl::string_view text) {
  std::string kebab = absl::AsciiStrToLower(text);
  std::replace(kebab.begin(), kebab.end(), '_', '-');
  return kebab;
}

std::string Seconds(int64_t ns) {
  return absl::StrCat(static_cast<double>(ns) / kNsPerSecond, " s");
}

}  // namespace

void FlagReader::Fail(const absl::Status& status) {
  if (status_.ok()) status_ = status;
}

void FlagReader::Fail(absl::string_view flag, absl::string_view found, absl::string_view expected) {
  Fail(FlagError(values_.Spelled(flag), found, expected));
}

void FlagReader::Fail(absl::string_view flag, absl::string_view problem) {
  Fail(UsageError(values_.Spelled(flag), problem));
}

void FlagReader::FailNumber(absl::string_view flag, absl::string_view expected) {
  const std::string& text = values_.Text(flag);
  const bool is_list = absl::StrContains(text, ',');
  Fail(flag, Quoted(text),
       is_list ? "one value (sweeps over a list are not supported yet)" : expected);
}

uint64_t FlagReader::Count(absl::string_view flag, uint64_t lowest, uint64_t highest,
                           uint64_t fallback) {
  if (!Has(flag)) return fallback;
  const std::optional<uint64_t> value = ParseWhole(values_.Text(flag));
  if (value && *value >= lowest && *value <= highest) return *value;
  FailNumber(flag, absl::StrCat("a whole number from ", lowest, " to ", highest));
  return fallback;
}

double FlagReader::Real(absl::string_view flag, double lowest, double highest, double fallback) {
  if (!Has(flag)) return fallback;
  const std::optional<double> value = ParseReal(values_.Text(flag));
  if (value && *value >= lowest && *value <= highest) return *value;
  FailNumber(flag, absl::StrFormat("a number from %.15g to %.15g", lowest, highest));
  return fallback;
}

int64_t FlagReader::TimeNs(absl::string_view flag, int64_t unit_ns, int64_t lowest_ns,
                           int64_t fallback_ns, int64_t highest_ns) {
  if (!Has(flag)) return fallback_ns;
  const std::optional<int64_t> value = ParseTimeNs(values_.Text(flag), unit_ns);
  if (value && *value >= lowest_ns && *value <= highest_ns) return *value;
  const absl::string_view unit = unit_ns == kNsPerSecond ? "seconds"
                                 : unit_ns == kNsPerMs   ? "milliseconds"
                                                         : "microseconds";
  FailNumber(flag, absl::StrCat("a time in ", unit, " (or with ns, us, ms, s, m, h) from ",
                                Seconds(lowest_ns), " to ", Seconds(highest_ns)));
  return fallback_ns;
}

int64_t FlagReader::TimeOrEndlessNs(absl::string_view flag, int64_t fallback_ns) {
  if (Has(flag) && InKebabCase(values_.Text(flag)) == "inf") return -1;
  return TimeNs(flag, kNsPerSecond, 0, fallback_ns);
}

uint64_t FlagReader::Bytes(absl::string_view flag, uint64_t lowest, uint64_t highest,
                           uint64_t fallback) {
  if (!Has(flag)) return fallback;
  const std::optional<uint64_t> value = ParseBytes(values_.Text(flag));
  if (value && *value >= lowest && *value <= highest) return *value;
  FailNumber(flag, absl::StrCat("a number of bytes (K, M and G are powers of 1024) from ", lowest,
                                " to ", highest));
  return fallback;
}

int FlagReader::Enum(absl::string_view flag, absl::Span<const Choice> choices, int fallback) {
  if (!Has(flag)) return fallback;
  const std::string given = InKebabCase(values_.Text(flag));
  for (const Choice& choice : choices) {
    if (choice.name == given) return choice.value;
  }
  const auto append_name = [](std::string* out, const Choice& choice) {
    absl::StrAppend(out, choice.name);
  };
  Fail(flag, Quoted(values_.Text(flag)),
       absl::StrCat("one of ", absl::StrJoin(choices, ", ", append_name)));
  return fallback;
}

void FlagReader::Exclude(absl::string_view flag, absl::string_view other) {
  if (!Has(flag) || !Has(other)) return;
  Fail(flag, absl::StrCat("cannot be combined with ", values_.Spelled(other)));
}

void FlagReader::Require(absl::string_view flag, absl::string_view other) {
  if (!Has(flag) || Has(other)) return;
  Fail(flag, absl::StrCat("requires ", other));
}

}  // namespace drumfire
