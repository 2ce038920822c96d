#include "common/metrics/goals.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace drumfire {
namespace {

constexpr size_t kNearTags = 3;
constexpr absl::string_view kStats[] = {"avg", "min", "max", "std", "sum", "count", "p1", "p5",
                                        "p10", "p25", "p50", "p75", "p90", "p95",   "p99"};

absl::Status Bad(absl::string_view flag, absl::string_view part, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(flag, ": \"", part, "\": ", what));
}

absl::Status UnknownTag(absl::string_view flag, absl::string_view part, absl::string_view tag) {
  return Bad(
      flag, part,
      absl::StrCat("unknown metric \"", tag, "\"; near: ", absl::StrJoin(NearTags(tag), ", ")));
}

bool ParseNumber(absl::string_view text, double* value) {
  return absl::SimpleAtod(text, value) && std::isfinite(*value);
}

// Short names of the field, mostly those of vLLM's benchmark. Its TPOT is our inter-token latency
// (the mean after the first token), its e2el our request latency.
struct ShortName {
  absl::string_view name, tag;
};
constexpr ShortName kShortNames[] = {
    {"ttft", "time_to_first_token"},    {"ttst", "time_to_second_token"},
    {"itl", "inter_token_latency"},     {"tpot", "inter_token_latency"},
    {"icl", "inter_chunk_latency"},     {"e2el", "request_latency"},
    {"e2e", "request_latency"},         {"rps", "request_throughput"},
    {"tps", "output_token_throughput"},
};

// Other words for statistics.
constexpr ShortName kShortStats[] = {{"mean", "avg"}, {"median", "p50"}};

template <size_t kCount>
absl::string_view LongName(const ShortName (&names)[kCount], absl::string_view name) {
  const std::string lower = absl::AsciiStrToLower(name);
  for (const ShortName& known : names) {
    if (known.name == lower) return known.tag;
  }
  return name;
}

struct GoalUnit {
  absl::string_view suffix;
  double ns;
};
// Longer suffixes first: "ms" before "s".
constexpr GoalUnit kGoalUnits[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};

double NsOfUnit(absl::string_view unit) {
  if (unit == "sec") return 1e9;
  for (const GoalUnit& known : kGoalUnits) {
    if (unit == known.suffix) return known.ns;
  }
  return 0;
}

// A number in the metric's display unit, or with a unit: "500ms", "0.5s", "1%".
bool ParseValue(const Metric& metric, absl::string_view text, double* value) {
  text = absl::StripAsciiWhitespace(text);
  if (ParseNumber(text, value)) return true;
  if (metric.unit == "%" && absl::ConsumeSuffix(&text, "%")) return ParseNumber(text, value);
  const double shown_ns = NsOfUnit(metric.unit);
  for (const GoalUnit& unit : kGoalUnits) {
    if (shown_ns == 0 || !absl::EndsWith(text, unit.suffix)) continue;
    text.remove_suffix(unit.suffix.size());
    if (!ParseNumber(absl::StripAsciiWhitespace(text), value)) return false;
    *value *= unit.ns / shown_ns;
    return true;
  }
  return false;
}

std::string ExpectedValue(const Metric& metric) {
  return absl::StrCat("expected a number of ", metric.unit,
                      NsOfUnit(metric.unit) > 0 ? ", or a time with its unit (500ms, 0.5s)" : "");
}

size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({replaced, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row[b.size()];
}

// First letters of a tag's words: ttft for time_to_first_token.
std::string Initials(absl::string_view tag) {
  std::string initials;
  for (const absl::string_view word : absl::StrSplit(tag, '_', absl::SkipEmpty()))
    initials.push_back(word[0]);
  return initials;
}

size_t Unlikeness(absl::string_view wanted, absl::string_view tag) {
  if (Initials(tag) == wanted) return 0;
  const size_t distance = EditDistance(wanted, tag);
  return absl::StrContains(tag, wanted) ? std::min<size_t>(distance, 1 + tag.size() / 8) : distance;
}

absl::StatusOr<v1::Goal> ParseGoodputGoal(absl::string_view part) {
  constexpr absl::string_view kFlag = "--goodput";
  const std::vector<absl::string_view> fields = absl::StrSplit(part, ':');
  v1::Goal goal;
  double value = 0;
  if (fields.size() != 2 || fields[1].empty()) {
    return Bad(kFlag, part, "expected metric:number, for example time_to_first_token:100");
  }
  const absl::string_view tag = LongName(kShortNames, fields[0]);
  const Metric* metric = FindMetric(tag);
  if (metric == nullptr) return UnknownTag(kFlag, part, fields[0]);
  if (!ParseValue(*metric, fields[1], &value)) return Bad(kFlag, part, ExpectedValue(*metric));
  if (metric->kind != MetricKind::kRecord || metric->population == Population::kFailed) {
    return Bad(kFlag, part, "this metric has no value of its own for each request");
  }
  goal.set_metric(std::string(tag));
  goal.set_value(value);
  return goal;
}

// A statistic of distributions, or avg for metrics with one value.
absl::Status CheckStat(absl::string_view part, const Metric& metric, absl::string_view stat) {
  if (!IsDistribution(metric)) {
    if (stat == "avg") return absl::OkStatus();
    return Bad("--fail-if", part,
               absl::StrCat(metric.tag, " has one value; leave out \":", stat, "\""));
  }
  if (std::find(std::begin(kStats), std::end(kStats), stat) != std::end(kStats))
    return absl::OkStatus();
  return Bad(
      "--fail-if", part,
      absl::StrCat("unknown statistic \"", stat, "\"; one of ", absl::StrJoin(kStats, ", ")));
}

}  // namespace

