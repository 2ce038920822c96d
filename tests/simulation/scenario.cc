#include "tests/simulation/scenario.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/plan/blob.h"
#include "common/plan/conversations.h"
#include "common/plan/version.h"

namespace drumfire::simulation {
namespace {

constexpr uint32_t kMaxWorkers = 5;
constexpr uint64_t kMaxTurns = 6;
constexpr int64_t kSmallestBufferBytes = 1 << 12;

class SimulatedDataset : public Dataset {
 public:
  SimulatedDataset(const v1::Plan& plan, Mutation mutation)
      : size_(plan.dataset().entries()),
        gap_ns_(static_cast<int64_t>(1 + plan.seed() % 10) * kNsPerMs),
        has_conversations_(HasConversations(plan.dataset())),
        most_turns_(mutation == Mutation::kTurnsForgotten ? 2 : kMaxTurns),
        delay_ns_(mutation == Mutation::kTurnHurried
                      ? 0
                      : static_cast<int64_t>(plan.dataset().turn_delay_mean_ns())) {}

  uint64_t size() const override { return size_; }
  bool has_conversations() const override { return has_conversations_; }
  EntryInfo Info(uint64_t id) const override {
    EntryInfo info;
    if (has_conversations_) {
      info.turns = static_cast<uint32_t>(std::min(1 + id * 5 % kMaxTurns, most_turns_));
    }
    info.timestamp_ns = static_cast<int64_t>(id % size_) * gap_ns_;
    return info;
  }
  TurnInfo Turn(uint64_t id, uint32_t turn) const override {
    TurnInfo info;
    info.isl = static_cast<uint32_t>(1 + (id * 7 + turn) % 50);
    info.requested_osl = static_cast<uint32_t>(1 + (id * 3 + turn) % 20);
    if (turn > 0) info.delay_ns = delay_ns_ * static_cast<int64_t>(id % 3);
    return info;
  }
  void AppendText(uint64_t, uint32_t, uint32_t, std::string*) const override {}

