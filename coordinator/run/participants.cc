#include "coordinator/run/participants.h"

#include <algorithm>

#include "common/schedule/schedule.h"
#include "glog/logging.h"

namespace drumfire {

void Participants::Choose() {
  CHECK(workers_.empty());
  std::vector<uint32_t> present;
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    if (fleet_->member(worker).present()) present.push_back(worker);
  }
  if (spec_.concurrency() > 0 && present.size() > spec_.concurrency()) {
    present.resize(spec_.concurrency());
  }
  const std::vector<uint32_t> slots = EvenSlots(static_cast<uint32_t>(present.size()));
  for (size_t i = 0; i < present.size(); ++i) Add(present[i], slots[i]);
  chosen_ = count();
}

uint32_t Participants::Add(uint32_t worker, uint32_t slots) {
  CHECK(std::find(workers_.begin(), workers_.end(), worker) == workers_.end()) << worker;
  workers_.push_back(worker);
  shares_.push_back({.slots = slots});
  return count() - 1;
}

void Participants::Release(uint32_t participant) { shares_.at(participant).is_released = true; }

uint32_t Participants::slots(uint32_t participant) const { return shares_.at(participant).slots; }

std::vector<uint32_t> Participants::EvenSlots(uint32_t participants) const {
  std::vector<uint32_t> slots;
  for (uint32_t i = 0; i < participants; ++i) {
    slots.push_back(SlotShare(spec_.concurrency(), i, participants));
  }
  return slots;
}

std::vector<uint32_t> Participants::Sharing() const {
  std::vector<uint32_t> sharing;
  for (uint32_t i = 0; i < count(); ++i) {
    if (!shares_[i].is_released) sharing.push_back(i);
  }
  return sharing;
}

bool Participants::HasRoomForOneMore() const {
  return spec_.concurrency() == 0 || Sharing().size() < spec_.concurrency();
}

uint32_t Participants::ShareSlots(uint32_t joining) {
  if (spec_.concurrency() == 0) return 0;
  const std::vector<uint32_t> sharing = Sharing();
  const std::vector<uint32_t> slots = EvenSlots(static_cast<uint32_t>(sharing.size()) + joining);
  for (size_t i = 0; i < sharing.size(); ++i) {
    Share& share = shares_[sharing[i]];
    if (share.slots == slots[i]) continue;
    share.slots = slots[i];
    ++share.changes;
    v1::CoordinatorMessage message;
    message.mutable_slot_change()->set_phase(outcome_.phase);
    message.mutable_slot_change()->set_slots(slots[i]);
    fleet_->Send(workers_[sharing[i]], std::move(message));
  }
  return joining > 0 ? slots.back() : 0;
}

bool Participants::SharesAreKept() const {
  if (spec_.concurrency() == 0) return true;
  const std::vector<uint32_t> sharing = Sharing();
  return std::all_of(sharing.begin(), sharing.end(), [this](uint32_t i) { return IsKept(i); });
}

bool Participants::IsKept(uint32_t participant) const {
  const WorkerPhase& state = outcome_.workers[workers_[participant]];
  if (state.done.has_value()) return true;
  const Share& share = shares_[participant];
  return state.progress.has_value() && state.progress->slot_changes() == share.changes &&
         state.progress->totals().open() <= share.slots;
}

bool Participants::TooManyLost(double max_lost_share) const {
  const auto left = static_cast<uint32_t>(
      std::count_if(workers_.begin(), workers_.end(),
                    [this](uint32_t worker) { return !outcome_.workers[worker].lost; }));
  const uint32_t missing = chosen_ - std::min(chosen_, left);
  return left == 0 || missing > max_lost_share * chosen_;
}

void Participants::SendToAll(const v1::CoordinatorMessage& message) {
  for (const uint32_t worker : workers_) fleet_->Send(worker, message);
}

}  // namespace drumfire
