// Does a run that cannot begin say why, does one that began always end with a result, and is the
// listener told of it all?
#include "coordinator/run/run_controller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/dataset/texts.h"
#include "common/loop/testing.h"
#include "common/record/link_keys.h"
#include "coordinator/fleet/fleet_test_fixture.h"
#include "coordinator/ingest/testing.h"
#include "coordinator/run/fake_keeper.h"
#include "coordinator/run/record_stages.h"

namespace drumfire {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ListingListener : public RunListener {
 public:
  void OnPhaseStart(const PhaseOutcome& so_far) override { Add("start", so_far.phase); }
  void OnPhaseEnd(const PhaseOutcome& outcome, const ProgressSnapshot&) override {
    Add("end", outcome.phase);
  }
  void OnResult(const RunResult&) override { told.push_back("result"); }
  std::vector<std::string> told;

 private:
  void Add(const std::string& what, uint32_t phase) {
    told.push_back(what + std::to_string(phase));
  }
};

class ListingEntries : public JournalVisitor {
 public:
  void OnWorkerFacts(const v1::WorkerFacts&) override { entries.push_back("facts"); }
  void OnPhaseStart(const v1::PhaseStart&) override { entries.push_back("start"); }
  void OnPhaseDone(const v1::WorkerPhaseDone&) override { entries.push_back("done"); }
  void OnRunEnd(const v1::RunEnd&) override { entries.push_back("end"); }
  std::vector<std::string> entries;
};

// Two workers that do as they are told while the time passes.
class RunControllerTest : public FleetTest {
 protected:
  RunControllerTest() {
    plan_.add_phases()->set_concurrency(2);
    plan_.mutable_phases(0)->set_request_count(2);
    links_->on_wait = [this] { OnWait(); };
  }

  void OnWait() {
    clock_.Advance(kNsPerMs);
    for (const uint32_t worker : {0u, 1u}) {
      while (answered_[worker] < links_->sent.at(worker).size()) Answer(worker);
      Queue(worker)->mutable_heartbeat()->set_sent_ns(clock_.MonotonicNs());
    }
    loops_.RunUntilIdle();
    if (on_step_) on_step_();
  }

  void Answer(uint32_t worker) {
    const v1::CoordinatorMessage message = links_->sent.at(worker)[answered_[worker]++];
    if (message.has_prepare()) {
      Queue(worker)->mutable_prepared()->set_phase(message.prepare().phase());
    }
    if (message.has_start()) {
      v1::PhaseDone* done = Queue(worker)->mutable_phase_done();
      done->set_phase(message.start().phase());
      done->set_last_batch_sequence(last_batch_);
    }
  }

  absl::Status ConnectAndPrepare() {
    for (const uint32_t worker : {0u, 1u}) {
      v1::Ready* ready = Queue(worker)->mutable_ready();
      ready->set_version("1");
      if (has_endpoints_) ready->set_records_endpoint("tcp://records:" + std::to_string(worker));
      ready->set_records_server_key(std::string(kLinkKeyBytes, 'k'));
      Queue(worker)->mutable_loaded();
      Queue(worker)->mutable_heartbeat()->set_sent_ns(7);
    }
    run_.emplace(RunController::Parts{plan_, fleet_.get(), &stops_, clock_, &listener_});
    if (absl::Status connected = run_->Connect(); !connected.ok()) return connected;
    return run_->Prepare(&dataset_, TotalsOfPhases(plan_, &dataset_));
  }

  std::unique_ptr<RunRecords> MakeRecords() {
    v1::RunManifest manifest;
    manifest.set_run_id(testutil::kRunId);
    *manifest.mutable_plan() = plan_;
    auto transport = std::make_unique<testutil::FakeRecordTransport>();
    transport_ = transport.get();
    transport_->comes_up = links_come_up_;
    RunRecords::Parts parts;
    parts.file = std::make_unique<testutil::FakeJournalFile>(&disk_);
    parts.plan_hash = std::string(kPlanHashBytes, 'p');
    parts.transport = std::move(transport);
    parts.runners = &loops_;
    parts.clock = &clock_;
    parts.visitor = &entries_;
    return *RunRecords::Create(manifest, std::move(parts));
  }

  absl::StatusOr<RunResult> Run() {
    if (absl::Status prepared = ConnectAndPrepare(); !prepared.ok()) return prepared;
    records_ = MakeRecords();
    return run_->Run(records_.get());
  }

  bool HasStarted() const {
    const auto& sent = links_->sent.at(0);
    return std::any_of(sent.begin(), sent.end(), [](const auto& m) { return m.has_start(); });
  }