 private:
  const uint64_t size_;
  const int64_t gap_ns_;
  const bool has_conversations_;
  const uint64_t most_turns_;
  const int64_t delay_ns_;
};

// Of conversations: their limits count sessions and requests.
void DrawConversations(Draws* draws, v1::Plan* plan) {
  plan->mutable_dataset()->set_turns_mean(static_cast<double>(kMaxTurns) / 2);
  if (draws->Chance(0.7)) {
    plan->mutable_dataset()->set_turn_delay_mean_ns(
        static_cast<double>(draws->Between(1, 60) * kNsPerMs));
  }
  for (v1::Phase& phase : *plan->mutable_phases()) {
    if (phase.request_count() == 0 || draws->Chance(0.5)) continue;
    phase.set_session_count(1 + phase.request_count() / 4);
    if (draws->Chance(0.7)) phase.clear_request_count();
  }
}

void DrawStops(Draws* draws, v1::Phase* phase) {
  if (draws->Chance(0.25)) {  // longer than any lease
    if (draws->Chance(0.5)) {
      phase->set_duration_ns(draws->Between(1500, 4000) * kNsPerMs);
    } else {
      phase->set_request_count(draws->Between(200, 600));
    }
    phase->set_grace_period_ns(draws->Between(0, 300) * kNsPerMs);
    return;
  }
  const bool by_duration = draws->Chance(0.3);
  if (!by_duration || draws->Chance(0.3)) phase->set_request_count(draws->Between(1, 250));
  if (by_duration) phase->set_duration_ns(draws->Between(50, 1500) * kNsPerMs);
  phase->set_grace_period_ns(draws->Chance(0.3) ? -1 : draws->Between(0, 300) * kNsPerMs);
}

void DrawRate(Draws* draws, v1::Phase* phase) {
  phase->set_mode(v1::LOAD_RATE);
  phase->set_request_rate(static_cast<double>(draws->Between(50, 500)));
  phase->set_arrival_pattern(static_cast<v1::ArrivalPattern>(draws->Between(0, 3)));
  phase->set_arrival_smoothness(2);
  if (phase->arrival_pattern() == v1::ARRIVAL_CONCURRENCY_BURST || draws->Chance(0.5)) {
    phase->set_concurrency(static_cast<uint32_t>(draws->Between(1, 16)));
  }
}

void DrawPhase(Draws* draws, v1::Phase* phase) {
  DrawStops(draws, phase);
  const int64_t mode = draws->Between(0, 3);
  if (mode == 0) {
    phase->set_mode(v1::LOAD_FIXED_SCHEDULE);
    if (draws->Chance(0.5)) phase->set_concurrency(static_cast<uint32_t>(draws->Between(1, 16)));
  } else if (mode == 1) {
    DrawRate(draws, phase);
  } else {
    phase->set_mode(v1::LOAD_CLOSED_LOOP);
    phase->set_concurrency(static_cast<uint32_t>(draws->Between(1, 16)));
  }
}

void DrawPhases(Draws* draws, v1::Plan* plan) {
  if (draws->Chance(0.4)) {
    v1::Phase* warmup = plan->add_phases();
    DrawPhase(draws, warmup);
    warmup->set_kind(v1::PHASE_WARMUP);
    warmup->set_name("warmup");
  }
  v1::Phase* profiling = plan->add_phases();
  DrawPhase(draws, profiling);
  profiling->set_kind(v1::PHASE_PROFILING);
  profiling->set_name("profiling");
}

v1::Plan DrawPlan(Draws* draws, uint64_t seed) {
  v1::Plan plan;
  plan.set_protocol_version(kProtocolVersion);
  plan.set_seed(seed);
  for (int64_t url = draws->Between(1, 3); url > 0; --url) {
    plan.add_urls(absl::StrCat("http://target", url));
  }
  plan.add_models("model");
  plan.mutable_endpoint()->set_batch_size(1);
  plan.mutable_dataset()->set_kind(v1::DATASET_SINGLE_TURN);
  plan.mutable_dataset()->set_entries(static_cast<uint64_t>(draws->Between(1, 150)));
  ChunkMap chunks;
  *plan.mutable_dataset()->mutable_rows() = MakeBlob("simulated", &chunks);
  DrawPhases(draws, &plan);
  if (draws->Chance(0.3)) plan.set_late_policy(v1::LATE_DROP);
  plan.mutable_engine()->set_late_after_ns(draws->Between(1, 20) * kNsPerMs);
  if (draws->Chance(0.6)) {
    plan.mutable_loss()->set_action(v1::LOSS_CONTINUE);
    plan.mutable_loss()->set_max_lost_share(draws->Chance(0.5) ? 1.0 : 0.5);
    plan.mutable_loss()->set_elastic(draws->Chance(0.6));
  }
  if (draws->Chance(0.4)) DrawConversations(draws, &plan);
  return plan;
}

}  // namespace

std::shared_ptr<const Workload> MakeSimulatedWorkload(const v1::Plan& plan, Mutation mutation) {
  auto workload = std::make_shared<Workload>();
  workload->plan = plan;
  workload->dataset = std::make_unique<SimulatedDataset>(plan, mutation);
  workload->builder = RequestBuilder::Create(workload->plan, {}, workload->dataset.get()).value();
  return workload;
}

std::string AddressOf(uint32_t place) { return absl::StrCat("worker", place, ":1"); }

uint32_t PlaceOf(const std::string& address) {
  return static_cast<uint32_t>(std::stoul(address.substr(std::string("worker").size())));
}

Scenario DrawScenario(uint64_t seed, Mutation mutation) {
  Draws draws(seed, Draws::Concern::kScenario);
  Scenario scenario;
  scenario.seed = seed;
  scenario.workers = static_cast<uint32_t>(draws.Between(1, kMaxWorkers));
  scenario.plan = DrawPlan(&draws, seed);
  scenario.lease_ns = draws.Between(300, 1000) * kNsPerMs;
  scenario.same_host = draws.Chance(0.3);
  for (uint32_t worker = 0; worker < scenario.workers; ++worker) {
    scenario.clock_offset_ns.push_back(scenario.same_host ? 0
                                                          : draws.Between(0, 1'000'000) * kNsPerMs);
  }
  scenario.latency_ns = draws.Between(20, 2000) * kNsPerUs;
  scenario.service_ns = draws.Between(1, 60) * kNsPerMs;
  Draws fault_draws(seed, Draws::Concern::kFaults);
  scenario.faults = FaultPlan::Draw(&fault_draws);
  scenario.mutation = mutation;
  if (mutation != Mutation::kNone && RowOf(mutation).needs != Fault::kCount) {
    scenario.faults.Set(RowOf(mutation).needs);
  }
  scenario.record_buffer_bytes =
      scenario.faults.Has(Fault::kRecordStall)
          ? static_cast<uint64_t>(draws.Between(1, 4)) * kSmallestBufferBytes
          : uint64_t{64} << 20;
  return scenario;
}

}  // namespace drumfire::simulation
