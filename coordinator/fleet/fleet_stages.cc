#include "coordinator/fleet/fleet_stages.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

// Events and first heartbeats make a step due; only the user's stop has to be looked for.
constexpr int64_t kStopPollNs = 50 * kNsPerMs;
constexpr int64_t kLastProbesNs = 200 * kNsPerMs;

}  // namespace

ConnectStage::ConnectStage(Fleet* fleet, std::function<bool()> is_stopped, int64_t now_ns)
    : fleet_(fleet),
      is_stopped_(std::move(is_stopped)),
      deadline_ns_(now_ns + absl::ToInt64Nanoseconds(fleet->options().ready_timeout)) {}

void ConnectStage::End(absl::Status status) {
  status_ = std::move(status);
  state_ = State::kOver;
}

bool ConnectStage::Handle(const FleetEvent& event) {
  if (absl::Status handled = fleet_->Handshake(event); !handled.ok()) {
    End(std::move(handled));
  } else if (state_ == State::kProbing) {
    fleet_->ProbeUntilKnown(event.worker);
  }
  return true;
}

int64_t ConnectStage::Step(int64_t now_ns) {
  if (state_ == State::kLoading && fleet_->AllLoaded()) {
    fleet_->BeginLeases();
    fleet_->ProbeAll();
    state_ = State::kProbing;
  }
  if (HasArrived()) {
    fleet_->ProbeRegularly();
    End(absl::OkStatus());
  } else if (is_stopped_()) {
    End(absl::CancelledError("stopped before the start"));
  } else if (now_ns > deadline_ns_) {
    End(Late());
  } else if (!fleet_->AllDialled()) {
    // Dialling a thousand workers takes a while: those that wait are heard first.
    if (!fleet_->AnyWaits()) fleet_->DialNext();
    return now_ns;
  }
  return std::min(now_ns + kStopPollNs, deadline_ns_ + 1);
}

bool ConnectStage::HasArrived() const {
  return state_ == State::kProbing && fleet_->AllClocksKnown();
}

absl::Status ConnectStage::Late() const {
  return state_ == State::kProbing ? StillProbing() : StillLoading();
}

absl::Status ConnectStage::StillLoading() const {
  const FleetOptions& options = fleet_->options();
  const std::string limit = absl::FormatDuration(options.ready_timeout);
  if (!fleet_->AllDialled()) {
    return absl::DeadlineExceededError(
        absl::StrCat("only ", fleet_->size(), " of ", options.addresses.size(),
                     " were dialled within ", limit, ": this host is too busy"));
  }
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    const Member& member = fleet_->member(worker);
    if (member.loaded && member.renewed_ns() > 0) continue;
    const char* missing = member.ready.version().empty() ? "did not answer" : "did not get ready";
    return absl::DeadlineExceededError(absl::StrCat("worker ", member.address(), " ", missing,
                                                    " within ", limit,
                                                    "; is drumfire-worker running there?"));
  }
  return absl::OkStatus();
}

absl::Status ConnectStage::StillProbing() const {
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    if (fleet_->ClockIsKnown(worker)) continue;
    const Member& member = fleet_->member(worker);
    return absl::DeadlineExceededError(
        absl::StrCat("worker ", member.address(), " answered ", member.clock().probes(), " of ",
                     ClockEstimate::kFirstProbes, " clock probes within ",
                     absl::FormatDuration(fleet_->options().ready_timeout)));
  }
  return absl::OkStatus();
}

LastProbesStage::LastProbesStage(Fleet* fleet, int64_t now_ns)
    : fleet_(fleet), until_ns_(now_ns + kLastProbesNs) {
  fleet_->ProbeAll();
}

int64_t LastProbesStage::Step(int64_t now_ns) {
  is_over_ = now_ns >= until_ns_ || !fleet_->AwaitsProbe();
  return until_ns_;
}

}  // namespace drumfire
