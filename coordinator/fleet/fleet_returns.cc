// How lost workers come back.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/buggify/buggify.h"
#include "coordinator/fleet/fleet.h"
#include "glog/logging.h"

namespace drumfire {

void Fleet::TendReturns() {
  if (!connected_ || !options_.redial_lost) return;
  const int64_t now_ns = clock_.MonotonicNs();
  AwaitReturns(now_ns);
  for (Return& back : returns_) {
    const bool fails = back.redial.under_way() && Buggify("fleet: an attempt to come back fails");
    if (fails || back.redial.IsOverdue(now_ns)) {
      FailAttempt(&back);
    } else if (back.redial.IsDue(now_ns)) {
      DialAgain(&back, now_ns);
    }
  }
  std::erase_if(returns_, [](const Return& back) { return back.redial.exhausted(); });
}

// A lost worker returns only once it can no longer send.
void Fleet::AwaitReturns(int64_t now_ns) {
  for (const auto& member : members_) {
    if (!member->lost || member->awaited || member->returns >= kMostReturns) continue;
    if (!LeaseIsOver(member->worker())) continue;
    member->awaited = true;
    returns_.push_back({member->worker(), 0, Redial(now_ns, draws_.Uniform())});
  }
}

void Fleet::DialAgain(Return* back, int64_t now_ns) {
  const Member& lost = *members_[back->lost];
  const bool is_first = back->worker == 0;
  if (is_first) back->worker = size();
  const uint64_t epoch = (is_first ? lost.epoch() : members_[back->worker]->epoch()) + 1;
  auto member = std::make_unique<Member>(back->worker, lost.address(), epoch, options_.plan_hash);
  member->joining = true;
  member->returns = lost.returns + 1;
  if (is_first) members_.emplace_back();
  members_[back->worker] = std::move(member);
  back->redial.Begin(now_ns + absl::ToInt64Nanoseconds(options_.ready_timeout));
  links_->Dial(back->worker, epoch, lost.address());
  SendHello(back->worker);
}

void Fleet::FailAttempt(Return* back) {
  links_->Abandon(back->worker);
  transfers_.Forget(back->worker);
  SendPlannedChunks();
  back->redial.Fail(clock_.MonotonicNs(), draws_.Uniform());
}

void Fleet::OnReturning(const FleetEvent& event) {
  const auto back = std::find_if(returns_.begin(), returns_.end(), [&event](const Return& r) {
    return r.worker == event.worker && r.redial.under_way();
  });
  if (back == returns_.end()) return;
  Member& member = *members_[event.worker];
  if (const absl::Status handled = OnReturningMessage(&member, event); !handled.ok()) {
    VLOG(1) << handled.message();
    return FailAttempt(&*back);
  }
  if (!member.loaded || member.renewed_ns() == 0 || !ClockIsKnown(member.worker())) return;
  member.joining = false;
  LOG(INFO) << "worker " << member.address() << " is back, as worker " << member.worker();
  returns_.erase(back);
}

// As at the start, for a slow worker.
absl::Status Fleet::OnReturningMessage(Member* member, const FleetEvent& event) {
  if (event.closed) return Handshake(event);
  switch (member->Accept(event.message, event.received_ns)) {
    case Member::Verdict::kIgnore:
      return absl::OkStatus();
    case Member::Verdict::kGap:
      return absl::DataLossError(absl::StrCat("worker ", member->address(), ": a message is lost"));
    case Member::Verdict::kTake:
      break;
  }
  if (event.message.has_heartbeat()) {
    AnswerHeartbeat(member, event);
    return absl::OkStatus();
  }
  if (event.message.has_clock_reply()) {
    member->mutable_clock()->OnReply(event.message.clock_reply(), event.received_ns);
  }
  const absl::Status handled = Handshake(event);
  if (member->loaded) ProbeUntilKnown(member->worker());
  return handled;
}

}  // namespace drumfire
