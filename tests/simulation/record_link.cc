#include "tests/simulation/record_link.h"

#include <algorithm>
#include <utility>

#include "common/record/frame.h"
#include "common/record/link.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire::simulation {
namespace {

constexpr double kStrikeShare = 0.2;
constexpr int64_t kLongDelayNs = 400 * kNsPerMs;

// A frame whose first record ended otherwise than it did; it is whole and its checksum fits.
std::string Altered(const std::string& frame) {
  const auto payload = ReadWholeFrame(frame);
  v1::RecordBatch batch;
  if (!payload.ok() || !batch.ParseFromArray(payload->data(), static_cast<int>(payload->size()))) {
    return frame;
  }
  v1::Record* record = batch.mutable_records(0);
  record->set_outcome(record->outcome() == v1::OUTCOME_COMPLETED ? v1::OUTCOME_CANCELLED
                                                                 : v1::OUTCOME_COMPLETED);
  std::string altered;
  AppendFrame(batch, &altered).IgnoreError();
  return altered;
}

// Without the record of the phase's first request.
std::string WithoutFirst(const std::string& frame) {
  const auto payload = ReadWholeFrame(frame);
  v1::RecordBatch batch;
  if (!payload.ok() || !batch.ParseFromArray(payload->data(), static_cast<int>(payload->size()))) {
    return frame;
  }
  auto* records = batch.mutable_records();
  records->erase(std::remove_if(records->begin(), records->end(),
                                [](const v1::Record& record) { return record.k() == 0; }),
                 records->end());
  std::string shorter;
  AppendFrame(batch, &shorter).IgnoreError();
  return shorter;
}

// The same records as the batch that comes next.
std::string Renumbered(const std::string& frame) {
  const auto payload = ReadWholeFrame(frame);
  v1::RecordBatch batch;
  if (!payload.ok() || !batch.ParseFromArray(payload->data(), static_cast<int>(payload->size()))) {
    return frame;
  }
  batch.set_sequence(batch.sequence() + 1);
  std::string renumbered;
  AppendFrame(batch, &renumbered).IgnoreError();
  return renumbered;
}

}  // namespace

RecordLink::RecordLink(const Scenario& scenario, World* world)
    : scenario_(scenario), world_(world) {}

bool RecordLink::Strikes(Fault fault) {
  return scenario_.faults.Has(fault) && world_->draws().Chance(kStrikeShare);
}

bool RecordLink::Send(uint32_t worker, const std::string& frame) {
  if (under_way_[worker] >= kLinkQueuedMessages) return false;
  if (Strikes(Fault::kRecordLoss)) return true;
  if (scenario_.mutation == Mutation::kRecordTwice) Post(worker, Renumbered(frame));
  if (scenario_.mutation == Mutation::kRecordAltered) {
    Post(worker, Altered(frame));
  } else if (scenario_.mutation == Mutation::kRecordSwallowed) {
    Post(worker, WithoutFirst(frame));
  } else {
    Post(worker, frame);
  }
  if (Strikes(Fault::kRecordRepeat)) Post(worker, frame);
  return true;
}

void RecordLink::Post(uint32_t worker, std::string frame) {
  if (Strikes(Fault::kRecordDamage)) frame = Damaged(std::move(frame));
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

std::string RecordLink::Damaged(std::string frame) {
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