  v1::Plan plan_;
  FakeStops stops_;
  ListingListener listener_;
  ListingEntries entries_;
  testutil::FakeDisk disk_;
  testutil::ManualLoops loops_{&clock_};
  testutil::FakeRecordTransport* transport_ = nullptr;
  testutil::Texts dataset_;
  bool has_endpoints_ = true;
  bool links_come_up_ = true;
  uint64_t last_batch_ = 0;
  size_t answered_[2] = {};
  std::function<void()> on_step_;
  std::unique_ptr<RunRecords> records_;
  std::optional<RunController> run_;
};

TEST_F(RunControllerTest, AWorkerWithoutARecordsEndpointIsNamedBeforeTheFirstRequest) {
  has_endpoints_ = false;
  EXPECT_EQ(Run().status().message(),
            "worker a:1 offers its records at \"\", expected tcp://HOST:PORT");
  EXPECT_FALSE(HasStarted());
}

TEST_F(RunControllerTest, RecordsThatCannotBeFetchedEndTheRunBeforeTheFirstRequest) {
  links_come_up_ = false;
  const absl::Status status = Run().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_THAT(status.message(),
              HasSubstr("records of worker 0 cannot be fetched from tcp://records:0"));
  EXPECT_FALSE(HasStarted());
}

TEST_F(RunControllerTest, AStopWhileRecordsAreLinkedEndsTheRunBeforeTheFirstRequest) {
  links_come_up_ = false;
  on_step_ = [this] { stops_.stops = records_ != nullptr ? 1 : 0; };
  EXPECT_TRUE(absl::IsCancelled(Run().status()));
  EXPECT_FALSE(HasStarted());
}

// The phase that is prepared would wait for it for ever.
TEST_F(RunControllerTest, ALossWhileRecordsAreLinkedIsNotForgotten) {
  ASSERT_TRUE(ConnectAndPrepare().ok());
  records_ = MakeRecords();
  QueueEnd(1);
  const absl::Status status = run_->Run(records_.get()).status();
  EXPECT_EQ(status.message(), "worker b:1 lost: broken");
  EXPECT_FALSE(HasStarted());
}

TEST_F(RunControllerTest, ARunTakesAllItsPhasesAndTellsTheListener) {
  *plan_.add_phases() = plan_.phases(0);
  const auto result = Run();
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->facts.early_end, "");
  EXPECT_THAT(listener_.told, ElementsAre("start0", "end0", "start1", "end1", "result"));
  EXPECT_THAT(entries_.entries, ElementsAre("facts", "facts", "start", "done", "done", "start",
                                            "done", "done", "end"));
}

TEST_F(RunControllerTest, ALossUnderAbortEndsTheRunWithWhatItHas) {
  *plan_.add_phases() = plan_.phases(0);
  on_step_ = [this] {
    if (listener_.told == std::vector<std::string>{"start0"}) fleet_->Expel(1, "gone");
  };
  const auto result = Run();
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(result->facts.early_end, HasSubstr("b:1 lost: gone"));
  EXPECT_THAT(listener_.told, ElementsAre("start0", "end0", "result"));
}

TEST_F(RunControllerTest, RecordsThatNeverComeAreWaitedForWithinABound) {
  last_batch_ = 1;
  const int64_t began_ns = clock_.MonotonicNs();
  ASSERT_TRUE(Run().ok());
  const int64_t took_ns = clock_.MonotonicNs() - began_ns;
  EXPECT_GE(took_ns, kRecordsLimitNs);
  EXPECT_LE(took_ns, kRecordsLimitNs + 2 * kNsPerSecond);
}

TEST_F(RunControllerTest, AfterTheSecondStopRecordsAreHardlyWaitedFor) {
  last_batch_ = 1;
  on_step_ = [this] {
    if (!listener_.told.empty() && listener_.told.back() == "end0") stops_.stops = 2;
  };
  const int64_t began_ns = clock_.MonotonicNs();
  ASSERT_TRUE(Run().ok());
  EXPECT_LE(clock_.MonotonicNs() - began_ns, kLastPatienceNs + 2 * kNsPerSecond);
}

TEST_F(RunControllerTest, AJournalThatFailsIsSaidAndTheRunGoesOn) {
  on_step_ = [this] {
    if (!disk_.bytes.empty()) disk_.capacity_bytes = disk_.bytes.size();
  };
  const auto result = Run();
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(result->facts.journal_fault, HasSubstr("no space left"));
  EXPECT_THAT(listener_.told, ElementsAre("start0", "end0", "result"));
}

TEST_F(RunControllerTest, OneRunTakesOnePlan) {
  EXPECT_DEATH(run_.emplace(RunController::Parts{v1::Plan(), fleet_.get(), &stops_, clock_}),
               "phases_size");
  run_.emplace(RunController::Parts{plan_, fleet_.get(), &stops_, clock_, &listener_});
  EXPECT_DEATH((void)run_->Run(nullptr).ok(), "not prepared");
}

}  // namespace
}  // namespace drumfire
