#include "coordinator/run/run_losses.h"

#include <cstdint>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

// In the reason why a run ended.
constexpr uint32_t kMostNamedLosses = 3;

constexpr char kDoesNotEnd[] =
    "it answers heartbeats but did not end the phase in time; its I/O thread may hang";

bool IsExpected(const PhaseOutcome& outcome, uint32_t worker, const Fleet& fleet) {
  return !outcome.workers[worker].over() && !fleet.member(worker).lost;
}

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

void ExpelUnended(const PhaseOutcome& outcome, Fleet* fleet) {
  for (uint32_t worker = 0; worker < outcome.workers.size(); ++worker) {
    if (IsExpected(outcome, worker, *fleet)) fleet->Expel(worker, kDoesNotEnd);
  }
}

void ExpelStalled(const PhaseOutcome& outcome, const StallWatch& watch, const Ledger& ledger,
                  int64_t now_ns, Fleet* fleet) {
  for (uint32_t worker = 0; worker < outcome.workers.size(); ++worker) {
    if (!IsExpected(outcome, worker, *fleet)) continue;
    const uint64_t granted = ledger.granted(outcome.workers[worker].participant);
    if (!watch.IsStalled(worker, granted, now_ns)) continue;
    fleet->Expel(worker, absl::StrCat("it answers heartbeats but sent and ended nothing for ",
                                      watch.limit_ns() / kNsPerSecond,
                                      " s, longer than a request may take"));
  }
}

}  // namespace drumfire
