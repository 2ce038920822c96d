#include "coordinator/run/rejoining_workers.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/run/phase_messages.h"
#include "glog/logging.h"

namespace drumfire {

RejoiningWorkers::Progress RejoiningWorkers::Step(bool may_begin) {
  CHECK_GE(outcome_.workers.size(), fleet_->size());
  Progress progress;
  if (!may_begin && (stage_ == Stage::kLink || stage_ == Stage::kWaitForRoom)) {
    stage_ = Stage::kNobody;
  }
  if (may_begin && stage_ == Stage::kNobody) Find();
  if (stage_ == Stage::kLink) Link();
  if (stage_ == Stage::kWaitForRoom && participants_->SharesAreKept()) {
    Enlist();
    progress.enlisted = worker_;
  } else if (stage_ == Stage::kPrepare && outcome_.workers[worker_].prepared.has_value()) {
    if (Start()) progress.started = worker_;
  }
  return progress;
}

void RejoiningWorkers::Find() {
  if (!participants_->HasRoomForOneMore()) return;
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    if (!fleet_->member(worker).present() || outcome_.workers[worker].participates) continue;
    worker_ = worker;
    stage_ = Stage::kLink;
    return;
  }
}

void RejoiningWorkers::Link() {
  const absl::StatusOr<bool> linked = records_->LinkRecords(fleet_->member(worker_));
  if (!linked.ok()) return GiveUp(std::string(linked.status().message()));
  if (!*linked) return;
  participants_->ShareSlots(/*joining=*/1);
  stage_ = Stage::kWaitForRoom;
}

void RejoiningWorkers::Enlist() {
  const uint32_t slots = participants_->ShareSlots(/*joining=*/1);
  const uint32_t participant = participants_->Add(worker_, slots);
  CHECK_EQ(ledger_->Enlist(slots), participant);
  v1::CoordinatorMessage message = PrepareMessage(outcome_.phase, slots);
  v1::Prepare* prepare = message.mutable_prepare();
  // A closed loop's: requests are made and connections opened before a slot waits for them.
  for (WorkerGrant& first : ledger_->OnDemand(participant, /*unsent=*/0, slots)) {
    *prepare->mutable_first_grant() = std::move(first.grant);
  }
  records_->OnGrant(worker_, prepare->first_grant());
  fleet_->Send(worker_, std::move(message));
  stage_ = Stage::kPrepare;
}

bool RejoiningWorkers::Start() {
  const std::string& fault = outcome_.workers[worker_].prepared->connect_error();
  if (!fault.empty()) {
    GiveUp(absl::StrCat("it cannot reach the target: ", fault));
    return false;
  }
  v1::CoordinatorMessage message =
      StartMessage(outcome_.phase, fleet_->ToWorkerClock(worker_, outcome_.start_ns));
  message.mutable_start()->set_joins(true);
  fleet_->Send(worker_, std::move(message));
  stage_ = Stage::kNobody;
  return true;
}

// The fleet tells the run of its loss.
void RejoiningWorkers::GiveUp(const std::string& why) {
  stage_ = Stage::kNobody;
  fleet_->Expel(worker_, why);
}

void RejoiningWorkers::OnLost(uint32_t worker) {
  if (stage_ == Stage::kNobody || worker != worker_) return;
  const bool had_room = std::exchange(stage_, Stage::kNobody) == Stage::kWaitForRoom;
  if (had_room) participants_->ShareSlots(/*joining=*/0);
}

}  // namespace drumfire
