#include "coordinator/run/record_stages.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/run/phase_deadline.h"
#include "coordinator/run/run_losses.h"

namespace drumfire {
namespace {

constexpr int64_t kLinksStepNs = 20 * kNsPerMs;
// Records wake the stage; only the user's stop has to be looked for.
constexpr int64_t kStopPollNs = 50 * kNsPerMs;

}  // namespace

void LinkRecordsStage::End(absl::Status status) {
  status_ = std::move(status);
  is_over_ = true;
}

absl::Status LinkRecordsStage::CheckNobodyLost() const {
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    const Member& member = fleet_->member(worker);
    if (!member.lost) continue;
    return absl::UnavailableError(
        absl::StrCat("worker ", member.address(), " lost: ", member.lost_reason));
  }
  return absl::OkStatus();
}

// A loss comes first: the phase that is prepared would never hear of it.
int64_t LinkRecordsStage::Step(int64_t now_ns) {
  if (absl::Status whole = CheckNobodyLost(); !whole.ok()) {
    End(std::move(whole));
    return now_ns;
  }
  std::string fault;
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    const absl::StatusOr<bool> linked = records_->LinkRecords(fleet_->member(worker));
    if (!linked.ok()) {
      End(linked.status());
      return now_ns;
    }
    if (!*linked && fault.empty()) fault = records_->LinkFault(worker);
  }
  if (fault.empty()) {
    End(absl::OkStatus());
  } else if (now_ns > deadline_ns_) {
    End(absl::DeadlineExceededError(fault));
  } else if (stop_->count() > 0) {
    End(absl::CancelledError("stopped before the start"));
  }
  return now_ns + kLinksStepNs;
}

int64_t RelinkRecordsStage::Step(int64_t now_ns) {
  is_over_ = true;
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    if (!fleet_->member(worker).present()) continue;
    const absl::StatusOr<bool> linked = records_->LinkRecords(fleet_->member(worker));
    if (!linked.ok()) {
      fleet_->Expel(worker, std::string(linked.status().message()));
    } else if (!*linked && now_ns > deadline_ns_) {
      fleet_->Expel(worker, "its records cannot be fetched");
    } else if (!*linked) {
      is_over_ = false;
    }
  }
  return now_ns + kLinksStepNs;
}

CollectRecordsStage::CollectRecordsStage(RunRecords* records, Fleet* fleet,
                                         const StopRequests* stop, const PhaseOutcome& outcome,
                                         int64_t now_ns)
    : records_(records), fleet_(fleet), stop_(stop), began_ns_(now_ns) {
  for (uint32_t worker = 0; worker < outcome.workers.size(); ++worker) {
    const WorkerPhase& state = outcome.workers[worker];
    if (state.done.has_value()) missing_[worker] = state.done->last_batch_sequence();
  }
  records_->SetProgressHandler([fleet] { fleet->Wake(); });
}

CollectRecordsStage::~CollectRecordsStage() { records_->SetProgressHandler(nullptr); }

int64_t CollectRecordsStage::Step(int64_t now_ns) {
  std::erase_if(missing_, [this](const auto& each) {
    return records_->HasAll(each.first, each.second) || fleet_->member(each.first).lost;
  });
  records_->SendAcks(fleet_);
  ExpelRefused(records_, fleet_);
  const int64_t until_ns = began_ns_ + (stop_->count() > 1 ? kLastPatienceNs : kRecordsLimitNs);
  is_over_ = missing_.empty() || now_ns >= until_ns;
  if (is_over_) NoteMissing();
  return std::min(now_ns + kStopPollNs, until_ns);
}

void CollectRecordsStage::NoteMissing() {
  for (const auto& [worker, last_sequence] : std::exchange(missing_, {})) {
    records_->NoteMissing(worker, last_sequence);
  }
}

}  // namespace drumfire
