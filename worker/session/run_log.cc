#include "worker/session/run_log.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/clock/clock.h"
#include "common/control/limits.h"
#include "common/control/printable.h"
#include "common/net/url.h"
#include "common/plan/digest.h"
#include "glog/logging.h"

namespace drumfire {
namespace {

constexpr size_t kShownIdDigits = 8;
constexpr size_t kLongestTarget = 80;
constexpr size_t kLongestModel = 80;
constexpr size_t kLongestWhy = 200;

// Paths and queries can hold keys.
std::string Origin(const std::string& text) {
  const auto url = ParseUrl(text);
  if (!url.ok()) return "?";
  return Printable(absl::StrCat(url->https ? "https://" : "http://", url->Authority()),
                   kLongestTarget);
}

std::string FirstOf(const std::string& first, int count) {
  return count <= 1 ? first : absl::StrCat(first, " and ", count - 1, " more");
}

}  // namespace

std::string RunName(const v1::Hello& hello) {
  const std::string owner = Printable(hello.owner(), kLongestOwnerBytes);
  return absl::StrCat("run ", HexEncode(hello.run_id()).substr(0, kShownIdDigits), " of ",
                      owner.empty() ? "an unknown owner" : owner);
}

std::string RunBeginLine(const v1::Hello& hello) {
  const v1::Plan& plan = hello.plan();
  std::string line = absl::StrCat(RunName(hello), ": begins, worker ", hello.worker());
  if (plan.urls_size() > 0) {
    absl::StrAppend(&line, ", target ", FirstOf(Origin(plan.urls(0)), plan.urls_size()));
  }
  if (plan.models_size() > 0) {
    absl::StrAppend(&line, ", model ",
                    FirstOf(Printable(plan.models(0), kLongestModel), plan.models_size()));
  }
  return line;
}

std::string RunEndLine(const std::string& name, int64_t length_ns, const std::string& why) {
  const double seconds = static_cast<double>(length_ns) / static_cast<double>(kNsPerSecond);
  const std::string line = absl::StrFormat("%s: ended after %.1f s", name, seconds);
  return why.empty() ? line : absl::StrCat(line, ": ", Printable(why, kLongestWhy));
}

void RunLog::Begin(const v1::Hello& hello, int64_t now_ns) {
  if (!on_) return;
  name_ = RunName(hello);
  began_ns_ = now_ns;
  LOG(INFO) << RunBeginLine(hello);
}

void RunLog::End(const std::string& why, int64_t now_ns) {
  if (name_.empty()) return;
  LOG(INFO) << RunEndLine(std::exchange(name_, ""), now_ns - began_ns_, why);
}

}  // namespace drumfire
