// Any bytes as a coordinator's messages (two bytes of length, then the message) to a worker's real
// run, whose loops step between them, over fakes of what lies below it: no crash and no endless
// step, the run is closed once and says nothing after that, each answer has the next sequence
// number, and a run that is over holds nothing. What chance would not find is put in: a valid plan
// for an empty one, a right envelope for one without a plan hash, the newest heartbeat's time for
// an answer without one.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/plan/plan_hash.h"
#include "common/plan/version.h"
#include "glog/logging.h"
#include "worker/session/fakes.h"
#include "worker/session/worker_run.h"

namespace drumfire {
namespace {

constexpr int kTurns = 64;  // of all loops after a message
constexpr int64_t kLeaseNs = 10 * kNsPerSecond;

void Check(bool holds) {
  if (!holds) std::abort();
}

// Two phases: closed, and due by a random schedule.
v1::Plan FuzzPlan() {
  v1::Plan plan;
  plan.set_protocol_version(kProtocolVersion);
  plan.add_urls("http://127.0.0.1:9");
  plan.add_models("m");
  plan.mutable_endpoint()->set_batch_size(1);
  plan.mutable_dataset()->set_kind(v1::DATASET_SINGLE_TURN);
  plan.mutable_dataset()->set_entries(1);
  plan.mutable_dataset()->mutable_rows()->set_size_bytes(1);
  plan.mutable_dataset()->mutable_rows()->add_chunk_sha256(std::string(32, 'x'));
  v1::Phase* warmup = plan.add_phases();
  warmup->set_concurrency(4);
  warmup->set_request_count(1'000'000);
  warmup->set_grace_period_ns(-1);
  v1::Phase* profiling = plan.add_phases();
  profiling->set_kind(v1::PHASE_PROFILING);
  profiling->set_mode(v1::LOAD_RATE);
  profiling->set_arrival_pattern(v1::ARRIVAL_POISSON);
  profiling->set_request_rate(1000);
  profiling->set_concurrency(100);
  profiling->set_request_count(10'000);  // a far session is a long walk
  profiling->set_duration_ns(kNsPerSecond);
  return plan;
}

class Run : public WorkerRun {
 public:
  Run(RunResources* resources, ControlEnd* end) : WorkerRun(resources, end, /*log_runs=*/false) {}

  void Send(v1::WorkerMessage message) override {
    Check(!closed_ && message.sequence() == ++sent_);
    if (message.has_heartbeat()) newest_heartbeat_ns = message.heartbeat().sent_ns();
  }
  void Prepare(const v1::Prepare& prepare) override {
    Check(!closed_);
    WorkerRun::Prepare(prepare);
  }
  void Close(const std::string& why) override {
    Check(!std::exchange(closed_, true));
    WorkerRun::Close(why);
    Check(is_free());
  }

  int64_t newest_heartbeat_ns = -1;

 private:
  bool closed_ = false;
  uint64_t sent_ = 0;
};

class Coordinator {
 public:
  Coordinator() { run_.Attach(&session_.session(), runner_.get()); }

  void Say(v1::CoordinatorMessage message) {
    runner_->Post([this, message = Filled(std::move(message))] {
      session_.OnMessage(message, clock_.MonotonicNs());
    });
    if (resources_.has_engine() && !session_.closed()) resources_.engine().answers_due = 2;
    loops_.RunTurns(kTurns);
    clock_.Advance(kNsPerMs);
    runner_->Wake();
  }
  void Leave() {
    runner_->Post([this] { session_.OnStreamClosed(); });
    loops_.RunTurns(kTurns);
    Check(session_.closed() && run_.is_free());
  }

 private:
  v1::CoordinatorMessage Filled(v1::CoordinatorMessage message) {
    if (message.has_heartbeat() && message.heartbeat().sent_ns() == 0) {
      message.mutable_heartbeat()->set_sent_ns(run_.newest_heartbeat_ns);
    }
    if (!message.plan_hash().empty()) return message;
    if (message.has_hello()) {
      v1::Hello* hello = message.mutable_hello();
      hello->set_protocol_version(kProtocolVersion);
      if (hello->plan().ByteSizeLong() == 0) *hello->mutable_plan() = FuzzPlan();
      if (hello->lease_ns() == 0) hello->set_lease_ns(kLeaseNs);
      plan_hash_ = PlanHash(hello->plan());
    }
    message.set_epoch(1);
    message.set_sequence(++sequence_);
    message.set_plan_hash(plan_hash_);
    return message;
  }

  FakeClock clock_{10 * kNsPerSecond};
  testutil::ManualLoops loops_{&clock_};
  testutil::FakeResources resources_{&clock_, &loops_};
  testutil::KeepingEnd end_;
  Run run_{&resources_, &end_};
  SessionLoop session_{&run_, &end_};
  std::unique_ptr<LoopRunner> runner_ = loops_.Run(&session_, nullptr);
  std::string plan_hash_;
  uint64_t sequence_ = 0;
};

void Feed(absl::string_view bytes) {
  Coordinator coordinator;
  while (bytes.size() >= 2) {
    const size_t wanted = static_cast<uint8_t>(bytes[0]) * 256 + static_cast<uint8_t>(bytes[1]);
    const size_t size = std::min(wanted, bytes.size() - 2);
    v1::CoordinatorMessage message;
    const bool is_message = message.ParseFromArray(bytes.data() + 2, static_cast<int>(size));
    bytes.remove_prefix(2 + size);
    if (is_message) coordinator.Say(std::move(message));
  }
  coordinator.Leave();
}

}  // namespace
}  // namespace drumfire

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FLAGS_minloglevel = google::GLOG_FATAL;
  drumfire::Feed(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
