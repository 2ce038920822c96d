#include "coordinator/run/run_losses.h"

#include <cstdint>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

// In the reason why a run ended.
constexpr uint32_t kMostNamedLosses = 3;

}  // namespace

bool MayContinueWithout(const v1::Plan& plan) { return plan.loss().action() == v1::LOSS_CONTINUE; }

std::string LossThatEndsRun(const v1::Plan& plan, const Fleet& fleet) {
  std::string why;
  uint32_t lost = 0;
  bool somebody_is_left = false;
  for (uint32_t worker = 0; worker < fleet.size(); ++worker) {
    const Member& member = fleet.member(worker);
    somebody_is_left = somebody_is_left || member.present();
    if (!member.lost) continue;
    if (++lost > kMostNamedLosses) continue;
    absl::StrAppend(&why, lost > 1 ? "; " : "", "worker ", member.address(),
                    " lost: ", member.lost_reason);
  }
  if (lost > kMostNamedLosses) absl::StrAppend(&why, "; ", lost - kMostNamedLosses, " more");
  return MayContinueWithout(plan) && somebody_is_left ? "" : why;
}

void ExpelRefused(RecordKeeper* records, Fleet* fleet) {
  for (const auto& [worker, why] : records->TakeRefusals()) {
    if (!fleet->member(worker).lost) fleet->Expel(worker, why);
  }
}

}  // namespace drumfire
