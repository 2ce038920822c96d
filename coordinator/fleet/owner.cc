#include "coordinator/fleet/owner.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/clock/clock.h"
#include "common/control/limits.h"
#include "common/control/printable.h"
#include "common/plan/digest.h"

namespace drumfire {
namespace {

constexpr size_t kShownIdDigits = 10;
constexpr size_t kLongestReason = 300;
constexpr int64_t kNsPerMinute = 60 * kNsPerSecond;
constexpr int64_t kNsPerHour = 60 * kNsPerMinute;
constexpr int64_t kNsPerDay = 24 * kNsPerHour;

std::string UserName() {
  passwd entry{};
  passwd* found = nullptr;
  char buffer[4096];
  if (getpwuid_r(geteuid(), &entry, buffer, sizeof(buffer), &found) == 0 && found != nullptr) {
    return entry.pw_name;
  }
  return absl::StrCat("user ", geteuid());
}

std::string HostName() {
  char name[256] = {};
  return gethostname(name, sizeof(name) - 1) == 0 ? name : "unknown host";
}

// Enough of it to find the run.
std::string ShortId(absl::string_view hex) {
  return hex.size() <= kShownIdDigits
             ? Printable(hex, kShownIdDigits)
             : absl::StrCat(Printable(hex.substr(0, kShownIdDigits), kShownIdDigits), "..");
}

}  // namespace

std::string OwnerName() {
  return Printable(absl::StrCat(UserName(), "@", HostName(), ", pid ", getpid()),
                   kLongestOwnerBytes);
}

std::string AgeText(int64_t age_ns) {
  age_ns = std::max<int64_t>(0, age_ns);
  if (age_ns < 2 * kNsPerMinute) return absl::StrCat(age_ns / kNsPerSecond, " s");
  if (age_ns < 2 * kNsPerHour) return absl::StrCat(age_ns / kNsPerMinute, " min");
  if (age_ns < 2 * kNsPerDay) {
    return absl::StrFormat("%.1f h", static_cast<double>(age_ns) / kNsPerHour);
  }
  return absl::StrCat(age_ns / kNsPerDay, " d");
}

std::string OwnerText(absl::string_view run_id_hex, absl::string_view owner, int64_t owned_ns) {
  std::string text = run_id_hex.empty() ? "a run" : absl::StrCat("run ", ShortId(run_id_hex));
  if (!owner.empty()) absl::StrAppend(&text, " of ", Printable(owner, kLongestOwnerBytes));
  if (owned_ns > 0) absl::StrAppend(&text, ", since ", AgeText(owned_ns));
  return text;
}

std::string RefusalText(const v1::Refused& refused, absl::string_view run_id) {
  if (refused.owner_run_id().empty()) return Printable(refused.reason(), kLongestReason);
  if (refused.owner_run_id() == HexEncode(run_id)) {
    return "it serves this very run already, under another address in the list";
  }
  return absl::StrCat("it has an owner: ",
                      OwnerText(refused.owner_run_id(), refused.owner(), refused.owned_ns()));
}

}  // namespace drumfire
