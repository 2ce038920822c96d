// The coordinator's ends of records and journal without ZeroMQ: the real intake, journal and
// assembler. What RunRecords and RecordSource do is done here on one thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "coordinator/fleet/fleet.h"
#include "coordinator/ingest/batch_intake.h"
#include "coordinator/ingest/journal.h"
#include "coordinator/ingest/testing.h"
#include "coordinator/run/run_assembler.h"
#include "tests/simulation/checker.h"
#include "tests/simulation/record_link.h"

namespace drumfire::simulation {

class SimRecords : private RecordConsumer {
 public:
  // Nothing is owned. The link must be closed before the records go.
  SimRecords(const Scenario& scenario, const v1::RunManifest& manifest, RecordLink* link,
             Checker* checker, testing::FakeDisk* disk);
  // False when not even the journal's header could be written.
  bool opened() const { return journal_ != nullptr; }

  void AddWorker(const Member& member);
  uint64_t CloseWorker(uint32_t worker, uint32_t phase);
  bool HasAll(uint32_t worker, uint64_t sequence) const;
  void SendAcks(Fleet* fleet);

  template <typename Entry>
  void Add(const Entry& entry) {
    journal_->Append(entry);
    Assemble(entry);
  }
  RunResult Close(v1::RunEnd end);
  bool journal_failed() const { return journal_failed_; }

 private:
  void Take(const std::string& frame);
  void OnBatch(const v1::RecordBatch& batch) override;
  void OnAck(uint32_t worker, uint64_t epoch, uint64_t sequence) override;
  void Assemble(const v1::WorkerFacts& facts) { assembler_.OnWorkerFacts(facts); }
  void Assemble(const v1::PhaseStart& start) { assembler_.OnPhaseStart(start); }
  void Assemble(const v1::WorkerPhaseDone& done) { assembler_.OnPhaseDone(done); }
  void Assemble(const v1::WorkerHistograms& histograms) { assembler_.OnHistograms(histograms); }

  RecordLink* const link_;
  Checker* const checker_;
  RunAssembler assembler_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<BatchIntake> intake_;
  std::set<uint32_t> added_;
  std::map<uint32_t, uint64_t> acks_;
  std::map<std::pair<uint32_t, uint32_t>, uint64_t> recorded_below_;  // by phase and worker
  bool journal_failed_ = false;
};

// The result that `drumfire report` makes of the journal's bytes, and how many records it holds.
struct Report {
  RunResult result;
  uint64_t records = 0;
};
absl::StatusOr<Report> MakeReport(const std::string& journal, const v1::RunManifest& manifest);

}  // namespace drumfire::simulation
