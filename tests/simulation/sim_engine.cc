#include "tests/simulation/sim_engine.h"

#include <utility>

namespace drumfire::simulation {
namespace {

constexpr int64_t kRequestTimeoutNs = kNsPerSecond;
constexpr double kFailShare = 0.03, kRefuseShare = 0.2, kHangShare = 0.05;

}  // namespace

SimEngine::SimEngine(const Scenario& scenario, uint32_t worker, World* world, const Clock* clock,
                     Checker* checker, EngineOwner* owner)
    : scenario_(scenario),
      worker_(worker),
      world_(world),
      clock_(clock),
      checker_(checker),
      owner_(owner) {}

int64_t SimEngine::DrawServiceTime() {
  Draws& draws = world_->draws();
  if (scenario_.faults.Has(Fault::kHangs) && draws.Chance(kHangShare)) return kRequestTimeoutNs;
  return static_cast<int64_t>(draws.Exponential() * static_cast<double>(scenario_.service_ns));
}

void SimEngine::Send(std::unique_ptr<Exchange> exchange) {
  if (scenario_.mutation == Mutation::kStrangerEntry) ++exchange->entry;
  exchange->sent_ns = clock_->MonotonicNs();
  exchange->sent_end_ns = exchange->sent_ns;
  const uint64_t number = ++last_number_;
  checker_->OnSent(worker_, *exchange);
  in_flight_[number] = std::move(exchange);
  if (scenario_.faults.Has(Fault::kRefusals) && world_->draws().Chance(kRefuseShare)) {
    auto refused = in_flight_.extract(number);
    return Finish(std::move(refused.mapped()), v1::OUTCOME_FAILED, v1::ERROR_REFUSED);
  }
  world_->After(DrawServiceTime(), [weak = std::weak_ptr(self_), number] {
    if (const auto self = weak.lock()) (*self)->OnAnswer(number);
  });
}

void SimEngine::OnAnswer(uint64_t number) {
  answered_.push_back(number);
  Wake();
}

void SimEngine::Poll(int64_t, bool) {
  while (!answered_.empty()) {
    const uint64_t number = answered_.front();
    answered_.pop_front();
    if (number == 1 && scenario_.mutation == Mutation::kAnswerForgotten) continue;
    auto answered = in_flight_.extract(number);
    if (answered.empty()) continue;  // cancelled meanwhile
    std::unique_ptr<Exchange> exchange = std::move(answered.mapped());
    if (clock_->MonotonicNs() - exchange->sent_ns >= kRequestTimeoutNs) {
      Finish(std::move(exchange), v1::OUTCOME_FAILED, v1::ERROR_REQUEST_TIMEOUT);
    } else if (world_->draws().Chance(kFailShare)) {
      Finish(std::move(exchange), v1::OUTCOME_FAILED, v1::ERROR_RESET);
    } else {
      Finish(std::move(exchange), v1::OUTCOME_COMPLETED, v1::ERROR_NONE);
    }
  }
}

void SimEngine::CancelAll() {
  for (auto& [number, exchange] : std::exchange(in_flight_, {})) {
    Finish(std::move(exchange), v1::OUTCOME_CANCELLED, v1::ERROR_NONE);
  }
}

void SimEngine::Finish(std::unique_ptr<Exchange> exchange, v1::Outcome outcome,
                       v1::ErrorClass error) {
  exchange->outcome = outcome;
  exchange->error = error;
  exchange->end_ns = clock_->MonotonicNs();
  if (outcome == v1::OUTCOME_COMPLETED) {
    exchange->http_status = 200;
    exchange->head_ns = exchange->first_event_ns = exchange->first_token_ns =
        exchange->first_output_token_ns = exchange->last_token_ns = exchange->end_ns;
    exchange->content_chunks = exchange->reads = 1;
  }
  checker_->OnOver(worker_, *exchange);
  owner_->OnFinished(std::move(exchange));
}

}  // namespace drumfire::simulation