std::vector<std::string> NearTags(absl::string_view tag) {
  std::vector<std::pair<size_t, std::string>> ranked;
  for (const Metric& metric : AllMetrics())
    ranked.emplace_back(Unlikeness(tag, metric.tag), metric.tag);
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> near;
  for (size_t i = 0; i < std::min(kNearTags, ranked.size()); ++i) near.push_back(ranked[i].second);
  return near;
}

absl::StatusOr<std::vector<v1::Goal>> ParseGoodput(absl::string_view text) {
  std::vector<v1::Goal> goals;
  for (const absl::string_view part :
       absl::StrSplit(text, absl::ByAnyChar(" \t,"), absl::SkipEmpty())) {
    absl::StatusOr<v1::Goal> goal = ParseGoodputGoal(part);
    if (!goal.ok()) return goal.status();
    for (const v1::Goal& other : goals) {
      if (other.metric() == goal->metric())
        return Bad("--goodput", part, "this metric is given twice");
    }
    goals.push_back(*std::move(goal));
  }
  if (goals.empty())
    return Bad("--goodput", text, "expected metric:number, for example time_to_first_token:100");
  return goals;
}

absl::StatusOr<v1::Goal> ParseFailIf(absl::string_view text) {
  constexpr absl::string_view kFlag = "--fail-if";
  const absl::string_view part = absl::StripAsciiWhitespace(text);
  const size_t op = part.find_first_of("<>");
  if (op == absl::string_view::npos) {
    return Bad(kFlag, part, "expected metric:stat>number, for example time_to_first_token:p99>500");
  }
  const std::vector<absl::string_view> names =
      absl::StrSplit(absl::StripAsciiWhitespace(part.substr(0, op)), ':');
  const absl::string_view tag = LongName(kShortNames, names[0]);
  const Metric* metric = FindMetric(tag);
  if (metric == nullptr || metric->internal) return UnknownTag(kFlag, part, names[0]);
  if (names.size() > 2) return Bad(kFlag, part, "expected metric:stat>number");
  double value = 0;
  if (!ParseValue(*metric, part.substr(op + 1), &value)) {
    return Bad(kFlag, part, ExpectedValue(*metric));
  }
  const absl::string_view stat = names.size() == 2 ? LongName(kShortStats, names[1]) : "avg";
  const absl::Status known = CheckStat(part, *metric, stat);
  if (!known.ok()) return known;
  v1::Goal goal;
  goal.set_metric(std::string(tag));
  goal.set_stat(std::string(stat));
  goal.set_op(std::string(part.substr(op, 1)));
  goal.set_value(value);
  return goal;
}

std::vector<GoodputGoal> CompileGoodput(const google::protobuf::RepeatedPtrField<v1::Goal>& goals) {
  std::vector<GoodputGoal> compiled;
  for (const v1::Goal& goal : goals) {
    const Metric* metric = FindMetric(goal.metric());
    if (metric == nullptr || metric->of_record == nullptr) continue;
    compiled.push_back({metric, metric->scale.FromDisplay(goal.value())});
  }
  return compiled;
}

bool MeetsGoal(const GoodputGoal& goal, const RecordView& view) {
  const double value = goal.metric->of_record(view);
  // Comparisons with kNoValue are false.
  return goal.metric->better == Better::kLarger ? value >= goal.limit : value <= goal.limit;
}

bool MeetsGoals(const std::vector<GoodputGoal>& goals, const RecordView& view) {
  return std::all_of(goals.begin(), goals.end(),
                     [&](const GoodputGoal& goal) { return MeetsGoal(goal, view); });
}

bool IsMissed(const v1::Goal& goal, double value) {
  return goal.op() == ">" ? value > goal.value() : value < goal.value();
}

std::string GoalText(const v1::Goal& goal) {
  return absl::StrCat(goal.metric(), ":", goal.stat(), goal.op(), goal.value());
}

std::string GoalsAsRead(const std::vector<v1::Goal>& goals) {
  return absl::StrJoin(goals, " ", [](std::string* out, const v1::Goal& goal) {
    const Metric* const metric = FindMetric(goal.metric());
    absl::StrAppend(out, GoalText(goal), metric == nullptr ? "" : metric->unit);
  });
}

}  // namespace drumfire
