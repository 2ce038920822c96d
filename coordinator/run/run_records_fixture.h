// A connected fleet of two whose records come from a transport that a test plays. Loops run when
// the fleet waits, in the time of the test's clock.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "common/loop/testing.h"
#include "common/record/link_keys.h"
#include "coordinator/fleet/fleet_test_fixture.h"
#include "coordinator/ingest/testing.h"
#include "coordinator/run/run_records.h"

namespace drumfire {

class RunRecordsFixture : public FleetTest {
 protected:
  RunRecordsFixture() {
    plan_.add_urls("http://127.0.0.1:1");
    plan_.add_models("m");
    for (const char* name : {"warmup", "profiling"}) {
      v1::Phase* phase = plan_.add_phases();
      phase->set_name(name);
      phase->set_concurrency(2);
      phase->set_request_count(2);
    }
  }

  void SetUp() override {
    for (const uint32_t worker : {0u, 1u}) {
      QueueHandshake(worker);
      v1::Ready* ready = (links_->events.end() - 3)->message.mutable_ready();
      ready->set_records_endpoint("tcp://records:" + std::to_string(worker));
      ready->set_records_server_key(std::string(kLinkKeyBytes, 'k'));
    }
    ASSERT_TRUE(TryConnect().ok());
    MakeRecords();
    links_->on_wait = [this] { OnWait(); };
  }

  // Anew, of the plan as the test has set it.
  void MakeRecords() {
    records_.reset();
    v1::RunManifest manifest;
    manifest.set_run_id(testutil::kRunId);
    *manifest.mutable_plan() = plan_;
    auto transport = std::make_unique<testutil::FakeRecordTransport>();
    transport_ = transport.get();
    RunRecords::Parts parts;
    parts.file = std::make_unique<testutil::FakeJournalFile>(&disk_);
    parts.plan_hash = std::string(kPlanHashBytes, 'p');
    parts.transport = std::move(transport);
    parts.runners = &loops_;
    parts.clock = &clock_;
    parts.visitor = visitor_;
    auto records = RunRecords::Create(manifest, std::move(parts));
    ASSERT_TRUE(records.ok()) << records.status();
    records_ = *std::move(records);
  }

  // With the first thousand sessions of each phase.
  void Link(uint32_t worker) {
    for (int phase = 0; phase < plan_.phases_size(); ++phase) {
      v1::Grant grant;
      grant.set_phase(static_cast<uint32_t>(phase));
      grant.set_count(1000);
      grant.set_stride(1);
      records_->OnGrant(worker, grant);
      records_->OnPhaseStart(grant.phase(), clock_.MonotonicNs());
    }
    (void)records_->LinkRecords(fleet_->member(worker));
    loops_.RunUntilIdle();
    EXPECT_TRUE(*records_->LinkRecords(fleet_->member(worker)));
  }

  static v1::RecordBatch BatchOf(uint32_t worker, uint64_t sequence, int records = 1,
                                 uint64_t first_session = 0) {
    v1::RecordBatch batch = testutil::MakeBatch(sequence, records, first_session);
    batch.set_worker(worker);
    return batch;
  }

  // The intake has taken it when this returns.
  void Arrive(const v1::RecordBatch& batch) {
    transport_->Arrive(testutil::Framed(batch));
    loops_.RunFor(kJournalWriteIntervalNs);
  }

  virtual void OnWait() {
    clock_.Advance(kNsPerMs);
    loops_.RunUntilIdle();
  }

  v1::Plan plan_;
  JournalVisitor* visitor_ = nullptr;
  testutil::FakeDisk disk_;
  testutil::ManualLoops loops_{&clock_};
  testutil::FakeRecordTransport* transport_ = nullptr;
  std::unique_ptr<RunRecords> records_;
};

}  // namespace drumfire
