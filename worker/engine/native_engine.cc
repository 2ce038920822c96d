#include "worker/engine/native_engine.h"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/dialect/dialect.h"
#include "common/status/status_macros.h"
#include "worker/engine/forwarded_head.h"

namespace drumfire {
namespace {

constexpr size_t kBufferBytes = 128 << 10;
constexpr size_t kBufferPadding = 64;  // the JSON parser may look so far behind its input
// A turn handles this much even if a send is due, so that consecutive sends do not starve the
// reads.
constexpr int kMinEventsPerTurn = 4;
// In the last moment before a due send the sockets are left alone: handling one event may take as
// long.
constexpr int64_t kQuietBeforeDueNs = 15 * kNsPerUs;

// The kernel switches receive stamps on with the first socket that asks, some time after: have one
// always.
int OpenStampKeeper() {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  if (fd >= 0) setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
  return fd;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> NativeEngine::Create(const v1::Plan& plan,
                                                             const Clock& clock,
                                                             EngineOwner* owner) {
  DRUMFIRE_ASSIGN_OR_RETURN(std::vector<Target> targets, ParseTargets(plan));
  DRUMFIRE_ASSIGN_OR_RETURN(std::unique_ptr<Poller> poller, Poller::Create(clock));
  auto engine = std::unique_ptr<NativeEngine>(
      new NativeEngine(plan, clock, owner, std::move(poller), targets.size()));
  DRUMFIRE_ASSIGN_OR_RETURN(
      engine->connector_, Connector::Create(std::move(targets), plan.connections(), clock,
                                            engine->poller_.get(), &engine->timers_, engine.get()));
  return engine;
}

NativeEngine::NativeEngine(const v1::Plan& plan, const Clock& clock, EngineOwner* owner,
                           std::unique_ptr<Poller> poller, size_t urls)
    : clock_(clock),
      owner_(owner),
      options_(plan.engine()),
      poller_(std::move(poller)),
      reader_(DialectOf(plan.endpoint()).make_reader()),
      buffer_(kBufferBytes + kBufferPadding),
      stamps_(clock),
      read_delays_(kMaxReadDelaySamples),
      poll_interval_(plan.engine().poll_interval_ns()),
      stamp_keeper_fd_(OpenStampKeeper()),
      preopening_(urls),
      context_(MakeContext(plan)),
      pool_(urls, plan.connections(), clock, &timers_),
      closed_by_peer_(urls),
      is_reusing_(plan.connections().reuse() != v1::REUSE_NEVER) {}

NativeEngine::~NativeEngine() {
  if (stamp_keeper_fd_ >= 0) close(stamp_keeper_fd_);
}

ConnectionContext NativeEngine::MakeContext(const v1::Plan& plan) {
  ConnectionContext context{};
  context.clock = &clock_;
  context.poller = poller_.get();
  context.timers = &timers_;
  context.stamps = &stamps_;
  context.read_delays = &read_delays_;
  context.counters = &counters_;
  context.reads = &reads_;
  context.could_read_ns = &could_read_ns_;
  context.options = &plan.connections();
  context.buffer = buffer_.data();
  context.buffer_bytes = kBufferBytes;
  context.reader = reader_.get();
  context.interpreter = InterpreterOptionsOf(plan);
  context.listener = this;
  return context;
}

absl::StatusOr<uint32_t> NativeEngine::OpenConnections(uint32_t count, int64_t deadline_ns) {
  preopen_error_ = {};
  Poll(clock_.MonotonicNs(), false);  // what the servers closed meanwhile does not count
  const uint32_t urls = connector_->url_count();
  for (uint32_t url = 0; url < urls; ++url) Preopen(url, ShareOfUrl(count, url, urls));
  while (is_preopening() && !gave_up_opening() && clock_.MonotonicNs() < deadline_ns) {
    Poll(deadline_ns, false);
  }
  uint32_t open = 0;
  for (uint32_t url = 0; url < urls; ++url) {
    const uint32_t fresh = pool_.CountFresh(url);
    if (fresh == 0 && ShareOfUrl(count, url, urls) > 0) return NothingOpened(preopen_error_);
    open += fresh;
  }
  return std::min(open, count);
}

void NativeEngine::Preopen(uint32_t url, uint32_t wanted) {
  for (uint32_t have = pool_.CountFresh(url); have < wanted; ++have) {
    ++preopening_[url];
    connector_->Start(url, nullptr);
  }
}

bool NativeEngine::is_preopening() const {
  return std::any_of(preopening_.begin(), preopening_.end(), [](uint32_t n) { return n > 0; });
}

void NativeEngine::OpenAhead(uint32_t url, uint32_t idle) {
  if (connector_->is_paced(url)) return;
  const uint32_t have = pool_.CountUsable(url) + preopening_[url];
  for (uint32_t begun = 0; have + begun < idle && begun < kMaxBegunAhead; ++begun) {
    ++preopening_[url];
    connector_->Start(url, nullptr);
  }
}

void NativeEngine::Send(std::unique_ptr<Exchange> exchange) {
  ++in_flight_;
  const Target& target = connector_->target(exchange->url);
  if (target.is_forwarded()) AddressThroughProxy(target, &exchange->head);
  if (Connection* idle = pool_.Take(*exchange)) {
    idle->Begin(std::move(exchange), /*reused=*/true);
  } else {
    const uint32_t url = exchange->url;
    connector_->Start(url, std::move(exchange));
  }
}

void NativeEngine::Poll(int64_t deadline_ns, bool deadline_is_due) {
  PreparePollingThread();
  Reap();
  const bool waits = !poller_->has_batch();
  if (waits) AwaitWork(deadline_ns, deadline_is_due);
  woke_ns_ = clock_.MonotonicNs();
  if (waits) could_read_ns_ = std::min(woke_ns_, deadline_ns);
  stamps_.Refresh();
  const int64_t due_ns = deadline_is_due ? deadline_ns : kNever;
  HandleReady(due_ns);
  HandleReadMore(due_ns);
  timers_.FireDue(clock_.MonotonicNs());
}

// Frees the connections that ended during the last turn, when nothing refers to them any more.
void NativeEngine::Reap() {
  const auto is_closed = [](const Connection* connection) { return !connection->is_open(); };
  read_more_.erase(std::remove_if(read_more_.begin(), read_more_.end(), is_closed),
                   read_more_.end());
  pool_.Reap();
  connector_->Reap();
}

// Timer slack is the thread's; the default of 50 us would delay every sleep by that.
void NativeEngine::PreparePollingThread() {
  if (thread_prepared_) return;
  prctl(PR_SET_TIMERSLACK, 1);
  thread_prepared_ = true;
}

void NativeEngine::AwaitWork(int64_t deadline_ns, bool deadline_is_due) {
  if (!read_more_.empty()) return LookAtSockets(0);
  const int64_t spin_ns = deadline_is_due ? options_.spin_ns() : 0;
  LookAtSockets(std::min(deadline_ns - spin_ns, timers_.next_deadline_ns()));
  if (poller_->has_batch() || clock_.MonotonicNs() < deadline_ns - spin_ns) return;
  SpinUntil(deadline_ns);
}

void NativeEngine::LookAtSockets(int64_t deadline_ns) {
  if (is_lazy()) {
    const int64_t poll_ns = poll_interval_.NextPollNs(clock_.MonotonicNs());
    poller_->SleepUntil(std::min(deadline_ns, poll_ns));
    if (clock_.MonotonicNs() < poll_ns) return;
    deadline_ns = 0;
  }
  poller_->Wait(deadline_ns);
  poll_interval_.Polled(clock_.MonotonicNs(), in_flight_, reads_);
}

// Without kernel stamps a late read would falsify the times, and with nothing in flight there is
// nothing to save.
bool NativeEngine::is_lazy() const {
  return poll_interval_.interval_ns() > 0 && in_flight_ > 0 && pool_.unstamped() == 0;
}

void NativeEngine::SpinUntil(int64_t due_ns) {
  for (int64_t now_ns = clock_.MonotonicNs(); now_ns < due_ns; now_ns = clock_.MonotonicNs()) {
    if (is_lazy() || due_ns - now_ns < kQuietBeforeDueNs) continue;
    poller_->Wait(now_ns);
    if (poller_->has_batch()) return;
  }
}

void NativeEngine::HandleReady(int64_t due_ns) {
  for (int handled = 0; poller_->HandleNext(); ++handled) {
    if (due_ns != kNever && handled >= kMinEventsPerTurn && clock_.MonotonicNs() >= due_ns) return;
  }
}

void NativeEngine::HandleReadMore(int64_t due_ns) {
  std::vector<Connection*> waiting = std::exchange(read_more_, {});
  for (size_t i = 0; i < waiting.size(); ++i) {
    if (due_ns != kNever && i > 0 && clock_.MonotonicNs() >= due_ns) {
      read_more_.insert(read_more_.end(), waiting.begin() + i, waiting.end());
      return;
    }
    waiting[i]->ReadMore();
  }
}

void NativeEngine::CancelAll() {
  const std::vector<Connection*> busy = pool_.Busy();
  std::vector<std::unique_ptr<Exchange>> unsent = connector_->CancelAll();
  std::vector<std::unique_ptr<Exchange>> sent;
  std::fill(preopening_.begin(), preopening_.end(), 0);
  for (Connection* connection : busy) {
    sent.push_back(connection->Cancel());
    pool_.Retire(connection);
  }
  for (auto& exchange : unsent) FinishCancelled(std::move(exchange));
  for (auto& exchange : sent) Finish(std::move(exchange));
}

void NativeEngine::FinishCancelled(std::unique_ptr<Exchange> exchange) {
  if (exchange->outcome != v1::OUTCOME_FAILED) exchange->outcome = v1::OUTCOME_CANCELLED;
  exchange->end_ns = clock_.MonotonicNs();
  Finish(std::move(exchange));
}

void NativeEngine::Finish(std::unique_ptr<Exchange> exchange) {
  --in_flight_;
  owner_->OnFinished(std::move(exchange));
}

void NativeEngine::OnConnected(uint32_t url, std::unique_ptr<Exchange> exchange,
                               std::unique_ptr<Socket> socket, const ConnectTimes& times) {
  ++counters_.connects;
  const bool is_replacing = closed_by_peer_[url].Replace();
  counters_.replacing_connects += is_replacing ? 1 : 0;
  Connection* connection =
      pool_.Add(std::make_unique<Connection>(&context_, url, std::move(socket)));
  if (!connection->Watch()) {
    Drop(connection);
    return OnConnectFailed(url, std::move(exchange),
                           {v1::ERROR_CLIENT_LIMIT, "client limit: no room in epoll"});
  }
  if (exchange == nullptr) {
    preopening_[url] -= preopening_[url] > 0 ? 1 : 0;
    return pool_.ReturnUnused(connection);
  }
  exchange->dns_ns = times.dns_ns;
  exchange->connect_ns = times.connect_ns;
  exchange->tls_ns = times.tls_ns;
  exchange->connect_wait_ns = times.wait_ns;
  exchange->connection_replaced = is_replacing;
  connection->Begin(std::move(exchange), /*reused=*/false);
}

void NativeEngine::OnConnectFailed(uint32_t url, std::unique_ptr<Exchange> exchange,
                                   const ConnectError& error) {
  if (exchange == nullptr) {
    preopening_[url] -= preopening_[url] > 0 ? 1 : 0;
    preopen_error_ = error;
    return;
  }
  FailExchange(error.error, error.message, exchange.get());
  exchange->end_ns = clock_.MonotonicNs();
  Finish(std::move(exchange));
}

void NativeEngine::OnExchangeOver(Connection* connection, std::unique_ptr<Exchange> exchange) {
  if (connection->is_open()) {
    pool_.ReturnAfter(connection, *exchange);
  } else {
    if (EndedByPeer(*exchange)) NoteClosedByPeer(connection->url());
    Drop(connection);
  }
  Finish(std::move(exchange));
}

void NativeEngine::OnLostUnanswered(Connection* connection, std::unique_ptr<Exchange> exchange) {
  NoteClosedByPeer(connection->url());
  Drop(connection);
  ++counters_.retries;
  ++exchange->retries;
  exchange->sent_ns = exchange->sent_end_ns = -1;
  const uint32_t url = exchange->url;
  connector_->Start(url, std::move(exchange));
}

void NativeEngine::OnIdleClosed(Connection* connection) {
  NoteClosedByPeer(connection->url());
  Drop(connection);
}

void NativeEngine::NoteClosedByPeer(uint32_t url) {
  if (is_reusing_) closed_by_peer_[url].Add();
}

void NativeEngine::OnReadMoreLater(Connection* connection) { read_more_.push_back(connection); }

void NativeEngine::Drop(Connection* connection) {
  connection->Close();
  pool_.Retire(connection);
}

}  // namespace drumfire
