// Where record frames come from, as RecordIntake uses it: one link per worker, by its endpoint.
// ZmqRecordTransport is the real one; the simulated fleet and tests have their own. One thread, the
// intake's loop, makes all calls but SetArrivalHandler, which its owner makes while no loop runs.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/loop/loop.h"

namespace drumfire {

struct LinkState {
  // Both ends have proved their keys; stays true when the link breaks later and is made again.
  bool was_up = false;
  // The other end said no: trying again will not help.
  bool refused = false;
  // The last failure in words; empty = none.
  std::string cause;
};

class RecordTransport {
 public:
  virtual ~RecordTransport() = default;

  // Begins a link to the endpoint, which has none, and takes frames only from the holder of the
  // secret half of server_key. A broken link is made again by itself. INVALID_ARGUMENT for an
  // endpoint that is none.
  virtual absl::Status Connect(const std::string& endpoint, const std::string& server_key) = 0;
  virtual void Disconnect(const std::string& endpoint) = 0;
  // The next frame that waits; nothing when none does. Valid until the next call.
  virtual std::optional<absl::string_view> Next() = 0;
  // While held, frames that wait do not end the waiter's wait: the intake takes none for now.
  virtual void HoldFrames(bool /*hold*/) {}
  // True when a link's state has changed since the last call.
  virtual bool TakeLinkChanges() = 0;
  virtual LinkState StateOf(const std::string& endpoint) const = 0;

  // How the intake's loop waits for frames; null = as its runner does, woken by on_arrival.
  virtual LoopWaiter* waiter() { return nullptr; }
  // Called for each frame and link change that waits, where there is no waiter of its own. Set
  // before the first Connect, and once more when nobody listens any longer.
  virtual void SetArrivalHandler(const std::function<void()>& /*on_arrival*/) {}
};

}  // namespace drumfire
