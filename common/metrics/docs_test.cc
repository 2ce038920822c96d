// Does docs/metrics.md match the metric table? To regenerate it: DRUMFIRE_UPDATE_DOCS=1
// common_metrics_test --gtest_filter='MetricsPageTest.*' from the repository's root.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/metrics/metric.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

constexpr char kPage[] = "docs/metrics.md";

constexpr char kIntroduction[] =
    "# Metrics\n\n"
    "Generated from the table in `common/metrics`: do not edit.\n\n"
    "Tags, names and units are AIPerf 0.13's where it has the metric. A *distribution* has one "
    "value per request (or many: "
    "*list*) and is shown as\navg, min, max, std (of the population), percentiles, count and sum; "
    "the others have one "
    "value per run. avg, min, max, std and sum are\nexact; percentiles come from HdrHistograms (3 "
    "significant digits; the "
    "bucket's upper bound), kept within min and max.\n\n"
    "- Times count from the moment the first byte was handed to the system (`send`), on one "
    "monotonic clock; connects "
    "are not in them.\n"
    "  No duration crosses two hosts: how well the clocks of a fleet agree (docs/fleet.md) decides "
    "only when each worker began.\n"
    "- *Text* is content, reasoning or tool-call text; role-only and usage-only chunks are not.\n"
    "- All rates divide by the *phase window*: from t = 0 of the phase until its last response "
    "ended.\n"
    "- Only completed requests have values, unless said.\n"
    "- A metric that no request has is left out. A count of zero in the server's usage is shown, "
    "a missing one is not.\n\n"
    "| Tag | Name | Unit | Kind | In | Better | Formula |\n|---|---|---|---|---|---|---|\n";

const char* KindName(MetricKind kind) {
  switch (kind) {
    case MetricKind::kRecord:
      return "distribution";
    case MetricKind::kRecordList:
      return "list";
    case MetricKind::kAggregate:
      return "count";
    case MetricKind::kDerived:
      return "derived";
  }
  return "";
}

const char* AppliesName(Applies applies) {
  switch (applies) {
    case Applies::kAlways:
      return "all runs";
    case Applies::kTokens:
      return "chat, completions";
    case Applies::kStreaming:
      return "streaming";
    case Applies::kGoodput:
      return "`--goodput`";
  }
  return "";
}

std::string Row(const Metric& metric) {
  return absl::StrCat("| `", metric.tag, "` | ", metric.name, " | ", metric.unit, " | ",
                      KindName(metric.kind), metric.internal ? ", internal" : "", " | ",
                      AppliesName(metric.applies), " | ",
                      metric.better == Better::kLarger ? "larger" : "smaller", " | ",
                      absl::StrReplaceAll(metric.formula, {{"|", "\\|"}, {"*", "\\*"}}), " |\n");
}

std::string Page() {
  std::string page = kIntroduction;
  for (const Metric& metric : AllMetrics()) page += Row(metric);
  return page;
}

TEST(MetricsPageTest, IsWhatTheTableSays) {
  if (std::getenv("DRUMFIRE_UPDATE_DOCS") != nullptr) std::ofstream(kPage) << Page();
  std::ifstream file(kPage);
  const std::string found{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  EXPECT_EQ(found, Page()) << kPage
                           << " is not what the metric table says; see the top of this file";
}

}  // namespace
}  // namespace drumfire
