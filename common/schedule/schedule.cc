#include "common/schedule/schedule.h"

#include <algorithm>

#include "common/dataset/entry_id.h"
#include "glog/logging.h"

namespace drumfire {
namespace {

using IsStopped = absl::FunctionRef<bool()>;

// Sessions counted between two questions whether anybody still wants their number.
constexpr uint64_t kAskEvery = 1 << 16;

uint64_t LimitOf(uint64_t count) { return count > 0 ? count : kUnboundedCredits; }

// The sessions due before the duration ends, or as many as there are.
uint64_t SessionsDue(const v1::Plan& plan, uint32_t phase_index, const Dataset* dataset,
                     uint64_t limit, IsStopped is_stopped) {
  const v1::Phase& phase = plan.phases(static_cast<int>(phase_index));
  if (phase.mode() == v1::LOAD_FIXED_SCHEDULE) limit = std::min(limit, dataset->size());
  if (phase.duration_ns() <= 0) return limit;
  ArrivalTimes arrivals(phase, plan.seed(), phase_index, dataset);
  uint64_t count = 0;
  while (count < limit && arrivals.At(count) < phase.duration_ns()) {
    if (++count % kAskEvery == 0 && is_stopped()) break;
  }
  return count;
}

// Conversations are counted one by one until a limit is reached.
PhaseTotals CountTurns(ScheduleCursor cursor, uint64_t most_sessions, uint64_t most_requests,
                       IsStopped is_stopped) {
  PhaseTotals totals{0, 0};
  while (totals.sessions < most_sessions && totals.requests < most_requests) {
    totals.requests += cursor.At(totals.sessions++).turns;
    if (totals.sessions % kAskEvery == 0 && is_stopped()) break;
  }
  return totals;
}

}  // namespace

ScheduleCursor::ScheduleCursor(const v1::Plan& plan, uint32_t phase_index, const Dataset* dataset)
    : plan_(plan),
      phase_(plan.phases(static_cast<int>(phase_index))),
      phase_index_(phase_index),
      dataset_(dataset),
      draws_(phase_, plan.seed(), phase_index),
      is_open_loop_(IsOpenLoop(phase_)),
      is_cut_(phase_.request_count() > 0 && dataset->has_conversations()),
      arrivals_(phase_, plan.seed(), phase_index, dataset) {}

uint64_t ScheduleCursor::EntryOf(uint64_t s) const {
  const uint64_t entry = s % dataset_->size();
  return phase_.kind() == v1::PHASE_WARMUP ? WarmupEntry(phase_index_, entry) : entry;
}

uint32_t ScheduleCursor::ModelOf(uint64_t s, const EntryInfo& info) const {
  const auto& models = plan_.models();
  if (!info.model.empty()) {
    const auto found = std::find(models.begin(), models.end(), std::string(info.model));
    if (found != models.end()) return static_cast<uint32_t>(found - models.begin());
  }
  const auto size = static_cast<uint64_t>(models.size());
  if (plan_.model_selection() == v1::MODEL_ROUND_ROBIN) return static_cast<uint32_t>(s % size);
  return static_cast<uint32_t>(draws_.Of(RandomStream::kModel, s).Below(size));
}

uint32_t ScheduleCursor::TurnsOf(uint64_t s, const EntryInfo& info) {
  if (!is_cut_) return info.turns;
  CountTurnsBefore(s);
  const uint64_t left = phase_.request_count() - std::min(phase_.request_count(), requests_before_);
  return static_cast<uint32_t>(std::min<uint64_t>(info.turns, left));
}

void ScheduleCursor::CountTurnsBefore(uint64_t s) {
  CHECK_GE(s, next_session_) << "sessions are asked for in rising order";
  // Each session has a turn at least, so the count bounds the loop.
  for (; next_session_ < s && requests_before_ < phase_.request_count(); ++next_session_) {
    requests_before_ += dataset_->Info(EntryOf(next_session_)).turns;
  }
  next_session_ = s;
}

bool ScheduleCursor::Approach(uint64_t s) {
  const bool counts_turns = is_cut_ && requests_before_ < phase_.request_count();
  const bool has_way = is_open_loop_ || counts_turns;
  if (!has_way || s <= position_ || s - position_ <= kShortWay) return true;
  position_ += kShortWay;
  if (is_open_loop_) arrivals_.At(position_);
  if (is_cut_) CountTurnsBefore(position_);
  return false;
}

ScheduledSession ScheduleCursor::At(uint64_t s) {
  position_ = s;
  ScheduledSession session;
  session.session = s;
  session.entry = EntryOf(s);
  const EntryInfo info = dataset_->Info(session.entry);
  if (is_open_loop_) session.intended_ns = arrivals_.At(s);
  session.url = static_cast<uint32_t>(s % static_cast<uint64_t>(plan_.urls_size()));
  session.model = ModelOf(s, info);
  session.turns = TurnsOf(s, info);
  return session;
}

ScheduledTurn ScheduleCursor::TurnOf(uint64_t entry, uint32_t turn) const {
  const TurnInfo info = dataset_->Turn(entry, turn);
  uint64_t isl = info.isl;
  for (uint32_t i = 0; i < turn; ++i) isl += dataset_->Turn(entry, i).isl;
  isl *= std::max(plan_.endpoint().batch_size(), 1U);
  return {.isl = static_cast<uint32_t>(std::min<uint64_t>(isl, UINT32_MAX)),
          .requested_osl = info.requested_osl,
          .delay_ns = turn == 0 ? 0 : info.delay_ns};
}

bool MayRepeatEntries(const v1::Phase& phase, uint64_t entries) {
  if (entries == kUnboundedEntries || phase.mode() == v1::LOAD_FIXED_SCHEDULE) return false;
  return std::min(LimitOf(phase.request_count()), LimitOf(phase.session_count())) > entries;
}

PhaseTotals TotalsOf(const v1::Plan& plan, uint32_t phase_index, const Dataset* dataset,
                     IsStopped is_stopped) {
  const v1::Phase& phase = plan.phases(static_cast<int>(phase_index));
  const uint64_t most_requests = LimitOf(phase.request_count());
  // A session has at least one request.
  uint64_t sessions = std::min(LimitOf(phase.session_count()), most_requests);
  if (IsOpenLoop(phase)) sessions = SessionsDue(plan, phase_index, dataset, sessions, is_stopped);
  if (sessions == kUnboundedCredits || !dataset->has_conversations()) return {sessions, sessions};
  return CountTurns(ScheduleCursor(plan, phase_index, dataset), sessions, most_requests,
                    is_stopped);
}

std::vector<PhaseTotals> TotalsOfPhases(const v1::Plan& plan, const Dataset* dataset,
                                        IsStopped is_stopped) {
  std::vector<PhaseTotals> totals;
  for (uint32_t phase = 0; phase < static_cast<uint32_t>(plan.phases_size()); ++phase) {
    totals.push_back(TotalsOf(plan, phase, dataset, is_stopped));
  }
  return totals;
}

uint32_t SlotShare(uint32_t total, uint32_t worker, uint32_t workers) {
  return total / workers + (worker < total % workers ? 1 : 0);
}

}  // namespace drumfire
