#include <algorithm>
#include <utility>

#include "tests/simulation/network.h"

namespace drumfire::simulation {
namespace {

constexpr int64_t kRedialNs = 20 * kNsPerMs;
constexpr uint64_t kFarTooLargeBytes = uint64_t{1} << 30;
constexpr int64_t kLateStartNs = 60 * kNsPerMs;
constexpr double kDelayShare = 0.1, kRepeatShare = 0.1, kLoseShare = 0.01, kReorderShare = 0.02,
                 kLateStartShare = 0.5;

}  // namespace

Stream::Stream(const Scenario& scenario, uint32_t number, uint64_t epoch, World* world,
               SimWorker* worker, std::deque<FleetEvent>* inbox)
    : scenario_(scenario),
      number_(number),
      epoch_(epoch),
      world_(world),
      worker_(worker),
      inbox_(inbox),
      down_(world, [this](Down parcel) { ArriveDown(std::move(parcel)); }),
      up_(world, [this](Up parcel) { ArriveUp(std::move(parcel)); }) {}

void Stream::Dial() {
  if (ended_here_) return;
  if (down_.blocked() || !worker_->OnDial(this, number_)) {
    world_->After(kRedialNs, [this] { Dial(); });
    return;
  }
  connected_ = true;
  for (Down& parcel : std::exchange(before_connect_, {})) Push(std::move(parcel));
}

void Stream::SendDown(v1::CoordinatorMessage message) {
  if (ended_here_) return;
  Tamper(&message);
  is_started_ = is_started_ || message.has_start();
  PushWithFaults(Down{std::move(message)}, &held_down_);
}

void Stream::CloseAfterWrites() {
  if (!ended_here_) Push(Down{{}, true});
}

void Stream::Abandon() {
  if (std::exchange(ended_here_, true)) return;
  Push(Down{{}, true});
}

void Stream::Send(v1::WorkerMessage message) {
  if (ended_there_) return;
  Tamper(&message);
  if (scenario_.mutation == Mutation::kAnswerForged && message.has_heartbeat()) Answer(message);
  PushWithFaults(Up{std::move(message), ""}, &held_up_);
}

void Stream::Answer(const v1::WorkerMessage& message) {
  v1::CoordinatorMessage answer;
  answer.set_epoch(message.epoch());
  answer.set_plan_hash(message.plan_hash());
  answer.set_sequence(++last_number_);
  ++extra_numbers_;
  *answer.mutable_heartbeat() = message.heartbeat();
  Push(Down{std::move(answer)});
}

void Stream::Finish() {
  if (!ended_there_) Push(Up{{}, "the worker ended the stream"});
}

void Stream::BlockUntil(Direction direction, int64_t time_ns) {
  if (direction != Direction::kToCoordinator) down_.BlockUntil(time_ns);
  if (direction != Direction::kToWorker) up_.BlockUntil(time_ns);
}

void Stream::Break(Direction heard_by) {
  if (!connected_) return;
  if (heard_by != Direction::kToCoordinator) Push(Down{{}, true});
  if (heard_by != Direction::kToWorker) Push(Up{{}, "the stream broke"});
}

bool Stream::Strikes(Fault fault, double share) {
  return scenario_.faults.Has(fault) && world_->draws().Chance(share);
}

int64_t Stream::DrawLatency(bool is_start) {
  Draws& draws = world_->draws();
  int64_t latency_ns = scenario_.latency_ns + draws.Between(0, scenario_.latency_ns);
  if (Strikes(Fault::kDelay, kDelayShare)) latency_ns += draws.Between(0, scenario_.lease_ns / 2);
  if (is_start && Strikes(Fault::kLateStart, kLateStartShare)) latency_ns += kLateStartNs;
  return latency_ns;
}

void Stream::Push(Down parcel) {
  if (!connected_) {
    before_connect_.push_back(std::move(parcel));
    return;
  }
  const int64_t latency_ns = DrawLatency(parcel.message.has_start());
  down_.Send(std::move(parcel), latency_ns);
}

void Stream::Push(Up parcel) { up_.Send(std::move(parcel), DrawLatency(false)); }

template <typename Parcel>
void Stream::PushWithFaults(Parcel parcel, std::optional<Parcel>* held) {
  if (Strikes(Fault::kLose, kLoseShare)) return;
  if (!held->has_value() && Strikes(Fault::kReorder, kReorderShare)) {
    *held = std::move(parcel);
    return;
  }
  const bool repeats = Strikes(Fault::kRepeat, kRepeatShare);
  if (repeats) Push(Parcel(parcel));
  Push(std::move(parcel));
  if (held->has_value()) Push(*std::exchange(*held, std::nullopt));
}

void Stream::ArriveDown(Down parcel) {
  if (ended_there_) return;
  world_->Note("to worker", number_, parcel.message.body_case());
  world_->Tell(parcel.message);
  if (parcel.is_end) {
    ended_there_ = true;
    worker_->OnStreamClosed(this);
  } else {
    worker_->OnMessage(this, parcel.message);
  }
}

void Stream::ArriveUp(Up parcel) {
  if (ended_here_) return;
  world_->Note("to coordinator", number_, parcel.message.body_case());
  world_->Tell(parcel.message);
  FleetEvent event;
  event.worker = number_;
  event.epoch = epoch_;
  event.received_ns = world_->now_ns();
  if (scenario_.mutation == Mutation::kHeartbeatAntedated && number_ == 0 && is_started_ &&
      parcel.message.has_heartbeat()) {
    event.received_ns -= scenario_.lease_ns * 3 / 2;
  }
  event.message = std::move(parcel.message);
  event.closed = !parcel.end.empty();
  event.close_reason = parcel.end;
  if (event.closed) {
    ended_here_ = true;
    // gRPC tells the other end that the call is over.
    Push(Down{{}, true});
  }
  inbox_->push_back(std::move(event));
}

void Stream::Tamper(v1::CoordinatorMessage* message) {
  if (message->sequence() > 0) message->set_sequence(message->sequence() + extra_numbers_);
  last_number_ = std::max(last_number_, message->sequence());
  switch (scenario_.mutation) {
    case Mutation::kGrantOverlaps:
      if (message->has_grant() && message->grant().count() > 0) {
        message->mutable_grant()->set_count(message->grant().count() + 1);
      }
      if (message->has_prepare() && message->prepare().first_grant().count() > 0) {
        v1::Grant* grant = message->mutable_prepare()->mutable_first_grant();
        grant->set_first(grant->first() > 0 ? grant->first() - 1 : grant->first());
      }
      break;
    case Mutation::kRepeatRenumbered:
      if (message->has_grant() && message->grant().count() > 0 &&
          !std::exchange(was_tampered_, true)) {
        Push(Down{*message});
        ++extra_numbers_;
        message->set_sequence(message->sequence() + 1);
      }
      break;
    case Mutation::kGrantSwallowed:
      if (message->has_grant() && message->grant().count() > 0 &&
          !std::exchange(was_tampered_, true)) {
        message->mutable_grant()->set_count(0);
      }
      break;
    case Mutation::kSlotTooMany:
      if (message->has_prepare() && message->prepare().slots() > 0) {
        message->mutable_prepare()->set_slots(message->prepare().slots() + 1);
      }
      break;
    case Mutation::kSlotsKept:
      if (message->has_prepare()) most_slots_ = message->prepare().slots();
      if (message->has_slot_change()) {
        most_slots_ = std::max(most_slots_, message->slot_change().slots());
        message->mutable_slot_change()->set_slots(most_slots_);
      }
      break;
    case Mutation::kStartEarly:
      if (message->has_start()) {
        message->mutable_start()->set_start_ns(message->start().start_ns() - 30 * kNsPerMs);
      }
      break;
    case Mutation::kLeaseTooLong:
      if (message->has_hello()) message->mutable_hello()->set_lease_ns(3 * scenario_.lease_ns);
      break;
    case Mutation::kBufferTooLarge:
      if (message->has_hello()) {
        message->mutable_hello()->set_record_buffer_bytes(kFarTooLargeBytes);
      }
      break;
    case Mutation::kAckOfNothing:
      if (message->has_record_ack()) {
        message->mutable_record_ack()->set_sequence(message->record_ack().sequence() + 1);
      }
      break;
    default:
      break;
  }
}

void Stream::Tamper(v1::WorkerMessage* message) {
  if (message->sequence() > 0) message->set_sequence(message->sequence() - swallowed_);
  switch (scenario_.mutation) {
    case Mutation::kHistogramAltered:
      if (message->has_histograms() && message->histograms().histograms_size() > 0) {
        message->mutable_histograms()->mutable_histograms()->RemoveLast();
      }
      break;
    case Mutation::kTotalsLie:
      if (message->has_phase_done() && message->phase_done().totals().failed() > 0) {
        v1::CreditTotals* totals = message->mutable_phase_done()->mutable_totals();
        totals->set_completed(totals->completed() + 1);
        totals->set_failed(totals->failed() - 1);
      }
      break;
    case Mutation::kUnsentTurnsHidden:
      if (message->has_phase_done()) {
        message->mutable_phase_done()->mutable_totals()->set_unsent_turns(0);
      }
      break;
    case Mutation::kStartDelayHidden:
      if (message->has_started()) message->mutable_started()->set_late_ns(0);
      break;
    case Mutation::kWarmupLies:
      if (message->has_phase_done() && scenario_.plan.phases_size() > 1 &&
          message->phase_done().phase() == 0) {
        v1::CreditTotals* totals = message->mutable_phase_done()->mutable_totals();
        totals->set_granted(totals->granted() + 1);
      }
      break;
    case Mutation::kDropsHidden:
      if (message->has_phase_done()) {
        message->mutable_phase_done()->mutable_health()->set_records_dropped(0);
      }
      if (message->has_progress()) {
        message->mutable_progress()->mutable_health()->set_records_dropped(0);
      }
      break;
    case Mutation::kProgressLies:
      if (message->has_progress()) message->mutable_progress()->set_lowest_unsent(UINT64_MAX);
      break;
    case Mutation::kSlotsKept:
      if (message->has_progress()) {
        message->mutable_progress()->mutable_totals()->set_open(0);
      }
      break;
    case Mutation::kClockLies:
      if (message->has_clock_reply()) {
        v1::ClockReply* reply = message->mutable_clock_reply();
        reply->set_monotonic_ns(reply->monotonic_ns() + 100 * kNsPerMs);
      }
      break;
    case Mutation::kDoneSwallowed:
      if (message->has_phase_done()) {
        *message->mutable_progress() = v1::Progress();
      }
      break;
    default:
      break;
  }
}

}  // namespace drumfire::simulation
