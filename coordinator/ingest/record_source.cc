#include "coordinator/ingest/record_source.h"

#include <algorithm>
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
                                                                   const LinkKeys& keys,
                                                                   RecordConsumer* consumer,
                                                                   Journal* journal) {
  if (run_id.size() != kRunIdBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("run id of ", run_id.size(), " bytes, expected ", kRunIdBytes));
  }
  absl::StatusOr<WakeEvent> wake = WakeEvent::Create();
  if (!wake.ok()) return wake.status();
  try {
    auto source =
        absl::WrapUnique(new RecordSource(run_id, keys, consumer, journal, *std::move(wake)));
    source->thread_ = std::thread(&RecordSource::Run, source.get());
    return source;
  } catch (const zmq::error_t& error) {
    return absl::ResourceExhaustedError(absl::StrCat("ZeroMQ: ", error.what()));
  }
}

RecordSource::RecordSource(absl::string_view run_id, const LinkKeys& keys, RecordConsumer* consumer,
                           Journal* journal, WakeEvent wake)
    : wake_(std::move(wake)),
      socket_(context_, zmq::socket_type::pull),
      monitor_(&context_, &socket_),
      keys_(keys),
      journal_(journal),
      intake_(run_id, consumer, journal) {
  SetLinkOptions(&socket_);
}

RecordSource::~RecordSource() {
  stopping_ = true;
  wake_.Signal();
  if (thread_.joinable()) thread_.join();
}

absl::Status RecordSource::AddWorker(uint32_t worker, uint64_t epoch, absl::string_view endpoint,
                                     absl::string_view server_key) {
  return BeginAddWorker(worker, epoch, endpoint, server_key).get();
}

std::future<absl::Status> RecordSource::BeginAddWorker(uint32_t worker, uint64_t epoch,
                                                       absl::string_view endpoint,
                                                       absl::string_view server_key) {
  if (!endpoint.empty()) {
    return BeginChange(worker, epoch, {std::string(endpoint), std::string(server_key)});
  }
  std::promise<absl::Status> refused;
  refused.set_value(
      absl::InvalidArgumentError(absl::StrCat("worker ", worker, " has no records endpoint")));
  return refused.get_future();
}

void RecordSource::RemoveWorker(uint32_t worker) { (void)BeginChange(worker, 0, {}).get().ok(); }

std::future<absl::Status> RecordSource::BeginChange(uint32_t worker, uint64_t epoch, Link link) {
  WorkerChange change{worker, epoch, std::move(link), {}};
  std::future<absl::Status> done = change.done.get_future();
  {
    const std::lock_guard lock(mutex_);
    changes_.push_back(std::move(change));
  }
  wake_.Signal();
  return done;
}

absl::StatusOr<bool> RecordSource::IsLinked(uint32_t worker) const {
  const std::lock_guard lock(mutex_);
  const auto found = link_status_.find(worker);
  if (found == link_status_.end()) {
    return absl::NotFoundError(absl::StrCat("no link to the records of worker ", worker));
  }
  const LinkState& state = found->second.state;
  if (state.refused) return absl::FailedPreconditionError(Fault(worker, found->second));
  return state.was_up;
}

absl::Status RecordSource::WaitForLinks(int64_t timeout_ns) const {
  const auto is_up = [](const auto& link) { return link.second.state.was_up; };
  const auto is_refused = [](const auto& link) { return link.second.state.refused; };
  std::unique_lock lock(mutex_);
  published_.wait_for(lock, std::chrono::nanoseconds(timeout_ns), [&] {
    return std::all_of(link_status_.begin(), link_status_.end(), is_up) ||
           std::any_of(link_status_.begin(), link_status_.end(), is_refused);
  });
  auto bad = std::find_if(link_status_.begin(), link_status_.end(), is_refused);
  if (bad != link_status_.end())
    return absl::FailedPreconditionError(Fault(bad->first, bad->second));
  bad = std::find_if_not(link_status_.begin(), link_status_.end(), is_up);
  if (bad != link_status_.end()) return absl::DeadlineExceededError(Fault(bad->first, bad->second));
  return absl::OkStatus();
}

std::string RecordSource::Fault(uint32_t worker, const LinkStatus& link) {
  return absl::StrCat("records of worker ", worker, " cannot be fetched from ", link.endpoint, ": ",
                      link.state.cause.empty() ? "no connection" : link.state.cause);
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
      if (monitor_.Take()) PublishLinks();  // records that never pause must not hide it
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
  if (!change.link.endpoint.empty()) return Connect(change);
  Remove(change.worker);
  return absl::OkStatus();
}

// The link stays, so that what still comes is seen and refused.
void RecordSource::Remove(uint32_t worker) {
  intake_.RemoveWorker(worker);
  if (links_.contains(worker)) removed_.insert(worker);
  PublishLinks();
}

absl::Status RecordSource::Connect(const WorkerChange& added) {
  const Link& link = added.link;
  if (!IsLinkKey(link.server_key)) {
    return absl::InvalidArgumentError(
        absl::StrCat("worker ", added.worker, " sent no key for its records"));
  }
  try {
    LeaveEndpoint(link.endpoint, added.worker);
    Link& present = links_[added.worker];
    if (present != link) Relink(present, link);
    present = link;
  } catch (const zmq::error_t& error) {
    return absl::InvalidArgumentError(absl::StrCat("cannot connect to records endpoint \"",
                                                   link.endpoint, "\" of worker ", added.worker,
                                                   ": ", error.what()));
  }
  removed_.erase(added.worker);
  intake_.AddWorker(added.worker, added.epoch);
  const std::lock_guard lock(mutex_);
  link_status_[added.worker] = {link.endpoint, monitor_.Of(link.endpoint)};
  progress_[added.worker] = intake_.Progress(added.worker);
  return absl::OkStatus();
}

// A worker that comes back at the same port is another one, with another key.
void RecordSource::LeaveEndpoint(const std::string& endpoint, uint32_t to) {
  for (auto link = links_.begin(); link != links_.end();) {
    if (link->first == to || link->second.endpoint != endpoint) {
      ++link;
      continue;
    }
    socket_.disconnect(endpoint);
    removed_.erase(link->first);
    link = links_.erase(link);
  }
}

// ZeroMQ knows links by their endpoints: one that changes only its key must go first.
void RecordSource::Relink(const Link& from, const Link& to) {
  const bool same_endpoint = from.endpoint == to.endpoint;
  if (same_endpoint) socket_.disconnect(from.endpoint);
  AllowIpv6(to.endpoint, &socket_);
  GuardClient(keys_, to.server_key, &socket_);
  monitor_.Begin(to.endpoint);
  socket_.connect(to.endpoint);
  if (!same_endpoint && !from.endpoint.empty()) socket_.disconnect(from.endpoint);
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

void RecordSource::PublishLinks() {
  {
    const std::lock_guard lock(mutex_);
    link_status_.clear();
    for (const auto& [worker, link] : links_) {
      if (removed_.contains(worker)) continue;
      link_status_[worker] = {link.endpoint, monitor_.Of(link.endpoint)};
    }
  }
  published_.notify_all();
}

void RecordSource::Wait() {
  zmq_pollitem_t items[] = {{nullptr, wake_.descriptor(), ZMQ_POLLIN, 0},
                            {socket_.handle(), 0, ZMQ_POLLIN, 0},
                            {monitor_.socket().handle(), 0, ZMQ_POLLIN, 0}};
  zmq_poll(items, 3, -1);
  if ((items[0].revents & ZMQ_POLLIN) != 0) wake_.Clear();
  if (monitor_.Take()) PublishLinks();
}

}  // namespace drumfire
