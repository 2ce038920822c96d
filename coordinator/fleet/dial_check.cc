#include "coordinator/fleet/dial_check.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/match.h"

namespace drumfire {
namespace {

// A running worker answers long before; one that is only starting is probed again.
constexpr auto kProbeEvery = std::chrono::milliseconds(500);

}  // namespace

DialCheck::DialCheck(const std::vector<WorkerAddress>& workers, DialProbe probe,
                     Mailbox<FleetEvent>* events)
    : workers_(workers), probe_(std::move(probe)), events_(events) {
  {
    const MutexLock lock(&mutex_);
    for (uint32_t worker = 0; worker < workers_.size(); ++worker) {
      if (!absl::StartsWith(workers_[worker].dial, "unix:")) silent_.insert(worker);
    }
  }
  thread_ = std::thread([this] { Run(); });
}

DialCheck::~DialCheck() {
  Stop();
  thread_.join();
}

void DialCheck::Stop() {
  {
    const MutexLock lock(&mutex_);
    stopping_ = true;
  }
  news_.NotifyAll();
}

void DialCheck::OnDial(uint32_t worker) {
  const MutexLock lock(&mutex_);
  dialled_ = std::max(dialled_, worker + 1);
}

void DialCheck::OnAnswer(uint32_t worker) {
  const MutexLock lock(&mutex_);
  silent_.erase(worker);
}

void DialCheck::OnSilentEnd(const WorkerAddress& worker, FleetEvent end) {
  {
    const MutexLock lock(&mutex_);
    if (!stopping_ && ends_.size() < kMostEnds) {
      ends_.push_back({worker, std::move(end)});
      news_.NotifyAll();
      return;
    }
  }
  events_->PushAlways(std::move(end));
}

// False when it is time to end.
bool DialCheck::Sleep() {
  const MutexLock lock(&mutex_);
  const auto deadline = std::chrono::steady_clock::now() + kProbeEvery;
  const bool is_timed = !silent_.empty();
  while (!HasNews()) {
    if (!is_timed) {
      news_.Wait(&mutex_);
    } else if (!news_.WaitUntil(&mutex_, deadline)) {
      break;
    }
  }
  return !stopping_;
}

// False when there is none.
bool DialCheck::ExplainEnd() {
  SilentEnd end;
  {
    const MutexLock lock(&mutex_);
    if (ends_.empty()) return false;
    end = std::move(ends_.front());
    ends_.pop_front();
  }
  std::string fault = probe_(end.worker);
  if (!fault.empty()) end.event.close_reason = std::move(fault);
  events_->PushAlways(std::move(end.event));
  return true;
}

std::set<uint32_t> DialCheck::Silent() {
  const MutexLock lock(&mutex_);
  if (stopping_) return {};
  return {silent_.begin(), silent_.lower_bound(dialled_)};
}

bool DialCheck::IsSilent(uint32_t worker) {
  const MutexLock lock(&mutex_);
  return !stopping_ && silent_.contains(worker);
}

void DialCheck::Run() {
  while (Sleep()) {
    if (ExplainEnd()) continue;
    for (const uint32_t worker : Silent()) {
      if (IsSilent(worker)) Probe(worker);
    }
  }
}

void DialCheck::Probe(uint32_t worker) {
  std::string fault = probe_(workers_[worker]);
  if (fault.empty()) return;
  OnAnswer(worker);
  FleetEvent event;
  event.worker = worker;
  event.closed = true;
  event.close_reason = std::move(fault);
  events_->PushAlways(std::move(event));
}

}  // namespace drumfire
