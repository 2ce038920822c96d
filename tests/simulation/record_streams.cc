#include "tests/simulation/record_streams.h"

#include <algorithm>
#include <utility>

#include "common/record/link.h"
#include "tests/simulation/changed_frame.h"

namespace drumfire::simulation {
namespace {

constexpr double kStrikeShare = 0.2;
constexpr int64_t kBatchFaultsUntilNs = 20 * kNsPerSecond;
constexpr int64_t kLongDelayNs = 400 * kNsPerMs;

// The first record ended otherwise than it did.
void AlterFirst(v1::RecordBatch* batch) {
  v1::Record* record = batch->mutable_records(0);
  record->set_outcome(record->outcome() == v1::OUTCOME_COMPLETED ? v1::OUTCOME_CANCELLED
                                                                 : v1::OUTCOME_COMPLETED);
}

// The record of the phase's first request is missing.
void SwallowFirst(v1::RecordBatch* batch) {
  auto* records = batch->mutable_records();
  records->erase(std::remove_if(records->begin(), records->end(),
                                [](const v1::Record& record) { return record.session() == 0; }),
                 records->end());
}

// The same records come as the next batch.
void Renumber(v1::RecordBatch* batch) { batch->set_sequence(batch->sequence() + 1); }

}  // namespace

RecordStreams::RecordStreams(const Scenario& scenario, World* world)
    : scenario_(scenario), world_(world), begin_ns_(world->now_ns()) {}

bool RecordStreams::Strikes(Fault fault) {
  return scenario_.faults.Has(fault) && world_->draws().Chance(kStrikeShare);
}

bool RecordStreams::StrikesBatch(Fault fault) {
  return world_->now_ns() < begin_ns_ + kBatchFaultsUntilNs && Strikes(fault);
}

bool RecordStreams::Send(uint32_t worker, const std::string& frame) {
  if (under_way_[worker] >= kLinkQueuedMessages) return false;
  if (StrikesBatch(Fault::kRecordLoss)) return true;
  if (scenario_.mutation == Mutation::kRecordTwice) Post(worker, ChangedFrame(frame, &Renumber));
  if (scenario_.mutation == Mutation::kRecordAltered) {
    Post(worker, ChangedFrame(frame, &AlterFirst));
  } else if (scenario_.mutation == Mutation::kRecordSwallowed) {
    Post(worker, ChangedFrame(frame, &SwallowFirst));
  } else {
    Post(worker, frame);
  }
  if (Strikes(Fault::kRecordRepeat)) Post(worker, frame);
  return true;
}

void RecordStreams::Post(uint32_t worker, std::string frame) {
  if (StrikesBatch(Fault::kRecordDamage)) frame = Damaged(std::move(frame));
  Draws& draws = world_->draws();
  int64_t due_ns = world_->now_ns() + scenario_.latency_ns;
  if (Strikes(Fault::kRecordDelay)) due_ns += draws.Between(0, kLongDelayNs);
  if (!Strikes(Fault::kRecordReorder)) {
    due_ns = last_due_ns_[worker] = std::max(due_ns, last_due_ns_[worker]);
  }
  ++under_way_[worker];
  world_->At(std::max(due_ns, blocked_until_ns_), [this, worker, frame = std::move(frame)] {
    --under_way_[worker];
    world_->Note("records", worker, frame.size());
    if (take_) take_(worker, frame);
  });
}

std::string RecordStreams::Damaged(std::string frame) {
  Draws& draws = world_->draws();
  if (draws.Chance(0.3)) {
    frame.resize(static_cast<size_t>(draws.Between(0, static_cast<int64_t>(frame.size()) - 1)));
    return frame;
  }
  const auto at = static_cast<size_t>(draws.Between(0, static_cast<int64_t>(frame.size()) - 1));
  frame[at] = static_cast<char>(frame[at] ^ (1 << draws.Between(0, 7)));
  return frame;
}

}  // namespace drumfire::simulation
