#include "coordinator/run/stop_requests.h"

#include <signal.h>

namespace drumfire {
namespace {

std::atomic<int> signals_seen{0};
static_assert(std::atomic<int>::is_always_lock_free);

void OnSignal(int) { signals_seen.fetch_add(1, std::memory_order_relaxed); }

void Handle(void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // A terminal that goes away; under nohup it is ignored, and stays so.
  struct sigaction inherited = {};
  sigaction(SIGHUP, nullptr, &inherited);
  if (inherited.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
}

}  // namespace

SignalStopRequests::SignalStopRequests() {
  signals_seen = 0;
  Handle(&OnSignal);
}

SignalStopRequests::~SignalStopRequests() { Handle(SIG_DFL); }

int SignalStopRequests::count() const { return signals_seen.load(std::memory_order_relaxed); }

}  // namespace drumfire
