#include "coordinator/fleet/fleet.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/buggify/buggify.h"
#include "common/plan/version.h"
#include "common/status/status_macros.h"
#include "common/text/clean_texts.h"
#include "coordinator/fleet/owner.h"
#include "glog/logging.h"

namespace drumfire {
namespace {

// Time a worker may take to notice that its lease has expired, as a fraction of it.
constexpr int64_t kMarginsPerLease = 10;

uint64_t SeedOf(const std::string& run_id) {
  uint64_t seed = 0;
  std::memcpy(&seed, run_id.data(), std::min(run_id.size(), sizeof(seed)));
  return seed;
}

}  // namespace

Fleet::Fleet(FleetOptions options, std::unique_ptr<ControlLinks> links, const ChunkMap* chunks,
             const Clock& clock)
    : options_(std::move(options)),
      chunks_(chunks),
      clock_(clock),
      draws_(SeedOf(options_.run_id), RandomStream::kRedial, 0),
      links_(std::move(links)) {}

Fleet::~Fleet() {
  if (connected_) Finish();
}

void Fleet::DialNext() {
  const uint32_t worker = size();
  const std::string& address = options_.addresses[worker];
  members_.push_back(std::make_unique<Member>(worker, address, kFirstEpoch, options_.plan_hash));
  links_->Dial(worker, kFirstEpoch, address);
  SendHello(worker);
}

void Fleet::SendHello(uint32_t worker) {
  v1::CoordinatorMessage message;
  v1::Hello* hello = message.mutable_hello();
  hello->set_protocol_version(kProtocolVersion);
  hello->set_version(std::string(kVersion));
  hello->set_run_id(options_.run_id);
  hello->set_owner(options_.owner);
  hello->set_records_client_key(options_.records_client_key);
  *hello->mutable_plan() = options_.plan;
  hello->set_worker(worker);
  hello->set_lease_ns(options_.lease_ns);
  hello->set_record_buffer_bytes(options_.record_buffer_bytes);
  *hello->mutable_secrets() = options_.secrets;
  Send(worker, std::move(message));
}

absl::Status Fleet::Handshake(const FleetEvent& event) {
  Member& member = *members_[event.worker];
  if (event.closed) {
    return absl::UnavailableError(
        absl::StrCat("worker ", member.address(), ": ", event.close_reason));
  }
  switch (event.message.body_case()) {
    case v1::WorkerMessage::kReady:
      DRUMFIRE_RETURN_IF_ERROR(CheckReady(member, event.message.ready()));
      member.ready = event.message.ready();
      member.mutable_clock()->set_is_same_clock(
          !options_.host_id.empty() && member.ready.limits().host_id() == options_.host_id);
      PlanChunks(event.worker);
      return absl::OkStatus();
    case v1::WorkerMessage::kClockReply:
      if (event.message.clock_reply().number() == kChunksTakenProbe) OnChunksTaken(event.worker);
      return absl::OkStatus();
    case v1::WorkerMessage::kLoaded:
      member.loaded = true;
      return absl::OkStatus();
    case v1::WorkerMessage::kRefused:
      return absl::FailedPreconditionError(
          absl::StrCat("worker ", member.address(),
                       " refused: ", RefusalText(event.message.refused(), options_.run_id)));
    case v1::WorkerMessage::kFailure:
      return absl::InternalError(
          absl::StrCat("worker ", member.address(), ": ", event.message.failure().reason()));
    default:
      return absl::OkStatus();
  }
}

// Each chunk that it names costs a message of up to 1 MiB.
absl::Status Fleet::CheckReady(const Member& member, const v1::Ready& ready) const {
  const auto refuse = [&member](absl::string_view what) {
    return absl::FailedPreconditionError(
        absl::StrCat("worker ", member.address(), " ", what,
                     "; is another program or another version running there?"));
  };
  if (!member.ready.version().empty()) return refuse("said twice that it is ready");
  if (ready.version().empty()) return refuse("did not say its version");
  absl::flat_hash_set<absl::string_view> named;
  for (const std::string& name : ready.needed_chunks()) {
    if (!chunks_->contains(name)) return refuse("asked for a chunk that the plan does not have");
    if (!named.insert(name).second) return refuse("asked twice for a chunk of the plan");
  }
  return absl::OkStatus();
}

void Fleet::PlanChunks(uint32_t worker) {
  size_t size_bytes = 0;
  for (const std::string& name : members_[worker]->ready.needed_chunks()) {
    const auto found = chunks_->find(name);
    if (found != chunks_->end()) size_bytes += found->second.size();
  }
  if (size_bytes == 0) return;
  transfers_.Add(worker, size_bytes);
  SendPlannedChunks();
}

void Fleet::SendPlannedChunks() {
  while (const auto worker = transfers_.Next()) SendChunks(*worker);
}

// A probe follows them: the worker's stream answers it when it has read all that came before.
void Fleet::SendChunks(uint32_t worker) {
  for (const std::string& name : members_[worker]->ready.needed_chunks()) {
    const auto found = chunks_->find(name);
    if (found == chunks_->end()) continue;
    v1::CoordinatorMessage message;
    message.mutable_chunk()->set_sha256(name);
    message.mutable_chunk()->set_data(found->second);
    Send(worker, std::move(message));
  }
  v1::CoordinatorMessage probe;
  probe.mutable_clock_probe()->set_number(kChunksTakenProbe);
  Send(worker, std::move(probe));
}

void Fleet::OnChunksTaken(uint32_t worker) {
  transfers_.OnTaken(worker);
  SendPlannedChunks();
}

bool Fleet::AllLoaded() const {
  return AllDialled() && std::all_of(members_.begin(), members_.end(), [](const auto& member) {
           return member->loaded && member->renewed_ns() > 0;
         });
}

std::optional<FleetEvent> Fleet::Next(absl::Duration wait) {
  if (!expelled_.empty()) {
    FleetEvent told = std::move(expelled_.front());
    expelled_.pop_front();
    return told;
  }
  ProbeAsTimePasses();
  if (Buggify("fleet: an empty step")) return std::nullopt;
  auto event = links_->Receive(std::min(wait, kLongestWait));
  any_waits_ = event.has_value();
  // Leases are judged only when all that came is handled: our own stall is not the worker's
  // silence.
  if (!event.has_value()) {
    TendReturns();
    return ExpiredLease();
  }
  Member& member = *members_[event->worker];
  if (member.lost || event->epoch != member.epoch()) {
    if (!event->closed) ++refused_messages_;
    return std::nullopt;
  }
  CleanTexts(&event->message);
  if (member.joining) {
    OnReturning(*event);
    return std::nullopt;
  }
  if (event->closed) return Lose(*std::move(event));
  const Member::Verdict verdict = member.Accept(event->message, event->received_ns);
  if (verdict == Member::Verdict::kIgnore) return std::nullopt;
  if (verdict == Member::Verdict::kGap) {
    event->close_reason = absl::StrCat("sequence gap before message ", event->message.sequence());
    event->closed = true;
    return Lose(*std::move(event));
  }
  if (connected_ && event->message.has_failure()) {
    event->close_reason = event->message.failure().reason();
    event->closed = true;
    return Lose(*std::move(event));
  }
  if (event->message.has_clock_reply()) {
    member.mutable_clock()->OnReply(event->message.clock_reply(), event->received_ns);
  }
  if (!event->message.has_heartbeat()) return event;
  AnswerHeartbeat(&member, *event);
  return std::nullopt;
}

void Fleet::Wake() {
  is_woken_ = true;
  links_->Wake();
}

// The first one makes the worker ready, and is no event for whoever waits for that.
void Fleet::AnswerHeartbeat(Member* member, const FleetEvent& event) {
  if (member->renewed_ns() == 0) is_woken_ = true;
  member->OnHeartbeat(event.received_ns);
  v1::CoordinatorMessage answer;
  *answer.mutable_heartbeat() = event.message.heartbeat();
  Send(member->worker(), std::move(answer));
}

std::optional<FleetEvent> Fleet::Lose(FleetEvent event) {
  Member& member = *members_[event.worker];
  member.lost = true;
  member.lost_reason = event.close_reason;
  links_->Abandon(event.worker);
  return event;
}

bool Fleet::LeaseIsOver(uint32_t worker) const {
  const Member& member = *members_[worker];
  return member.lost && clock_.MonotonicNs() - member.renewed_ns() >
                            options_.lease_ns + options_.lease_ns / kMarginsPerLease;
}

// One that was silent for a lease is lost.
std::optional<FleetEvent> Fleet::ExpiredLease() {
  if (!connected_) return std::nullopt;
  const int64_t now_ns = clock_.MonotonicNs();
  for (const auto& member : members_) {
    if (!member->present() || now_ns - member->last_heard_ns() <= options_.lease_ns) continue;
    FleetEvent event;
    event.worker = member->worker();
    event.closed = true;
    event.close_reason = "silent for longer than the lease";
    return Lose(std::move(event));
  }
  return std::nullopt;
}

void Fleet::Expel(uint32_t worker, const std::string& why) {
  FleetEvent event;
  event.worker = worker;
  event.closed = true;
  event.close_reason = why;
  expelled_.push_back(*Lose(std::move(event)));
}

void Fleet::Send(uint32_t worker, v1::CoordinatorMessage message) {
  if (members_[worker]->lost) return;
  links_->Send(worker, members_[worker]->Wrap(std::move(message)));
}

void Fleet::Finish() {
  v1::CoordinatorMessage finish;
  finish.mutable_finish();
  for (uint32_t worker = 0; worker < size(); ++worker) {
    if (members_[worker]->joining) {
      links_->Abandon(worker);
      continue;
    }
    Send(worker, finish);
    links_->CloseAfterWrites(worker);
  }
}

}  // namespace drumfire
