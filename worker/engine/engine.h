// The engine sends requests over HTTP and stamps the responses. It has two implementations: native
// (libcurl connects, then our own loop uses the socket) and curl (libcurl does whole transfers).
// One thread owns an engine and makes all calls but Wake. Its loop:
//
//     while (!done) {
//       while (auto exchange = TakeDue(clock.MonotonicNs())) engine->Send(std::move(exchange));
//       engine->Poll(NextDueNs(), /*deadline_is_due=*/true);  // calls owner->OnFinished(...)
//     }
//
#pragma once

#include <atomic>
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

// Called on the engine's thread from inside Poll, Send or CancelAll; may call Send.
class EngineOwner {
 public:
  virtual ~EngineOwner() = default;
  // The request has ended; outcome, error and times are set.
  virtual void OnFinished(std::unique_ptr<Exchange> exchange) = 0;
};

// Counts since the engine was created.
struct EngineCounters {
  uint64_t connects = 0;
  uint64_t replacing_connects = 0;  // of these, replacing connections closed by the other side
  uint64_t retries = 0;
  uint64_t kernel_stamps = 0;
  uint64_t refused_stamps = 0;
  uint64_t bytes_sent = 0;
  uint64_t bytes_received = 0;
};

class Engine {
 public:
  virtual ~Engine() = default;

  // Opens idle connections for the next Sends, until there are count in total, spread evenly over
  // the urls. Returns the number of open ones once all are open or deadline_ns (monotonic) has
  // passed; an error if some url has none although it should.
  virtual absl::StatusOr<uint32_t> OpenConnections(uint32_t count, int64_t deadline_ns) = 0;
  // Nobody needs connections any more: OpenConnections returns soon, now and from now on. Any
  // thread.
  void GiveUpOpening() {
    gave_up_opening_ = true;
    Wake();
  }
  // Sends now, on an idle or a new connection. The exchange is returned through OnFinished exactly
  // once.
  virtual void Send(std::unique_ptr<Exchange> exchange) = 0;
  // Begins to open idle connections to the url, at most kMaxBegunAhead, until `idle` of them are
  // idle or connecting; never waits. Failures are not reported: requests that need a connection
  // will encounter them again.
  virtual void OpenAhead(uint32_t url, uint32_t idle) = 0;
  // Waits for I/O, a timeout or Wake, at most until deadline_ns (monotonic), and handles everything
  // that is ready. If deadline_is_due (a send is due then), it busy-waits for the last spin_ns
  // instead of sleeping.
  virtual void Poll(int64_t deadline_ns, bool deadline_is_due) = 0;
  // Ends every request in flight (calling OnFinished for each) and closes its connection. The
  // outcome is OUTCOME_CANCELLED, unless the response had ended and only the end of its body was
  // missing.
  virtual void CancelAll() = 0;
  // Makes a running or the next Poll return soon. Any thread.
  virtual void Wake() = 0;

  virtual uint32_t in_flight() const = 0;
  virtual EngineCounters counters() const = 0;
  // When the wait of the last Poll ended, monotonic ns; the thread has been working since then. 0
  // before the first Poll.
  virtual int64_t woke_ns() const = 0;
  virtual const char* name() const = 0;  // "native" or "curl"
  // Read time minus kernel stamp of each read, ns; empty without kernel stamps. Removes the
  // samples: at most one per read, from a reservoir of kMaxReadDelaySamples.
  virtual std::vector<int64_t> TakeReadDelays() = 0;

 protected:
  bool gave_up_opening() const { return gave_up_opening_; }

 private:
  std::atomic<bool> gave_up_opening_ = false;
};

// Connects begun per OpenAhead; each takes about 0.2 ms of the thread.
constexpr uint32_t kMaxBegunAhead = 8;

constexpr size_t kMaxReadDelaySamples = 4096;

// This url's part of count connections spread evenly over all urls.
uint32_t ShareOfUrl(uint32_t count, uint32_t url, uint32_t urls);

// plan provides urls, endpoint, connection and engine options. plan, owner and clock must outlive
// the engine.
absl::StatusOr<std::unique_ptr<Engine>> MakeEngine(const v1::Plan& plan, const Clock& clock,
                                                   EngineOwner* owner);

}  // namespace drumfire
