#include "coordinator/export/console_lines.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/clock/clock.h"
#include "common/plan/conversations.h"
#include "coordinator/export/limit_text.h"
#include "coordinator/export/stamp_source.h"
#include "coordinator/export/unit_text.h"
#include "coordinator/results/clock_figures.h"

namespace drumfire {
namespace {

std::string AskedText(const LoadFigures& load) {
  std::vector<std::string> asked;
  if (load.asked_rate > 0) asked.push_back(absl::StrFormat("%.2f requests/s", load.asked_rate));
  if (load.asked_rate == 0 && load.scheduled_rate > 0) {
    asked.push_back(absl::StrFormat("the schedule's %.2f requests/s", load.scheduled_rate));
  }
  if (load.asked_concurrency > 0)
    asked.push_back(absl::StrFormat("concurrency %d", load.asked_concurrency));
  return asked.empty() ? "no limit" : absl::StrJoin(asked, ", ");
}

std::string GapText(const LoadFigures& load) {
  if (load.gap_cv < 0) return "";
  return absl::StrFormat("; gap CV %.2f (the pattern has %.2f)", load.gap_cv, load.expected_gap_cv);
}

std::string LostText(uint64_t count, bool is_known) {
  return is_known ? absl::StrCat(count) : "unknown";
}

std::string LoadLine(const PhaseResult& phase) {
  const CreditSums& credits = phase.accounts.credits;
  // Those that were never sent are among the cancelled ones.
  const uint64_t unsent = std::min(credits.unsent, credits.cancelled);
  const uint64_t sent = credits.completed + credits.failed + credits.cancelled - unsent;
  const std::string never_sent = unsent == 0 ? "" : absl::StrCat(" (", unsent, " never sent)");
  const std::string unknown =
      credits.fate_unknown == 0
          ? ""
          : absl::StrCat(", granted with unknown fate ", credits.fate_unknown);
  return absl::StrFormat(
      "Load: asked %s; scheduled %d, sent %d, answered %d, failed %d, cancelled %d%s, dropped %d, "
      "lost %s%s; reached %.2f "
      "requests/s (first send to last), %.2f in flight (until the last send)%s",
      AskedText(phase.load), credits.scheduled, sent, credits.completed, credits.failed,
      credits.cancelled, never_sent, credits.dropped, LostText(credits.lost, credits.lost_is_known),
      unknown, phase.load.reached_rate, phase.load.reached_concurrency, GapText(phase.load));
}

std::string SessionsLine(const Accounts& accounts) {
  const SessionSums& sessions = accounts.sessions;
  const std::string unknown =
      sessions.fate_unknown == 0 ? "" : absl::StrCat(", of unknown fate ", sessions.fate_unknown);
  return absl::StrFormat(
      "Sessions: %d begun or dropped, completed %d, ended early %d, dropped %d, lost %s%s; %d of "
      "their turns never sent",
      sessions.scheduled, sessions.completed, sessions.ended_early, sessions.dropped,
      LostText(sessions.lost, sessions.lost_is_known), unknown, accounts.credits.unsent_turns);
}

std::string WindowLine(const PhaseResult& phase) {
  return absl::StrFormat(
      "Window: %.2f s, from the phase's start to the end of its last response; all rates divide by "
      "it",
      static_cast<double>(phase.window_ns) / kNsPerSecond);
}

std::string DelayText(absl::string_view name, int64_t p50_ns, int64_t p99_ns) {
  if (p99_ns < 0) return absl::StrCat(name, " not measured");
  return absl::StrFormat("%s p50 %.1f us, p99 %.1f us", name,
                         static_cast<double>(p50_ns) / kNsPerUs,
                         static_cast<double>(p99_ns) / kNsPerUs);
}

std::string InstrumentLine(const InstrumentFigures& figures) {
  return absl::StrFormat(
      "Instrument: %s stamps; %s; %s; %.2f %% of %d chunk gaps coalesced",
      std::string(StampSourceOf(figures)),
      DelayText("read delay", figures.read_delay_p50_ns, figures.read_delay_p99_ns),
      DelayText("send stamp uncertainty", figures.send_uncertainty_p50_ns,
                figures.send_uncertainty_p99_ns),
      100 * figures.coalesced_share, figures.gaps);
}

std::string ClockText(const ClockFigures& figures) {
  const auto plural = [](uint32_t count) { return count == 1 ? "" : "s"; };
  return absl::StrFormat(
      "%d worker%s on %d host%s, known to within %.1f us; fastest drift %.2f ppm (± %.2f); no "
      "duration crosses two hosts",
      figures.workers, plural(figures.workers), figures.hosts, plural(figures.hosts),
      static_cast<double>(figures.worst_bound_ns) / kNsPerUs, figures.worst_drift_ppm,
      figures.worst_drift_bound_ppm);
}

// "--fail-if time_to_first_token:p99>100: measured 141.00 ms, so the run fails".
std::string GoalResultText(const GoalResult& goal) {
  const Metric* metric = FindMetric(goal.goal.metric());
  std::string value = "no value";
  if (goal.value.has_value()) value = absl::StrFormat("%.2f", *goal.value);
  if (goal.value.has_value() && metric != nullptr) absl::StrAppend(&value, " ", metric->unit);
  return absl::StrCat("--fail-if ", GoalText(goal.goal), ": measured ", value, ", so the run ",
                      goal.is_missed ? "fails" : "passes");
}

std::string ShortName(absl::string_view tag) {
  if (tag == "time_to_first_token") return "TTFT";
  if (tag == "inter_token_latency") return "ITL";
  return std::string(tag);
}

// "TTFT <= 100 ms, by 59 of 388 (15.2 %)".
std::string MissText(const GoalMiss& miss, int64_t completed) {
  const Metric& metric = *miss.goal.metric;
  return absl::StrFormat(
      "%s %s %s %s, by %d of %d (%s %%)", ShortName(metric.tag),
      metric.better == Better::kLarger ? ">=" : "<=",
      CountText(metric.scale.ToDisplay(miss.goal.limit)), std::string(metric.unit), miss.missed,
      completed,
      ShortNumber(100 * static_cast<double>(miss.missed) / static_cast<double>(completed)));
}

std::string MostMissedText(const PhaseResult& phase) {
  const auto most =
      std::max_element(phase.goal_misses.begin(), phase.goal_misses.end(),
                       [](const GoalMiss& a, const GoalMiss& b) { return a.missed < b.missed; });
  if (most == phase.goal_misses.end() || most->missed == 0) return "";
  return MissText(*most, phase.totals.completed);
}

// Nothing to say of prompts that are all new and a server that says nothing of its cache.
std::string PromptsText(const PromptFigures& figures) {
  const double cached_share = figures.cached_share.value_or(0);
  if (figures.repeated_token_share == 0 && figures.warmed_up == 0 && cached_share == 0) return "";
  std::string text =
      absl::StrFormat("%d distinct in %d requests; %.1f %% of input tokens repeat",
                      figures.distinct, figures.requests, 100 * figures.repeated_token_share);
  if (figures.warmed_up > 0)
    absl::StrAppend(&text, "; ", figures.warmed_up, " were in the warmup, too");
  if (figures.cached_share.has_value())
    absl::StrAppendFormat(&text, ", the server's cache had %.1f %%", 100 * cached_share);
  return text;
}

std::string ReasonLine(const VerdictReason& reason) {
  return absl::StrFormat("  %s, %s: %s (%s %.4g, bound %.4g)", std::string(NameOf(reason.level)),
                         std::string(NameOf(reason.fault)), reason.text, reason.check,
                         reason.figure, reason.bound);
}

}  // namespace

std::vector<ConsoleLine> CommonLines(const RunResult& result) {
  std::vector<ConsoleLine> lines;
  if (std::string missed = MostMissedText(result.profiling); !missed.empty())
    lines.push_back({"Most missed", std::move(missed)});
  if (std::string limit = LimitText(result); !limit.empty())
    lines.push_back({"Limited by", std::move(limit)});
  if (std::string prompts = PromptsText(result.profiling.prompts); !prompts.empty())
    lines.push_back({"Prompts", std::move(prompts)});
  const ClockFigures clocks = ClockFiguresOf(result.facts);
  if (clocks.workers > 0) lines.push_back({"Clocks", ClockText(clocks)});
  for (const GoalResult& goal : result.goals) lines.push_back({"Goal", GoalResultText(goal)});
  for (const std::string& note : result.notes) lines.push_back({kNoteLabel, note});
  return lines;
}

std::vector<std::string> ConsoleLines(const RunResult& result) {
  std::vector<std::string> lines = {LoadLine(result.profiling)};
  if (HasConversations(result.facts.plan.dataset()))
    lines.push_back(SessionsLine(result.profiling.accounts));
  lines.push_back(WindowLine(result.profiling));
  lines.push_back(InstrumentLine(result.profiling.instrument));
  for (const ConsoleLine& line : CommonLines(result))
    lines.push_back(absl::StrCat(line.label, ": ", line.text));
  if (result.facts.was_cancelled)
    lines.push_back("The run was cancelled early: these are the figures of its part.");
  if (!result.facts.early_end.empty())
    lines.push_back(absl::StrCat("The run ended early: ", result.facts.early_end));
  lines.push_back(absl::StrCat("Verdict: ", NameOf(result.verdict.status)));
  for (const VerdictReason& reason : result.verdict.reasons) {
    lines.push_back(ReasonLine(reason));
    if (!reason.cure.empty()) lines.push_back(absl::StrCat("    Try: ", reason.cure));
  }
  return lines;
}

}  // namespace drumfire
