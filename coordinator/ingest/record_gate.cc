#include "coordinator/ingest/record_gate.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "coordinator/ingest/record_check.h"

namespace drumfire {
namespace {

// The estimate of the worker's clock may be off, and its clock may drift from ours.
constexpr int64_t kClockSlackNs = kNsPerSecond;

absl::Status Bad(const v1::Record& record, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("turn ", record.turn(), " of session ",
                                                 record.session(), " of phase ", record.phase(),
                                                 " ", what));
}

}  // namespace

void AwaitedSessions::Add(const v1::Grant& grant) {
  if (grant.count() == 0) return;
  Range range;
  range.count = range.left = grant.count();
  range.is_over.resize(grant.count());
  lanes_[{grant.stride(), grant.first() % grant.stride()}][grant.first()] = std::move(range);
}

std::optional<AwaitedSessions::Place> AwaitedSessions::Find(uint64_t session) {
  for (auto& [key, lane] : lanes_) {
    const auto [stride, rest] = key;
    if (session % stride != rest) continue;
    auto range = lane.upper_bound(session);
    if (range == lane.begin()) continue;
    --range;
    const uint64_t index = (session - range->first) / stride;
    if (index < range->second.count) return Place{&lane, range, index};
  }
  return std::nullopt;
}

absl::Status AwaitedSessions::Take(const v1::Record& record) {
  const std::optional<Place> place = Find(record.session());
  if (!place.has_value()) return Bad(record, "was not granted to it, or has all its records");
  Range& range = place->range->second;
  if (range.is_over[place->index]) return Bad(record, "has its record already");
  DRUMFIRE_ASSIGN_OR_RETURN(const bool is_over, TakeTurn(record));
  if (!is_over) return absl::OkStatus();
  range.is_over[place->index] = true;
  if (--range.left == 0) place->lane->erase(place->range);
  return absl::OkStatus();
}

// Batches that were lost come later than those after them, so turns come in any order.
absl::StatusOr<bool> AwaitedSessions::TakeTurn(const v1::Record& record) {
  if (record.turns() <= 1) return true;
  Conversation& conversation = conversations_[record.session()];
  if (conversation.is_seen.empty()) {
    conversation.is_seen.resize(record.turns());
    conversation.turns = record.turns();
  }
  if (conversation.is_seen.size() != record.turns()) return Bad(record, "has other turns now");
  if (conversation.is_seen[record.turn()]) return Bad(record, "has its record already");
  if (record.turn() >= conversation.turns) return Bad(record, "follows the turn that ended it");
  conversation.is_seen[record.turn()] = true;
  ++conversation.seen;
  if (record.outcome() != v1::OUTCOME_COMPLETED) conversation.turns = record.turn() + 1;
  if (conversation.seen > conversation.turns) return Bad(record, "ended it before a later turn");
  if (conversation.seen < conversation.turns) return false;
  conversations_.erase(record.session());
  return true;
}

void RecordGate::StartPhase(uint32_t phase, int64_t start_ns) {
  const MutexLock lock(&mutex_);
  starts_ns_[phase] = start_ns;
}

void RecordGate::Grant(uint32_t worker, const v1::Grant& grant) {
  const MutexLock lock(&mutex_);
  awaited_[{worker, grant.phase()}].Add(grant);
}

void RecordGate::Forget(uint32_t worker) {
  const MutexLock lock(&mutex_);
  awaited_.erase(awaited_.lower_bound({worker, 0}), awaited_.upper_bound({worker, UINT32_MAX}));
}

absl::Status RecordGate::CheckTime(const v1::Record& record, int64_t now_ns) const {
  const auto start_ns = starts_ns_.find(record.phase());
  if (start_ns == starts_ns_.end()) return Bad(record, "came before its phase began");
  const int64_t latest_ns = now_ns - start_ns->second + kClockSlackNs;
  const int64_t last_ns = std::max({record.sent_ns(), record.end_ns(), record.last_token_ns()});
  if (last_ns <= latest_ns) return absl::OkStatus();
  return Bad(record, absl::StrCat("ended ", last_ns, " ns after the start of a phase that began ",
                                  now_ns - start_ns->second, " ns ago"));
}

absl::Status RecordGate::Check(const v1::RecordBatch& batch) {
  const int64_t now_ns = clock_.MonotonicNs();
  const MutexLock lock(&mutex_);
  for (const v1::Record& record : batch.records()) {
    DRUMFIRE_RETURN_IF_ERROR(CheckRecord(record, plan_));
    DRUMFIRE_RETURN_IF_ERROR(CheckTime(record, now_ns));
    const auto awaited = awaited_.find({batch.worker(), record.phase()});
    if (awaited == awaited_.end()) return Bad(record, "was not granted to it");
    DRUMFIRE_RETURN_IF_ERROR(awaited->second.Take(record));
  }
  return absl::OkStatus();
}

}  // namespace drumfire
