// Any text as a value of --workers, and as a file that it names: no crash, errors are one line that
// begins with the flag, and accepted workers are bounded and unique.
#include <cstdint>
#include <cstdlib>
#include <set>

#include "absl/strings/match.h"
#include "coordinator/fleet/host_range.h"
#include "coordinator/fleet/worker_list.h"

namespace drumfire {
namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

void Feed(const std::string& text, const std::string& value) {
  const auto list = ParseWorkerList(
      {value}, [&text](const std::string&) -> absl::StatusOr<std::string> { return text; });
  if (!list.ok()) {
    const std::string error(list.status().message());
    Check(absl::StartsWith(error, "--workers: ") && !absl::StrContains(error, '\n'));
    return;
  }
  Check(!list->empty() && list->size() <= kMaxWorkers);
  std::set<std::string> seen;
  for (const WorkerSource& source : *list) Check(seen.insert(ToString(source)).second);
}

}  // namespace
}  // namespace drumfire

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  drumfire::Feed(text, text);
  drumfire::Feed(text, "@file");
  for (absl::string_view word : drumfire::SplitHosts(text)) {
    const auto hosts = drumfire::ExpandHosts(word, drumfire::kMaxWorkers);
    if (hosts.ok() && (hosts->empty() || hosts->size() > drumfire::kMaxWorkers)) std::abort();
  }
  return 0;
}
