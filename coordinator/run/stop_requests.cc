#include "coordinator/run/stop_requests.h"

#include <signal.h>
#include <unistd.h>

namespace drumfire {
namespace {

std::atomic<int> signals_seen{0};
static_assert(std::atomic<int>::is_always_lock_free);

constexpr int kLastStop = 3;
constexpr int kRunFailed = 1;
constexpr char kEndedAtOnce[] =
    "\ndrumfire: third signal: ended at once. `drumfire report DIR` makes a report of what was "
    "recorded.\n";

// Whatever the run waits for, the user need not.
void OnSignal(int) {
  if (signals_seen.fetch_add(1, std::memory_order_relaxed) + 1 < kLastStop) return;
  (void)!write(STDERR_FILENO, kEndedAtOnce, sizeof(kEndedAtOnce) - 1);
  _exit(kRunFailed);
}

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
