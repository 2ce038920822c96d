#include "tests/simulation/network.h"

#include <utility>

namespace drumfire::simulation {
namespace {

// Past this a run hangs: all faults are healed long before. World time and events.
constexpr int64_t kRunLimitNs = 90 * kNsPerSecond;
constexpr uint64_t kStepLimit = 5'000'000;

}  // namespace

Network::Network(const Scenario& scenario, World* world, const std::vector<SimWorker*>& workers,
                 Checker* checker)
    : scenario_(scenario), world_(world), checker_(checker) {
  for (SimWorker* worker : workers) places_.push_back({.worker = worker});
}

void Network::Dial(uint32_t number, uint64_t epoch, uint32_t place) {
  Place& at = places_[place];
  streams_.push_back(
      std::make_unique<Stream>(scenario_, number, epoch, world_, at.worker, &inbox_));
  by_number_[number] = at.latest = streams_.back().get();
  at.latest->BlockUntil(Direction::kToWorker, at.down_blocked_until_ns);
  at.latest->BlockUntil(Direction::kToCoordinator, at.up_blocked_until_ns);
  at.latest->Dial();
}

void Network::BlockUntil(uint32_t place, Direction direction, int64_t time_ns) {
  Place& at = places_[place];
  if (direction != Direction::kToCoordinator) at.down_blocked_until_ns = time_ns;
  if (direction != Direction::kToWorker) at.up_blocked_until_ns = time_ns;
  if (at.latest != nullptr) at.latest->BlockUntil(direction, time_ns);
}

void Network::Break(uint32_t place, Direction heard_by) {
  if (places_[place].latest != nullptr) places_[place].latest->Break(heard_by);
}

bool Network::StepUntil(int64_t until_ns) {
  const bool stepped = world_->StepUntil(until_ns);
  if (killed_) throw CoordinatorKilled();
  if (world_->now_ns() > kRunLimitNs || world_->steps() > kStepLimit) {
    checker_->Fail("ends", "the run does not end though all faults are healed");
  }
  if (checker_->failed()) throw RunFailed();
  return stepped;
}

std::optional<FleetEvent> Network::Receive(int64_t wait_ns) {
  while (stalled_until_ns_ > world_->now_ns()) StepUntil(stalled_until_ns_);
  const int64_t until_ns = world_->now_ns() + wait_ns;
  while (inbox_.empty() && !woken_ && StepUntil(until_ns)) continue;
  if (inbox_.empty()) {
    woken_ = false;
    return std::nullopt;
  }
  FleetEvent event = std::move(inbox_.front());
  inbox_.pop_front();
  return event;
}

void Network::OnCoordinatorGone() {
  for (const auto& [number, stream] : by_number_) stream->Abandon();
}

void SimLinks::Dial(uint32_t worker, uint64_t epoch, const std::string& address) {
  network_->Dial(worker, epoch, PlaceOf(address));
}

void SimLinks::Send(uint32_t worker, v1::CoordinatorMessage message) {
  if (message.has_heartbeat()) checker_->OnAnswered(worker, message.heartbeat().sent_ns());
  if (message.has_record_ack()) checker_->OnAcked(worker, message.record_ack().sequence());
  network_->stream(worker).SendDown(std::move(message));
}

}  // namespace drumfire::simulation
