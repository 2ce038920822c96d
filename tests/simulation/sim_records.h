// The coordinator's ends of records and journal in a simulated run: a transport over the record
// link, a file that can lie, and what a report makes of the journal's bytes.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "coordinator/ingest/journal_visitor.h"
#include "coordinator/ingest/record_transport.h"
#include "coordinator/ingest/testing.h"
#include "coordinator/run/run_assembler.h"
#include "tests/simulation/checker.h"
#include "tests/simulation/record_streams.h"

namespace drumfire::simulation {

class SimRecordTransport : public RecordTransport {
 public:
  // Nothing is owned.
  SimRecordTransport(const Scenario& scenario, RecordStreams* link);
  ~SimRecordTransport() override { link_->Close(); }

  absl::Status Connect(const std::string& endpoint, const std::string& server_key) override;
  void Disconnect(const std::string& endpoint) override { links_.erase(endpoint); }
  std::optional<absl::string_view> Next() override;
  bool TakeLinkChanges() override { return std::exchange(has_changes_, false); }
  LinkState StateOf(const std::string& endpoint) const override;
  void SetArrivalHandler(const std::function<void()>& on_arrival) override {
    on_arrival_ = on_arrival;
  }

 private:
  void Arrive(uint32_t worker, const std::string& frame);

  const Scenario& scenario_;
  RecordStreams* const link_;
  std::function<void()> on_arrival_ = [] {};
  std::map<std::string, LinkState> links_;  // by endpoint
  std::deque<std::string> waiting_;
  std::string frame_;  // given out last
  bool has_changes_ = false;
};

std::unique_ptr<JournalFile> MakeJournalFile(const Scenario& scenario, testutil::FakeDisk* disk);

// Tells the checker of the entries that a run writes.
class CheckedEntries : public JournalVisitor {
 public:
  explicit CheckedEntries(Checker* checker) : checker_(checker) {}
  void OnBatch(const v1::RecordBatch& batch) override;
  void OnWorkerFacts(const v1::WorkerFacts& facts) override {
    checker_->OnMember(facts.worker(), facts.address());
  }

 private:
  Checker* const checker_;
};

// The result that `drumfire report` makes of the journal's bytes, and the batches that they hold,
// by worker and sequence.
struct Report {
  RunResult result;
  std::set<std::pair<uint32_t, uint64_t>> batches;
};
absl::StatusOr<Report> MakeReport(const std::string& journal, const v1::RunManifest& manifest);

}  // namespace drumfire::simulation
