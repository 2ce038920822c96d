#include "worker/engine/connect.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "worker/engine/plain_socket.h"
#include "worker/engine/tls_socket.h"

namespace drumfire {
namespace {

// If libcurl cannot even begin (no descriptor left), delay before that is reported, so that a
// closed loop does not spin on it.
constexpr int64_t kFailedToStartPauseNs = kNsPerMs;

CURLSH* MakeShare() {
  CURLSH* share = curl_share_init();
  curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
  return share;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connector>> Connector::Create(std::vector<Target> targets,
                                                             const v1::Connections& options,
                                                             const Clock& clock, Poller* poller,
                                                             TimerHeap* timers,
                                                             ConnectListener* listener) {
  auto connector = std::unique_ptr<Connector>(
      new Connector(std::move(targets), options, clock, poller, timers, listener));
  if (connector->probe_fd_ < 0 || connector->ShardWithRoom() == nullptr) {
    return absl::ResourceExhaustedError("engine: no descriptors left to connect with");
  }
  return connector;
}

Connector::Connector(std::vector<Target> targets, const v1::Connections& options,
                     const Clock& clock, Poller* poller, TimerHeap* timers,
                     ConnectListener* listener)
    : targets_(std::move(targets)),
      options_(options),
      clock_(clock),
      poller_(poller),
      timers_(timers),
      listener_(listener),
      share_(MakeShare()),
      probe_fd_(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)),
      gates_(MakeConnectGates(targets_.size(), clock)),
      waiting_(targets_.size()) {}

Connector::~Connector() {
  CancelAll();
  ended_.clear();
  shards_.clear();
  curl_share_cleanup(share_);
  if (probe_fd_ >= 0) close(probe_fd_);
}

void Connector::Start(uint32_t url, std::unique_ptr<Exchange> exchange) {
  auto attempt = std::make_unique<ConnectAttempt>(url, std::move(exchange), this);
  attempt->asked_ns = clock_.MonotonicNs();
  attempt->was_paced = !gates_[url].MayTry(attempt->asked_ns);
  if (options_.connect_timeout_ns() > 0) {
    timers_->ArmNoLaterThan(attempt.get(), attempt->asked_ns + options_.connect_timeout_ns());
  }
  waiting_[url].push_back(std::move(attempt));
  Advance();
}

// In turn, so that no url waits for the line of another.
void Connector::Advance() {
  for (bool has_begun = true; has_begun;) {
    has_begun = false;
    for (uint32_t url = 0; url < url_count(); ++url) has_begun |= BeginNext(url);
  }
}

bool Connector::BeginNext(uint32_t url) {
  if (waiting_[url].empty() || running_.size() >= kMaxConnecting) return false;
  const int64_t now_ns = clock_.MonotonicNs();
  if (!gates_[url].MayTry(now_ns)) {
    timers_->ArmNoLaterThan(this, std::max(now_ns + kNsPerMs, gates_[url].next_ns()));
    return false;
  }
  gates_[url].OnTry();
  std::unique_ptr<ConnectAttempt> next = std::move(waiting_[url].front());
  waiting_[url].pop_front();
  next->began_ns = now_ns;
  Begin(std::move(next));
  return true;
}

void Connector::Begin(std::unique_ptr<ConnectAttempt> attempt) {
  Shard* shard = ShardWithRoom();
  if (shard == nullptr || !AddToMulti(attempt.get(), shard)) {
    timers_->Disarm(attempt.get());
    failed_to_start_.push_back(std::move(attempt));
    timers_->ArmNoLaterThan(this, clock_.MonotonicNs() + kFailedToStartPauseNs);
    return;
  }
  ++shard->handles;
  CURL* easy = attempt->easy();
  running_[easy] = {std::move(attempt), shard};
}

bool Connector::AddToMulti(ConnectAttempt* attempt, Shard* shard) {
  return attempt->Prepare(target(attempt->url()), options_, share_) &&
         curl_multi_add_handle(shard->driver->multi(), attempt->easy()) == CURLM_OK;
}

Connector::Shard* Connector::ShardWithRoom() {
  for (const std::unique_ptr<Shard>& shard : shards_) {
    if (shard->handles < kHandlesPerMulti) return shard.get();
  }
  auto driver = MultiDriver::Create(clock_, poller_, timers_, this);
  if (!driver.ok()) return nullptr;
  shards_.push_back(std::make_unique<Shard>());
  shards_.back()->driver = *std::move(driver);
  return shards_.back().get();
}

void Connector::OnTransferDone(CURL* easy, CURLcode result) {
  Running done = TakeRunning(easy);
  if (done.attempt == nullptr) return;
  ConnectAttempt* attempt = done.attempt.get();
  if (result == CURLE_OK && attempt->descriptor() >= 0) {
    gates_[attempt->url()].OnSuccess();
    const ConnectTimes times = TimesOf(*attempt);
    std::unique_ptr<Socket> socket = MakeSocket(attempt, done.shard);
    std::unique_ptr<Exchange> exchange = attempt->TakeExchange();
    const uint32_t url = attempt->url();
    ended_.push_back(std::move(done.attempt));
    Advance();
    listener_->OnConnected(url, std::move(exchange), std::move(socket), times);
    return;
  }
  const ConnectError error =
      attempt->Error(result, target(attempt->url()), CanOpenDescriptor(probe_fd_));
  Release(easy, done.shard);
  Fail(std::move(done.attempt), error);
}

ConnectTimes Connector::TimesOf(const ConnectAttempt& attempt) const {
  ConnectTimes times = attempt.Times();
  if (attempt.was_paced) times.wait_ns = attempt.began_ns - attempt.asked_ns;
  times.connect_ns += times.wait_ns;
  return times;
}

std::unique_ptr<Socket> Connector::MakeSocket(ConnectAttempt* attempt, Shard* shard) {
  if (target(attempt->url()).is_tls) {
    const int fd = attempt->descriptor();
    return std::make_unique<TlsSocket>(attempt->TakeEasy(), fd, [this, shard](CURL* easy) {
      Release(easy, shard);
      curl_easy_cleanup(easy);
    });
  }
  auto socket = std::make_unique<PlainSocket>(attempt->TakeDescriptor());
  Release(attempt->easy(), shard);
  return socket;
}

void Connector::OnAttemptTimeout(ConnectAttempt* attempt) {
  Running late = TakeRunning(attempt->easy());
  if (late.attempt != nullptr) {
    Release(attempt->easy(), late.shard);
  } else {
    late.attempt = TakeWaiting(attempt);
  }
  Fail(std::move(late.attempt), ConnectTimedOut(target(attempt->url()).address));
}

void Connector::OnTimer(int64_t) {
  ConnectEvidence evidence;
  evidence.code = CURLE_FAILED_INIT;
  for (std::unique_ptr<ConnectAttempt>& attempt : std::exchange(failed_to_start_, {})) {
    const ConnectError error = ClassifyConnectError(target(attempt->url()).address, evidence);
    Fail(std::move(attempt), error);
  }
  Advance();
}

void Connector::Fail(std::unique_ptr<ConnectAttempt> attempt, const ConnectError& error) {
  const uint32_t url = attempt->url();
  const bool has_begun = attempt->began_ns > 0;
  if (has_begun) gates_[url].OnFailure(error.error, attempt->began_ns, clock_.MonotonicNs());
  std::deque<std::unique_ptr<ConnectAttempt>> hopeless;
  if (has_begun) hopeless = TakeHopeless(url);
  Tell(std::move(attempt), error);
  for (auto& waiting : hopeless) Tell(std::move(waiting), error);
}

// Those that wait for an address that is down. Without that a closed loop would get one error per
// pause, and an open loop's line would grow.
std::deque<std::unique_ptr<ConnectAttempt>> Connector::TakeHopeless(uint32_t url) {
  return gates_[url].is_down() ? std::exchange(waiting_[url], {})
                               : std::deque<std::unique_ptr<ConnectAttempt>>();
}

void Connector::Tell(std::unique_ptr<ConnectAttempt> attempt, const ConnectError& error) {
  timers_->Disarm(attempt.get());
  std::unique_ptr<Exchange> exchange = attempt->TakeExchange();
  const uint32_t url = attempt->url();
  ended_.push_back(std::move(attempt));
  Advance();
  listener_->OnConnectFailed(url, std::move(exchange), error);
}

std::vector<std::unique_ptr<Exchange>> Connector::CancelAll() {
  std::vector<std::unique_ptr<Exchange>> exchanges;
  const auto end = [&](std::unique_ptr<ConnectAttempt> attempt) {
    timers_->Disarm(attempt.get());
    if (!attempt->is_for_later()) exchanges.push_back(attempt->TakeExchange());
    ended_.push_back(std::move(attempt));
  };
  for (auto& [easy, running] : std::exchange(running_, {})) {
    Release(easy, running.shard);
    gates_[running.attempt->url()].OnGivenUp();
    end(std::move(running.attempt));
  }
  for (auto& line : waiting_) {
    for (auto& attempt : std::exchange(line, {})) end(std::move(attempt));
  }
  for (auto& attempt : std::exchange(failed_to_start_, {})) end(std::move(attempt));
  return exchanges;
}

void Connector::Reap() { ended_.clear(); }

Connector::Running Connector::TakeRunning(CURL* easy) {
  const auto found = running_.find(easy);
  if (found == running_.end()) return {};
  Running running = std::move(found->second);
  running_.erase(found);
  timers_->Disarm(running.attempt.get());
  return running;
}

std::unique_ptr<ConnectAttempt> Connector::TakeWaiting(const ConnectAttempt* attempt) {
  auto& line = waiting_[attempt->url()];
  const auto found = std::find_if(line.begin(), line.end(),
                                  [&](const auto& waiting) { return waiting.get() == attempt; });
  std::unique_ptr<ConnectAttempt> taken = std::move(*found);
  line.erase(found);
  return taken;
}

void Connector::Release(CURL* easy, Shard* shard) {
  curl_multi_remove_handle(shard->driver->multi(), easy);
  --shard->handles;
}

}  // namespace drumfire
