// The engine drives requests over HTTP and stamps what comes back. Two of them stand behind this
// interface: native (libcurl connects, then our own loop on the socket) and curl (libcurl does
// whole transfers). One thread owns an engine and makes all calls but Wake; that thread's loop is:
// send what is due, Poll until the next due time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "drumfire/v1/plan.pb.h"
#include "worker/exchange/exchange.h"

namespace drumfire {

// Told on the engine's thread, from inside Poll, Send or CancelAll; may call Send.
class EngineOwner {
 public:
  virtual ~EngineOwner() = default;
  // The request is over, well or not: outcome, error and times are filled in.
  virtual void OnFinished(std::unique_ptr<Exchange> exchange) = 0;
};

// Counted since the engine was made.
struct EngineCounters {
  uint64_t connects = 0;
  uint64_t replacing_connects = 0;  // of these, for connections that the other side had closed
  uint64_t retries = 0;
  uint64_t kernel_stamps = 0;
  uint64_t refused_stamps = 0;
  uint64_t bytes_sent = 0;
  uint64_t bytes_received = 0;
};

class Engine {
 public:
  virtual ~Engine() = default;

  // Opens idle connections for the next Sends, until there are count in all, spread evenly over the
  // urls. Returns how many are open when all are or deadline_ns (monotonic) passed; an error when a
  // url that was to have some has none.
  virtual absl::StatusOr<uint32_t> OpenConnections(uint32_t count, int64_t deadline_ns) = 0;
  // Sends now: on an idle connection or a new one. The exchange comes back through OnFinished,
  // exactly once.
  virtual void Send(std::unique_ptr<Exchange> exchange) = 0;
  // Begins to open idle connections to the url, kMaxBegunAhead at most, until so many are idle or
  // on their way; never waits. Failures are silent: the requests that need a connection meet them
  // again.
  virtual void OpenAhead(uint32_t url, uint32_t idle) = 0;
  // Waits for I/O, a time-out or Wake, at most until deadline_ns (monotonic), and handles all that
  // is ready. Sleeps through the wait but for the last spin_ns of it when deadline_is_due says that
  // a send is due then.
  virtual void Poll(int64_t deadline_ns, bool deadline_is_due) = 0;
  // Ends every request in flight (OnFinished is called for each) and closes its connection. The
  // outcome is OUTCOME_CANCELLED, unless the response had ended and only the end of its body was
  // still waited for.
  virtual void CancelAll() = 0;
  // Makes a running or the next Poll return soon. Any thread.
  virtual void Wake() = 0;

  virtual uint32_t in_flight() const = 0;
  virtual EngineCounters counters() const = 0;
  // When the wait of the last Poll ended (monotonic ns): what the thread did since then is its own
  // work. 0 before the first.
  virtual int64_t woke_ns() const = 0;
  virtual const char* name() const = 0;  // "native" or "curl"
  // Read time minus kernel stamp of each read, ns, drained by the caller; empty without kernel
  // stamps. At most one sample a read, reservoir of kMaxReadDelaySamples.
  virtual std::vector<int64_t> TakeReadDelays() = 0;
};

// OpenAhead begins so many at a time: each takes some 0.2 ms of the thread.
constexpr uint32_t kMaxBegunAhead = 8;

constexpr size_t kMaxReadDelaySamples = 4096;

// Of count connections spread evenly over so many urls: how many go to this one.
uint32_t ShareOfUrl(uint32_t count, uint32_t url, uint32_t urls);

// plan: urls, endpoint, connections and engine options are read; must outlive the engine, as must
// owner and clock.
absl::StatusOr<std::unique_ptr<Engine>> MakeEngine(const v1::Plan& plan, const Clock& clock,
                                                   EngineOwner* owner);

}  // namespace drumfire
