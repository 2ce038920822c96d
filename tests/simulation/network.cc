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
    : world_(world), checker_(checker) {
  for (uint32_t worker = 0; worker < workers.size(); ++worker) {
    streams_.push_back(
        std::make_unique<Stream>(scenario, worker, world, workers[worker], checker, &inbox_));
  }
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
  while (inbox_.empty() && StepUntil(until_ns)) continue;
  if (inbox_.empty()) return std::nullopt;
  FleetEvent event = std::move(inbox_.front());
  inbox_.pop_front();
  return event;
}

void Network::OnCoordinatorGone() {
  for (const auto& stream : streams_) stream->Abandon();
}

void SimLinks::Send(uint32_t worker, v1::CoordinatorMessage message) {
  if (message.has_heartbeat()) checker_->OnAnswered(worker, message.heartbeat().sent_ns());
  network_->stream(worker).SendDown(std::move(message));
}

}  // namespace drumfire::simulation
