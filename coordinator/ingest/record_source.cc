#include "coordinator/ingest/record_source.h"

#include <chrono>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "common/record/link.h"

namespace drumfire {
namespace {

// Taken between two writes of the journal, at most: bounds how long acks wait and how much one
// write holds.
constexpr int kMessagesPerWrite = 64;

}  // namespace

absl::StatusOr<std::unique_ptr<RecordSource>> RecordSource::Create(absl::string_view run_id,
                                                                   RecordConsumer* consumer,
                                                                   Journal* journal) {
  if (run_id.size() != kRunIdBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("run id of ", run_id.size(), " bytes, expected ", kRunIdBytes));
  }
  absl::StatusOr<WakeEvent> wake = WakeEvent::Create();
  if (!wake.ok()) return wake.status();
  try {
    auto source = absl::WrapUnique(new RecordSource(run_id, consumer, journal, *std::move(wake)));
    source->thread_ = std::thread(&RecordSource::Run, source.get());
    return source;
  } catch (const zmq::error_t& error) {
    return absl::ResourceExhaustedError(absl::StrCat("ZeroMQ: ", error.what()));
  }
}

RecordSource::RecordSource(absl::string_view run_id, RecordConsumer* consumer, Journal* journal,
                           WakeEvent wake)
    : wake_(std::move(wake)),
      socket_(context_, zmq::socket_type::pull),
      journal_(journal),
      intake_(run_id, consumer, journal) {
  SetLinkOptions(&socket_);
}

RecordSource::~RecordSource() {
  stopping_ = true;
  wake_.Signal();
  if (thread_.joinable()) thread_.join();
}

absl::Status RecordSource::AddWorker(uint32_t worker, uint64_t epoch, absl::string_view endpoint) {
  if (endpoint.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("worker ", worker, " has no records endpoint"));
  }
  return Change(worker, epoch, endpoint);
}

void RecordSource::RemoveWorker(uint32_t worker) { (void)Change(worker, 0, "").ok(); }

absl::Status RecordSource::Change(uint32_t worker, uint64_t epoch, absl::string_view endpoint) {
  WorkerChange change{worker, epoch, std::string(endpoint), {}};
  std::future<absl::Status> done = change.done.get_future();
  {
    const std::lock_guard lock(mutex_);
    changes_.push_back(std::move(change));
  }
  wake_.Signal();
  return done.get();
}

WorkerProgress RecordSource::Progress(uint32_t worker) const {
  const std::lock_guard lock(mutex_);
  const auto found = progress_.find(worker);
  return found == progress_.end() ? WorkerProgress() : found->second;
}

bool RecordSource::WaitFor(uint32_t worker, uint64_t sequence, int64_t timeout_ns) const {
  std::unique_lock lock(mutex_);
  return published_.wait_for(lock, std::chrono::nanoseconds(timeout_ns), [&] {
    const auto found = progress_.find(worker);
    return found != progress_.end() && found->second.complete_up_to >= sequence;
  });
}

IngestCounters RecordSource::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

void RecordSource::Run() {
  while (!stopping_) {
    MakeChanges();
    if (TakeWaiting()) {
      if (journal_ != nullptr) journal_->Write();
      Publish();
      intake_.AckTaken();
    } else {
      Wait();
    }
  }
}

void RecordSource::MakeChanges() {
  std::vector<WorkerChange> changes;
  {
    const std::lock_guard lock(mutex_);
    changes.swap(changes_);
  }
  for (WorkerChange& change : changes) change.done.set_value(Make(change));
}

absl::Status RecordSource::Make(const WorkerChange& change) {
  if (!change.endpoint.empty()) return Connect(change);
  intake_.RemoveWorker(change.worker);
  return absl::OkStatus();
}

absl::Status RecordSource::Connect(const WorkerChange& added) {
  std::string& endpoint = endpoints_[added.worker];
  try {
    if (endpoint.empty() || endpoint != added.endpoint) {
      AllowIpv6(added.endpoint, &socket_);
      socket_.connect(added.endpoint);
      if (!endpoint.empty()) socket_.disconnect(endpoint);
      endpoint = added.endpoint;
    }
  } catch (const zmq::error_t& error) {
    return absl::InvalidArgumentError(absl::StrCat("cannot connect to records endpoint \"",
                                                   added.endpoint, "\" of worker ", added.worker,
                                                   ": ", error.what()));
  }
  intake_.AddWorker(added.worker, added.epoch);
  const std::lock_guard lock(mutex_);
  progress_[added.worker] = intake_.Progress(added.worker);
  return absl::OkStatus();
}

// False when nothing had come.
bool RecordSource::TakeWaiting() {
  zmq::message_t message;
  int taken = 0;
  while (taken < kMessagesPerWrite &&
         zmq_msg_recv(message.handle(), socket_.handle(), ZMQ_DONTWAIT) >= 0) {
    intake_.Take({static_cast<const char*>(message.data()), message.size()});
    ++taken;
  }
  return taken > 0;
}

void RecordSource::Publish() {
  {
    const std::lock_guard lock(mutex_);
    for (const uint32_t worker : intake_.touched()) progress_[worker] = intake_.Progress(worker);
    counters_ = intake_.counters();
  }
  published_.notify_all();
}

void RecordSource::Wait() {
  zmq_pollitem_t items[] = {{nullptr, wake_.descriptor(), ZMQ_POLLIN, 0},
                            {socket_.handle(), 0, ZMQ_POLLIN, 0}};
  zmq_poll(items, 2, -1);
  if ((items[0].revents & ZMQ_POLLIN) != 0) wake_.Clear();
}

}  // namespace drumfire
