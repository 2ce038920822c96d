// Which of several URLs is slower than the others.
#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/export/display_width.h"
#include "coordinator/export/screen_parts.h"
#include "coordinator/export/unit_text.h"

namespace drumfire {
namespace {

constexpr size_t kShownUrls = 8;
constexpr size_t kCountColumns = 9;
constexpr size_t kTimeColumns = 11;
constexpr size_t kWidestUrl = 56;  // so that a row can be read across on a wide terminal

struct Times {
  const char* tag;
  const char* p50;
  const char* p99;
};
constexpr Times kTtft = {"time_to_first_token", "TTFT p50", "TTFT p99"};
constexpr Times kLatency = {"request_latency", "Lat. p50", "Lat. p99"};

// TTFT says more of a server; what does not stream has only its latency.
const Times& TimesOf(const RunResult& result) {
  const bool streams = FindBlock(result.profiling.blocks, kTtft.tag) != nullptr;
  return streams ? kTtft : kLatency;
}

std::string TimeCell(const UrlResult& url, const char* tag, const char* stat) {
  const MetricBlock* block = FindBlock(url.blocks, tag);
  if (block == nullptr) return PadLeft("-", kTimeColumns);
  return PadLeft(TimeText(block->Stat(stat) * block->metric->scale.display_divisor), kTimeColumns);
}

std::string UrlRow(const UrlResult& url, const Times& times, size_t url_columns) {
  return absl::StrCat(PadRight(FitMiddle(url.url, url_columns), url_columns),
                      PadLeft(CountText(static_cast<double>(url.totals.completed)), kCountColumns),
                      PadLeft(CountText(static_cast<double>(url.totals.errors())), kCountColumns),
                      TimeCell(url, times.tag, "p50"), TimeCell(url, times.tag, "p99"), "\n");
}

}  // namespace

std::string ScreenTargets(const RunResult& result, const ScreenStyle& style) {
  constexpr size_t kCells = 2 * kCountColumns + 2 * kTimeColumns;
  constexpr size_t kLeastUrlColumns = 12;
  if (result.urls.size() < 2 || style.width < kCells + kLeastUrlColumns) return "";
  const size_t url_columns = std::min(style.width - kCells, kWidestUrl);
  const Times& times = TimesOf(result);
  const std::string header =
      absl::StrCat(PadRight("Target", url_columns), PadLeft("answered", kCountColumns),
                   PadLeft("errors", kCountColumns), PadLeft(times.p50, kTimeColumns),
                   PadLeft(times.p99, kTimeColumns));
  std::string out = absl::StrCat(Painted(header, Paint::kBold, style), "\n");
  for (size_t i = 0; i < std::min(result.urls.size(), kShownUrls); ++i) {
    absl::StrAppend(&out, UrlRow(result.urls[i], times, url_columns));
  }
  if (result.urls.size() > kShownUrls) {
    absl::StrAppend(&out, "and ", result.urls.size() - kShownUrls, " more, in the console file\n");
  }
  return out;
}

}  // namespace drumfire
