// How the fleet comes to know its workers' clocks, and keeps knowing them.
#include <algorithm>

#include "coordinator/fleet/fleet.h"

namespace drumfire {
namespace {

// Interval of clock probes per worker during a run; workers are probed one after the other.
constexpr int64_t kProbeEveryNs = kNsPerSecond;

}  // namespace

bool Fleet::ClockIsKnown(uint32_t worker) const {
  return options_.same_host || member(worker).clock().probes() >= ClockEstimate::kFirstProbes;
}

bool Fleet::AllClocksKnown() const {
  return std::all_of(members_.begin(), members_.end(),
                     [this](const auto& m) { return ClockIsKnown(m->worker()); });
}

void Fleet::SendProbe(uint32_t worker) {
  v1::CoordinatorMessage message;
  const uint32_t number =
      members_[worker]->mutable_clock()->OnProbe(clock_.MonotonicNs(), clock_.WallNs());
  message.mutable_clock_probe()->set_number(number);
  Send(worker, std::move(message));
}

void Fleet::ProbeUntilKnown(uint32_t worker) {
  if (!ClockIsKnown(worker) && !member(worker).clock().is_waiting()) SendProbe(worker);
}

void Fleet::ProbeRegularly() {
  next_probe_ns_ = clock_.MonotonicNs() + kProbeEveryNs / std::max(1u, size());
}

void Fleet::ProbeAsTimePasses() {
  if (options_.same_host) return;
  const int64_t now_ns = clock_.MonotonicNs();
  for (uint32_t sent = 0; next_probe_ns_ <= now_ns && sent < size(); ++sent) {
    if (members_[next_probed_]->present()) SendProbe(next_probed_);
    next_probed_ = (next_probed_ + 1) % size();
    next_probe_ns_ = std::max(next_probe_ns_, now_ns - kProbeEveryNs) + kProbeEveryNs / size();
  }
}

void Fleet::ProbeAll() {
  if (options_.same_host) return;
  for (uint32_t worker = 0; worker < size(); ++worker) {
    if (members_[worker]->present()) SendProbe(worker);
  }
}

bool Fleet::AwaitsProbe() const {
  return std::any_of(members_.begin(), members_.end(),
                     [](const auto& m) { return m->present() && m->clock().is_waiting(); });
}

int64_t Fleet::ToWorkerClock(uint32_t worker, int64_t monotonic_ns) const {
  return monotonic_ns + members_[worker]->clock().offset_ns();
}

}  // namespace drumfire
