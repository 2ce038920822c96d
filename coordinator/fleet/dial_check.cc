#include "coordinator/fleet/dial_check.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/match.h"
#include "coordinator/fleet/dial_probe.h"

namespace drumfire {
namespace {

// A worker that is up answers long before; one that starts up only now is probed again.
constexpr auto kProbeEvery = std::chrono::milliseconds(500);
constexpr absl::Duration kPatience = absl::Seconds(1);

}  // namespace

DialCheck::DialCheck(const std::vector<WorkerAddress>& workers, FleetCredentials credentials,
                     Mailbox<FleetEvent>* events)
    : workers_(workers), credentials_(std::move(credentials)), events_(events) {
  for (uint32_t worker = 0; worker < workers_.size(); ++worker) {
    if (!absl::StartsWith(workers_[worker].dial, "unix:")) silent_.insert(worker);
  }
  thread_ = std::thread([this] { Run(); });
}

DialCheck::~DialCheck() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void DialCheck::OnDial(uint32_t worker) {
  const std::lock_guard lock(mutex_);
  dialled_ = std::max(dialled_, worker + 1);
}

void DialCheck::OnAnswer(uint32_t worker) {
  const std::lock_guard lock(mutex_);
  silent_.erase(worker);
}

// False when it is time to end.
bool DialCheck::Sleep() {
  std::unique_lock lock(mutex_);
  return !stop_.wait_for(lock, kProbeEvery, [this] { return stopping_ || silent_.empty(); });
}

std::set<uint32_t> DialCheck::Silent() {
  const std::lock_guard lock(mutex_);
  if (stopping_) return {};
  return {silent_.begin(), silent_.lower_bound(dialled_)};
}

bool DialCheck::IsSilent(uint32_t worker) {
  const std::lock_guard lock(mutex_);
  return !stopping_ && silent_.contains(worker);
}

void DialCheck::Run() {
  while (Sleep()) {
    for (const uint32_t worker : Silent()) {
      if (IsSilent(worker)) Probe(worker);
    }
  }
}

void DialCheck::Probe(uint32_t worker) {
  std::string fault = ProbeWorker(workers_[worker], credentials_, kPatience);
  if (fault.empty()) return;
  OnAnswer(worker);
  FleetEvent event;
  event.worker = worker;
  event.closed = true;
  event.close_reason = std::move(fault);
  events_->Push(std::move(event));
}

}  // namespace drumfire
