// What has one value a run: a label and a value each. What has none is left out.
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "coordinator/export/display_width.h"
#include "coordinator/export/screen_parts.h"
#include "coordinator/export/unit_text.h"

namespace drumfire {
namespace {

constexpr size_t kGapColumns = 4;
constexpr size_t kCellColumns = 38;

struct Scalar {
  std::string label;
  std::string value;
};
using Scalars = std::vector<Scalar>;

double Avg(const RunResult& result, absl::string_view tag) {
  const MetricBlock* block = FindBlock(result.profiling.blocks, tag);
  return block == nullptr ? kNoValue : block->Stat("avg");
}

void AddMetric(const RunResult& result, absl::string_view tag, const char* label, Scalars* out) {
  const double value = Avg(result, tag);
  if (value == value) out->push_back({label, CountText(value)});
}

void AddGoodput(const RunResult& result, Scalars* out) {
  const double rate = Avg(result, "goodput");
  const double good = static_cast<double>(result.profiling.totals.good);
  const auto completed = static_cast<double>(result.profiling.totals.completed);
  if (rate != rate || completed == 0) return;
  out->push_back({"Goodput", absl::StrFormat("%s/s (%s %%)", CountText(rate),
                                             ShortNumber(100 * good / completed))});
}

void AddTokens(const RunResult& result, Scalars* out) {
  const double isl = Avg(result, "input_sequence_length");
  const double osl = Avg(result, "output_sequence_length");
  if (osl == osl) {
    out->push_back({"Tokens in / out, avg", absl::StrCat(CountText(isl), " / ", CountText(osl))});
  } else if (isl == isl) {
    out->push_back({"Tokens in, avg", CountText(isl)});
  }
}

void AddInFlight(const LoadFigures& load, Scalars* out) {
  std::string text = CountText(load.reached_concurrency);
  if (load.asked_concurrency > 0) absl::StrAppend(&text, " of ", load.asked_concurrency);
  out->push_back({"In flight, avg", text});
}

std::string SecondsText(int64_t ns) {
  return absl::StrCat(ShortNumber(static_cast<double>(ns) / 1e9), " s");
}

std::string ShareText(uint64_t part, uint64_t whole) {
  return absl::StrFormat("%d (%s %%)", part,
                         ShortNumber(100 * static_cast<double>(part) / static_cast<double>(whole)));
}

void AddOtherCounts(const CreditSums& credits, Scalars* out) {
  const std::pair<const char*, uint64_t> kOthers[] = {{"Failed", credits.failed},
                                                      {"Cancelled", credits.cancelled},
                                                      {"Dropped as late", credits.dropped},
                                                      {"Lost in flight", credits.lost},
                                                      {"Fate unknown", credits.fate_unknown}};
  for (const auto& [label, count] : kOthers) {
    if (count > 0) out->push_back({label, ShareText(count, credits.scheduled)});
  }
}

// Where the requests went; they add up to those that were scheduled.
void AddCounts(const CreditSums& credits, Scalars* out) {
  if (!credits.lost_is_known) {
    out->push_back({"Answered, recorded", absl::StrCat(credits.completed)});
    out->push_back({"Lost in flight", "unknown"});
    return AddOtherCounts(credits, out);
  }
  out->push_back({"Answered", credits.completed == credits.scheduled
                                  ? absl::StrCat("all ", credits.scheduled)
                                  : absl::StrCat(credits.completed, " of ", credits.scheduled)});
  AddOtherCounts(credits, out);
}

Scalars ScalarsOf(const RunResult& result) {
  Scalars out;
  AddMetric(result, "request_throughput", "Requests/s", &out);
  AddMetric(result, "output_token_throughput", "Output tokens/s", &out);
  AddGoodput(result, &out);
  AddMetric(result, "output_token_throughput_per_user", "Tokens/s/user, avg", &out);
  AddMetric(result, "input_token_throughput", "Input tokens/s", &out);
  AddTokens(result, &out);
  AddInFlight(result.profiling.load, &out);
  out.push_back({"Measured time", SecondsText(result.profiling.window_ns)});
  AddCounts(result.profiling.accounts.credits, &out);
  if (result.profiling.connections.sent_again > 0)
    out.push_back({"Sent again", absl::StrCat(result.profiling.connections.sent_again)});
  return out;
}

std::string Cell(const Scalar& scalar) {
  return absl::StrCat(scalar.label,
                      PadLeft(scalar.value, kCellColumns - DisplayWidth(scalar.label)));
}

}  // namespace

std::string ScreenScalars(const RunResult& result, const ScreenStyle& style) {
  const Scalars scalars = ScalarsOf(result);
  const bool has_room = style.width >= 2 * kCellColumns + kGapColumns;
  std::string out;
  for (size_t i = 0; i < scalars.size(); ++i) {
    const bool begins_row = !has_room || i % 2 == 0;
    absl::StrAppend(&out,
                    i == 0       ? ""
                    : begins_row ? "\n"
                                 : std::string(kGapColumns, ' '),
                    Cell(scalars[i]));
  }
  return absl::StrCat(out, "\n");
}

}  // namespace drumfire
