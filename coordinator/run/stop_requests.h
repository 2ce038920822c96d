// How often the user asked the run to stop: once = stop sending, finish what is in flight; twice =
// stop at once, report what is there; a third signal ends the process.
#pragma once

#include <atomic>

namespace drumfire {

class StopRequests {
 public:
  virtual ~StopRequests() = default;
  // 0, 1, 2, ... Any thread.
  virtual int count() const = 0;
};

// SIGINT, SIGTERM and SIGHUP of this process, from construction to destruction. One at a time. The
// third ends the process with exit code 1 and leaves the journal for `drumfire report`.
class SignalStopRequests : public StopRequests {
 public:
  SignalStopRequests();
  ~SignalStopRequests() override;
  int count() const override;
};

}  // namespace drumfire
