// How the fleet comes to know its workers' clocks, and keeps knowing them.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "coordinator/fleet/fleet.h"

namespace drumfire {
namespace {

// Interval of clock probes per worker during a run; workers are probed one after the other.
constexpr int64_t kProbeEveryNs = kNsPerSecond;
constexpr int64_t kLastProbesNs = 200 * kNsPerMs;

}  // namespace

absl::Status Fleet::StillProbing() const {
  for (const auto& member : members_) {
    if (ClockIsKnown(*member)) continue;
    return absl::DeadlineExceededError(
        absl::StrCat("worker ", member->address(), " answered ", member->clock().probes(), " of ",
                     ClockEstimate::kFirstProbes, " clock probes within ",
                     absl::FormatDuration(options_.ready_timeout)));
  }
  return absl::OkStatus();
}

bool Fleet::ClockIsKnown(const Member& member) const {
  return options_.same_host || member.clock().probes() >= ClockEstimate::kFirstProbes;
}

bool Fleet::AllClocksKnown() const {
  return std::all_of(members_.begin(), members_.end(),
                     [this](const auto& m) { return ClockIsKnown(*m); });
}

void Fleet::SendProbe(uint32_t worker) {
  v1::CoordinatorMessage message;
  const uint32_t number =
      members_[worker]->mutable_clock()->OnProbe(clock_.MonotonicNs(), clock_.WallNs());
  message.mutable_clock_probe()->set_number(number);
  Send(worker, std::move(message));
}

// One after the other, while the clock is not known.
void Fleet::ProbeUntilKnown(const Member& member) {
  if (!ClockIsKnown(member) && !member.clock().is_waiting()) SendProbe(member.worker());
}

void Fleet::ProbeAsTimePasses() {
  if (!connected_ || options_.same_host) return;
  const int64_t now_ns = clock_.MonotonicNs();
  for (uint32_t sent = 0; next_probe_ns_ <= now_ns && sent < size(); ++sent) {
    if (members_[next_probed_]->present()) SendProbe(next_probed_);
    next_probed_ = (next_probed_ + 1) % size();
    next_probe_ns_ = std::max(next_probe_ns_, now_ns - kProbeEveryNs) + kProbeEveryNs / size();
  }
}

void Fleet::ProbeOnceMore() {
  if (!connected_ || options_.same_host) return;
  const int64_t until_ns = clock_.MonotonicNs() + kLastProbesNs;
  for (uint32_t worker = 0; worker < size(); ++worker) {
    if (members_[worker]->present()) SendProbe(worker);
  }
  const auto is_awaited = [](const auto& m) { return m->present() && m->clock().is_waiting(); };
  while (std::any_of(members_.begin(), members_.end(), is_awaited)) {
    const int64_t left_ns = until_ns - clock_.MonotonicNs();
    if (left_ns <= 0) return;
    (void)Next(absl::Nanoseconds(left_ns));
  }
}

absl::Status Fleet::LearnClocks(const std::function<bool()>& stop, int64_t deadline_ns) {
  next_probe_ns_ = INT64_MAX;  // until the first estimate is made
  absl::Status probed = ProbeClocks(stop, deadline_ns);
  next_probe_ns_ = clock_.MonotonicNs() + kProbeEveryNs / std::max(1u, size());
  return probed;
}

absl::Status Fleet::ProbeClocks(const std::function<bool()>& stop, int64_t deadline_ns) {
  if (options_.same_host) return absl::OkStatus();
  for (uint32_t worker = 0; worker < size(); ++worker) SendProbe(worker);
  while (!AllClocksKnown()) {
    if (stop()) return absl::CancelledError("stopped before the start");
    if (clock_.MonotonicNs() > deadline_ns) return StillProbing();
    const auto event = Next(kLongestWait);
    if (!event.has_value()) continue;
    if (absl::Status handled = OnHandshake(*event); !handled.ok()) return handled;
    ProbeUntilKnown(*members_[event->worker]);
  }
  return absl::OkStatus();
}

int64_t Fleet::ToWorkerClock(uint32_t worker, int64_t monotonic_ns) const {
  return monotonic_ns + members_[worker]->clock().offset_ns();
}

}  // namespace drumfire
