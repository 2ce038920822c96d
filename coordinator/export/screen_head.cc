// The verdict first: it says how to read all that follows.
#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/dialect/dialect.h"
#include "coordinator/export/display_width.h"
#include "coordinator/export/screen_parts.h"
#include "coordinator/export/text_table.h"
#include "coordinator/export/unit_text.h"

namespace drumfire {
namespace {

constexpr size_t kShownReasons = 5;
constexpr size_t kReasonLines = 6;
constexpr size_t kLongestName = 36;  // columns of a model or URL

Paint PaintOf(VerdictStatus status) {
  switch (status) {
    case VerdictStatus::kValid:
      return Paint::kGreen;
    case VerdictStatus::kSuspect:
      return Paint::kYellow;
    default:
      return Paint::kRed;
  }
}

// A run in which most requests failed says so before anything else.
std::string Headline(const RunResult& result) {
  const RunTotals& totals = result.profiling.totals;
  const int64_t ended = totals.completed + totals.failed;
  if (result.verdict.status == VerdictStatus::kFailed) return result.verdict.reasons.front().text;
  if (2 * totals.failed > ended)
    return absl::StrCat(totals.failed, " of ", ended, " requests failed");
  switch (result.verdict.status) {
    case VerdictStatus::kValid:
      return "every check of the instrument passed";
    case VerdictStatus::kSuspect:
      return "read the figures with the reasons below in mind";
    default:
      return "do not rely on the figures, for the reasons below";
  }
}

template <typename Names>
std::string OneOrCount(const Names& names, const char* plural) {
  if (names.size() == 1) return FitMiddle(names.Get(0), kLongestName);
  return absl::StrCat(names.size(), " ", plural);
}

std::string EndpointText(const v1::Endpoint& endpoint) {
  const Dialect& dialect = DialectOf(endpoint);
  if (!dialect.can_stream()) return std::string(dialect.name);
  return absl::StrCat(dialect.name, endpoint.streaming() ? ", streaming" : ", not streaming");
}

std::string LoadText(const LoadFigures& load) {
  std::vector<std::string> parts;
  if (load.asked_rate > 0) {
    parts.push_back(absl::StrCat(CountText(load.asked_rate), " requests/s"));
  } else if (load.scheduled_rate > 0) {
    parts.push_back("fixed schedule");
  }
  if (load.asked_concurrency > 0)
    parts.push_back(absl::StrCat("concurrency ", load.asked_concurrency));
  return absl::StrJoin(parts, ", ");
}

std::string WhatRan(const RunResult& result) {
  const v1::Plan& plan = result.facts.plan;
  std::vector<std::string> parts = {
      absl::StrCat(OneOrCount(plan.models(), "models"), " at ", OneOrCount(plan.urls(), "URLs")),
      EndpointText(plan.endpoint())};
  const std::string load = LoadText(result.profiling.load);
  if (!load.empty()) parts.push_back(load);
  return absl::StrJoin(parts, "; ");
}

// Paragraph under the verdict: the first line indented by 2, the others by 4.
std::string Indented(absl::string_view text, const ScreenStyle& style) {
  std::string out;
  const std::string wrapped = Wrapped(text, style.width - 4, kReasonLines);
  const char* indent = "  ";
  for (const absl::string_view line : absl::StrSplit(wrapped, '\n')) {
    absl::StrAppend(&out, indent, line, "\n");
    indent = "    ";
  }
  return out;
}

std::string ReasonsText(const Verdict& verdict, const ScreenStyle& style) {
  std::string out;
  for (size_t i = 0; i < std::min(verdict.reasons.size(), kShownReasons); ++i) {
    const VerdictReason& reason = verdict.reasons[i];
    absl::StrAppend(
        &out, Indented(absl::StrCat(reason.check, " (", NameOf(reason.fault), "): ", reason.text),
                       style));
    if (!reason.cure.empty())
      absl::StrAppend(&out, Indented(absl::StrCat("Try: ", reason.cure), style));
  }
  if (verdict.reasons.size() > kShownReasons) {
    const size_t more = verdict.reasons.size() - kShownReasons;
    absl::StrAppend(&out, "  and ", more, " more, in the console file\n");
  }
  return out;
}

std::string EarlyEndText(const RunFacts& facts) {
  if (!facts.early_end.empty()) return absl::StrCat("The run ended early: ", facts.early_end);
  if (facts.was_cancelled) return "The run was interrupted: these figures are of its first part.";
  return "";
}

}  // namespace

std::string ScreenHead(const RunResult& result, const ScreenStyle& style) {
  const std::string status(NameOf(result.verdict.status));
  const std::string headline = FitEnd(Headline(result), style.width - status.size() - 2);
  std::string out =
      absl::StrCat(Painted(status, PaintOf(result.verdict.status), style), "  ", headline, "\n",
                   Painted(FitEnd(WhatRan(result), style.width), Paint::kDim, style), "\n");
  const std::string early_end = EarlyEndText(result.facts);
  if (!early_end.empty()) absl::StrAppend(&out, Indented(early_end, style));
  return absl::StrCat(out, ReasonsText(result.verdict, style));
}

}  // namespace drumfire
