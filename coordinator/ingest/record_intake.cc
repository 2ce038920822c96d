#include "coordinator/ingest/record_intake.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/record/link_keys.h"
#include "glog/logging.h"

namespace drumfire {

RecordIntake::RecordIntake(absl::string_view run_id, RecordTransport* transport,
                           RecordConsumer* consumer, Journal* journal, RecordGate* gate)
    : transport_(transport), journal_(journal), intake_(run_id, consumer, journal, gate) {
  CHECK_EQ(run_id.size(), kRunIdBytes);
}

int64_t RecordIntake::Step(int64_t now_ns) {
  const bool took_any = TakeFrames();
  if (took_any) {
    PublishCounters();
    QueueAcks();
    if (journal_ != nullptr) journal_->Write();
  }
  AckSettled();
  // Records that never pause must not hide it.
  if (transport_->TakeLinkChanges()) PublishLinks();
  HoldFramesWithoutRoom();
  return took_any ? now_ns : kNever;
}

bool RecordIntake::TakeFrames() {
  int taken = 0;
  while (taken < kFramesPerStep && HasRoom()) {
    const auto frame = transport_->Next();
    if (!frame.has_value()) break;
    intake_.Take(*frame);
    ++taken;
  }
  return taken > 0;
}

// Frames that may not be taken must not end the wait either. Room comes with a settled entry, whose
// handler wakes this loop.
void RecordIntake::HoldFramesWithoutRoom() {
  const bool hold = !HasRoom();
  if (hold == std::exchange(holds_frames_, hold)) return;
  transport_->HoldFrames(hold);
}

void RecordIntake::QueueAcks() {
  std::vector<AckDue> acks = intake_.TakeAcksDue();
  if (acks.empty()) return;
  unsettled_.push_back({journal_ == nullptr ? 0 : journal_->appended(), std::move(acks)});
}

void RecordIntake::AckSettled() {
  const uint64_t settled = journal_ == nullptr ? 0 : journal_->settled();
  while (!unsettled_.empty() && unsettled_.front().journal_entries <= settled) {
    Ack(unsettled_.front().acks);
    unsettled_.pop_front();
  }
}

void RecordIntake::Ack(const std::vector<AckDue>& acks) {
  for (const AckDue& due : acks) {
    if (!intake_.IsCurrent(due)) continue;
    {
      const MutexLock lock(&mutex_);
      progress_[due.worker] = due.progress;
    }
    intake_.Ack(due);
  }
}

void RecordIntake::AddWorker(const RecordLinkSpec& spec) {
  const absl::Status connected = Connect(spec);
  if (connected.ok()) intake_.AddWorker(spec.worker, spec.epoch);
  const MutexLock lock(&mutex_);
  removed_.erase(spec.worker);
  link_status_[spec.worker] = {spec.endpoint, transport_->StateOf(spec.endpoint), connected};
  progress_[spec.worker] = intake_.Progress(spec.worker);
}

absl::Status RecordIntake::Connect(const RecordLinkSpec& spec) {
  if (spec.endpoint.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("worker ", spec.worker, " has no records endpoint"));
  }
  if (!IsLinkKey(spec.server_key)) {
    return absl::InvalidArgumentError(
        absl::StrCat("worker ", spec.worker, " sent no key for its records"));
  }
  LeaveEndpoint(spec.endpoint, spec.worker);
  const absl::Status linked = Relink(spec.worker, {spec.endpoint, spec.server_key});
  if (linked.ok()) return linked;
  return absl::InvalidArgumentError(absl::StrCat("cannot connect to records endpoint \"",
                                                 spec.endpoint, "\" of worker ", spec.worker, ": ",
                                                 linked.message()));
}

// A worker that comes back at the same port is another one, with another key.
void RecordIntake::LeaveEndpoint(const std::string& endpoint, uint32_t to) {
  std::erase_if(links_, [&](const auto& link) {
    if (link.first == to || link.second.endpoint != endpoint) return false;
    transport_->Disconnect(endpoint);
    return true;
  });
}

// Links are known by their endpoints: one that changes only its key must go first.
absl::Status RecordIntake::Relink(uint32_t worker, const Link& to) {
  const auto found = links_.find(worker);
  const Link from = found == links_.end() ? Link() : found->second;
  if (from == to) return absl::OkStatus();
  if (from.endpoint == to.endpoint) transport_->Disconnect(from.endpoint);
  const absl::Status connected = transport_->Connect(to.endpoint, to.server_key);
  if (!from.endpoint.empty() && from.endpoint != to.endpoint) transport_->Disconnect(from.endpoint);
  links_.erase(worker);
  if (connected.ok()) links_[worker] = to;
  return connected;
}

// The link stays, so that what still comes is seen and refused.
void RecordIntake::RemoveWorker(uint32_t worker) {
  intake_.RemoveWorker(worker);
  const MutexLock lock(&mutex_);
  removed_.insert(worker);
  link_status_.erase(worker);
}

void RecordIntake::PublishCounters() {
  const MutexLock lock(&mutex_);
  counters_ = intake_.counters();
  if (refusals_.size() < intake_.refusals().size()) refusals_ = intake_.refusals();
}

void RecordIntake::PublishLinks() {
  const MutexLock lock(&mutex_);
  for (auto& [worker, status] : link_status_) status.state = transport_->StateOf(status.endpoint);
}

absl::StatusOr<bool> RecordIntake::IsLinked(uint32_t worker) const {
  const MutexLock lock(&mutex_);
  const auto found = link_status_.find(worker);
  if (found == link_status_.end()) return false;
  const LinkStatus& status = found->second;
  if (!status.error.ok()) return status.error;
  if (status.state.refused) return absl::FailedPreconditionError(FaultText(worker, status));
  return status.state.was_up;
}

std::string RecordIntake::LinkFault(uint32_t worker) const {
  const MutexLock lock(&mutex_);
  const auto found = link_status_.find(worker);
  if (found == link_status_.end()) return absl::StrCat("no link to the records of worker ", worker);
  return FaultText(worker, found->second);
}

std::string RecordIntake::FaultText(uint32_t worker, const LinkStatus& status) {
  return absl::StrCat("records of worker ", worker, " cannot be fetched from ", status.endpoint,
                      ": ", status.state.cause.empty() ? "no connection" : status.state.cause);
}

bool RecordIntake::IsRemoved(uint32_t worker) const {
  const MutexLock lock(&mutex_);
  return removed_.contains(worker);
}

WorkerProgress RecordIntake::Progress(uint32_t worker) const {
  const MutexLock lock(&mutex_);
  const auto found = progress_.find(worker);
  return found == progress_.end() ? WorkerProgress() : found->second;
}

bool RecordIntake::HasAll(uint32_t worker, uint64_t sequence) const {
  return Progress(worker).complete_up_to >= sequence;
}

IngestCounters RecordIntake::counters() const {
  const MutexLock lock(&mutex_);
  return counters_;
}

std::map<uint32_t, std::string> RecordIntake::refusals() const {
  const MutexLock lock(&mutex_);
  return refusals_;
}

}  // namespace drumfire
