#include "coordinator/run/rejoining_workers.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace drumfire {

void RejoiningWorkers::Tend(bool may_begin) {
  if (!may_begin && (step_ == Step::kLink || step_ == Step::kWaitForRoom)) step_ = Step::kNobody;
  if (may_begin && step_ == Step::kNobody) Find();
  if (step_ == Step::kLink) Link();
  if (step_ == Step::kWaitForRoom && participants_->SharesAreKept()) Enlist();
  if (step_ == Step::kPrepare && outcome_->workers[worker_].prepared.has_value()) Start();
}

void RejoiningWorkers::Find() {
  if (!participants_->HasRoomForOneMore()) return;
  outcome_->workers.resize(fleet_->size());
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    if (!fleet_->member(worker).present() || outcome_->workers[worker].participates) continue;
    worker_ = worker;
    step_ = Step::kLink;
    return;
  }
}

void RejoiningWorkers::Link() {
  const absl::StatusOr<bool> linked = observer_->LinkRecords(worker_);
  if (!linked.ok()) return GiveUp(std::string(linked.status().message()));
  if (!*linked) return;
  participants_->ShareSlots(/*joining=*/1);
  step_ = Step::kWaitForRoom;
}

void RejoiningWorkers::Enlist() {
  const uint32_t slots = participants_->ShareSlots(/*joining=*/1);
  WorkerPhase& state = outcome_->workers[worker_];
  state.came_late = true;
  participants_->Add(worker_, slots);
  ledger_->Enlist(slots);
  v1::CoordinatorMessage message;
  v1::Prepare* prepare = message.mutable_prepare();
  prepare->set_phase(outcome_->phase);
  prepare->set_slots(slots);
  prepare->mutable_first_grant()->set_phase(outcome_->phase);
  // A closed loop's: requests are made and connections opened before a slot waits for them.
  for (WorkerGrant& first : ledger_->OnDemand(state.participant, /*unsent=*/0, slots)) {
    *prepare->mutable_first_grant() = std::move(first.grant);
  }
  fleet_->Send(worker_, std::move(message));
  step_ = Step::kPrepare;
}

void RejoiningWorkers::Start() {
  const std::string& fault = outcome_->workers[worker_].prepared->connect_error();
  if (!fault.empty()) return GiveUp(absl::StrCat("it cannot reach the target: ", fault));
  v1::CoordinatorMessage message;
  message.mutable_start()->set_phase(outcome_->phase);
  message.mutable_start()->set_start_ns(fleet_->ToWorkerClock(worker_, outcome_->start_ns));
  message.mutable_start()->set_joins(true);
  fleet_->Send(worker_, std::move(message));
  observer_->OnJoin(*outcome_, worker_);
  step_ = Step::kNobody;
}

// The fleet tells the run of its loss.
void RejoiningWorkers::GiveUp(const std::string& why) {
  step_ = Step::kNobody;
  fleet_->Expel(worker_, why);
}

void RejoiningWorkers::OnLost(uint32_t worker) {
  if (step_ == Step::kNobody || worker != worker_) return;
  const bool had_room = std::exchange(step_, Step::kNobody) == Step::kWaitForRoom;
  if (had_room) participants_->ShareSlots(/*joining=*/0);
}

}  // namespace drumfire
