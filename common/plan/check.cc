#include "common/plan/check.h"

#include <algorithm>

#include "common/plan/validate_plan.h"

namespace drumfire::plan_check {

absl::Status TimeOrNone(absl::string_view field, int64_t ns) {
  if (ns >= 0 && ns <= plan_limits::kMaxTimeNs) return absl::OkStatus();
  return Wrong(field, absl::StrCat(ns, " ns"),
               absl::StrCat("0 to ", plan_limits::kMaxTimeNs, " ns"));
}

absl::Status OneLine(absl::string_view field, absl::string_view text) {
  if (text.size() > plan_limits::kMaxTextBytes) {
    return Wrong(field, absl::StrCat(text.size(), " bytes"),
                 absl::StrCat("at most ", plan_limits::kMaxTextBytes));
  }
  const bool has_control = std::any_of(text.begin(), text.end(), [](unsigned char c) {
    return (c < 0x20 && c != '\t') || c == 0x7f;
  });
  return has_control ? Wrong(field, "a control character", "text of one line") : absl::OkStatus();
}

absl::Status FirstError(std::initializer_list<absl::Status> checks) {
  for (const absl::Status& check : checks) {
    if (!check.ok()) return check;
  }
  return absl::OkStatus();
}

}  // namespace drumfire::plan_check
