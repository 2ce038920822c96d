#include "tests/simulation/sim_resources.h"

#include <utility>

#include "common/record/link_keys.h"
#include "worker/dispatch/request_maker.h"

namespace drumfire::simulation {
namespace {

constexpr int64_t kSlowMakerNs = 20 * kNsPerMs;
constexpr uint64_t kForgottenEvery = 5;

// One worker's stream in the link that all share.
class SimRecordStream : public RecordLink {
 public:
  SimRecordStream(uint32_t number, RecordStreams* link) : number_(number), link_(link) {}
  bool Send(const std::string& frame) override { return link_->Send(number_, frame); }
  std::string endpoint() const override { return RecordsEndpointOf(number_); }
  std::string server_key() const override { return std::string(kLinkKeyBytes, 'k'); }

 private:
  const uint32_t number_;
  RecordStreams* const link_;
};

}  // namespace

SimResources::SimResources(const Scenario& scenario, uint32_t number, World* world,
                           const HostClock* clock, SimLoops* loops,
                           std::shared_ptr<const Workload> workload, RecordStreams* records,
                           Checker* checker)
    : scenario_(scenario),
      number_(number),
      world_(world),
      clock_(clock),
      loops_(loops),
      workload_(std::move(workload)),
      records_(records),
      checker_(checker) {}

absl::StatusOr<v1::Ready> SimResources::Describe(const v1::Plan&) {
  v1::Ready ready;
  ready.set_version("simulated");
  return ready;
}

absl::StatusOr<std::unique_ptr<RecordLink>> SimResources::OpenRecordLink(const v1::Hello&) {
  return std::make_unique<SimRecordStream>(number_, records_);
}

absl::StatusOr<std::unique_ptr<Engine>> SimResources::MakeEngine(const v1::Plan&,
                                                                 EngineOwner* owner) {
  auto engine = std::make_unique<SimEngine>(scenario_, number_, world_, clock_, checker_, owner);
  engine_ = engine.get();
  return engine;
}

// Only the I/O loop has a way of its own to wait: the engine's poll.
std::unique_ptr<LoopRunner> SimResources::Run(Loop* loop, LoopWaiter* waiter) {
  auto runner = loops_->RunSimulated(loop, waiter);
  const bool is_maker = dynamic_cast<RequestMaker*>(loop) != nullptr;
  if (is_maker && scenario_.faults.Has(Fault::kSlowMaker)) runner->SlowDown(kSlowMakerNs);
  if (scenario_.mutation == Mutation::kTaskForgotten) runner->ForgetTasks(kForgottenEvery);
  if (waiter != nullptr) engine_->set_wake(runner->Waker());
  return runner;
}

}  // namespace drumfire::simulation
