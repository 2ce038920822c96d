// The run's links to its workers' records: made before the start, for who comes back later, and
// waited on at the end of each phase.
#include <string>

#include "coordinator/run/profile_run.h"

namespace drumfire {
namespace {

// How long the workers' record sockets may take to answer.
constexpr int64_t kRecordLinksLimitNs = 10 * kNsPerSecond;
// How long records of a phase that is over may take to arrive.
constexpr int64_t kRecordsLimitNs = 30 * kNsPerSecond;
constexpr int64_t kRecordsTurnNs = 20 * kNsPerMs;

}  // namespace

absl::Status ProfileRun::ConnectRecords() {
  if (absl::Status added = records_->AddWorkers(*fleet_); !added.ok()) return added;
  return WaitForRecordLinks();
}

// Nothing is sent before all records can be fetched.
absl::Status ProfileRun::WaitForRecordLinks() {
  const int64_t deadline_ns = clock_.MonotonicNs() + kRecordLinksLimitNs;
  for (;;) {
    const absl::Status links = records_->WaitForLinks(kRecordsTurnNs);
    if (!absl::IsDeadlineExceeded(links) || clock_.MonotonicNs() > deadline_ns) return links;
    if (stop_->count() > 0) return absl::CancelledError("stopped before the start");
    fleet_->HandleWaiting();
    if (absl::Status whole = CheckNobodyLost(); !whole.ok()) return whole;
  }
}

// Who came back since the phase before takes part in the next one, if its records can be fetched.
void ProfileRun::LinkRejoiningWorkers() {
  const int64_t deadline_ns = clock_.MonotonicNs() + kRecordLinksLimitNs;
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    while (fleet_->member(worker).present()) {
      const absl::StatusOr<bool> linked = LinkRecords(worker);
      if (linked.ok() && *linked) break;
      if (!linked.ok() || clock_.MonotonicNs() > deadline_ns) {
        fleet_->Expel(worker, linked.ok() ? "its records cannot be fetched"
                                          : std::string(linked.status().message()));
        break;
      }
      fleet_->Next(absl::Nanoseconds(kRecordsTurnNs));
      fleet_->HandleWaiting();
    }
  }
}

absl::StatusOr<bool> ProfileRun::LinkRecords(uint32_t worker) {
  const absl::Status added = records_->AddWorker(fleet_->member(worker));
  return added.ok() ? records_->IsLinked(worker) : added;
}

// Waits until the records that each worker says it made are here; what is missing then is found by
// the accounts.
void ProfileRun::CollectRecords(const PhaseOutcome& outcome) {
  const int64_t began_ns = clock_.MonotonicNs();
  for (uint32_t worker = 0; worker < outcome.workers.size(); ++worker) {
    const WorkerPhase& state = outcome.workers[worker];
    if (!state.done.has_value()) continue;
    while (!records_->WaitFor(worker, state.done->last_batch_sequence(), kRecordsTurnNs)) {
      fleet_->HandleWaiting();
      records_->SendAcks(fleet_.get());
      const int64_t limit_ns = stop_->count() > 1 ? kLastPatienceNs : kRecordsLimitNs;
      if (fleet_->member(worker).lost || clock_.MonotonicNs() > began_ns + limit_ns) break;
    }
  }
  records_->SendAcks(fleet_.get());
}

}  // namespace drumfire
