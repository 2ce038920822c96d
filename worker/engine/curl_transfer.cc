#include "worker/engine/curl_transfer.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "worker/engine/curl_options.h"
#include "worker/engine/held_up.h"
#include "worker/engine/reset_on_close.h"
#include "worker/engine/stale_connection.h"

namespace drumfire {

CurlTransfer::CurlTransfer(const CurlContext* context, uint32_t url, MultiDriver* driver,
                           IdleConnections* idle, ClosedByPeer* closed)
    : context_(context),
      url_(url),
      driver_(driver),
      idle_(idle),
      closed_(closed),
      interpreter_(context->reader, context->interpreter) {
  MakeHandle();
}

CurlTransfer::~CurlTransfer() {
  if (is_busy()) Abort(v1::ERROR_NONE, "");
  curl_easy_cleanup(easy_);
}

void CurlTransfer::MakeHandle() {
  curl_easy_cleanup(easy_);
  easy_ = curl_easy_init();
  if (easy_ != nullptr) SetConstantOptions();
}

void CurlTransfer::SetConstantOptions() {
  SetTargetOptions(target(), *context_->options, easy_);
  curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, detail_);
  curl_easy_setopt(easy_, CURLOPT_PREREQFUNCTION, &CurlTransfer::OnSendStart);
  curl_easy_setopt(easy_, CURLOPT_PREREQDATA, this);
  curl_easy_setopt(easy_, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy_, CURLOPT_XFERINFOFUNCTION, &CurlTransfer::OnProgress);
  curl_easy_setopt(easy_, CURLOPT_XFERINFODATA, this);
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &CurlTransfer::OnHeaderLine);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &CurlTransfer::OnBody);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, &CurlTransfer::OpenSocket);
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy_, CURLOPT_CLOSESOCKETFUNCTION, &CurlTransfer::CloseSocket);
  curl_easy_setopt(easy_, CURLOPT_CLOSESOCKETDATA, idle_);
}

bool CurlTransfer::is_sticky() const {
  return context_->options->reuse() == v1::REUSE_STICKY_USER_SESSIONS;
}

// Its connection is closed behind the request.
bool CurlTransfer::is_single_use() const {
  return context_->options->reuse() == v1::REUSE_NEVER ||
         (is_sticky() && exchange_->is_last_turn());
}

// libcurl drops idle connections by whole seconds; for the rest, the handle's last use tells.
bool CurlTransfer::is_stale() const {
  const int64_t max_idle_ns = context_->options->max_idle_ns();
  return max_idle_ns > 0 && begin_ns_ - last_end_ns_ > max_idle_ns;
}

bool CurlTransfer::Begin(std::unique_ptr<Exchange> exchange) {
  exchange_ = std::move(exchange);
  interpreter_.Start(exchange_.get());
  Reset();
  if (easy_ == nullptr) return false;
  SetRequest();
  return Start();
}

bool CurlTransfer::BeginOpening() {
  is_opening_ = true;
  Reset();
  if (easy_ == nullptr) return false;
  curl_easy_setopt(easy_, CURLOPT_URL, target().url.c_str());
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, nullptr);
  curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t{0});
  curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, "");
  curl_easy_setopt(easy_, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(easy_, CURLOPT_FORBID_REUSE, 0L);
  return Start();
}

void CurlTransfer::Reset() {
  begin_ns_ = context_->clock->MonotonicNs();
  sends_ = 0;
  is_lost_ = may_resend_ = false;
  socket_errno_ = 0;
  detail_[0] = '\0';
  head_is_over_ = is_interim_head_ = is_interpreted_ = false;
}

bool CurlTransfer::Start() {
  context_->timers->ArmNoLaterThan(this, NextDeadline().ns);
  return curl_multi_add_handle(driver_->multi(), easy_) == CURLM_OK;
}

void CurlTransfer::SetRequest() {
  const std::string url = absl::StrCat(target().origin, PathOf(exchange_->head));
  headers_ = HeaderList(exchange_->head);
  const std::string* body = exchange_->body.get();
  curl_easy_setopt(easy_, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_);
  curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(body == nullptr ? 0 : body->size()));
  curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, body == nullptr ? "" : body->data());
  // What may lie in its multi without having been left for this request is another session's.
  const bool is_fresh = is_stale() || (is_sticky() && !has_connection_);
  curl_easy_setopt(easy_, CURLOPT_FRESH_CONNECT, long{is_fresh});
  curl_easy_setopt(easy_, CURLOPT_FORBID_REUSE, long{is_single_use()});
}

std::unique_ptr<Exchange> CurlTransfer::End(CURLcode result) {
  NoteIdle();
  if (!is_interpreted_ && result == CURLE_OK) {
    interpreter_.OnEof(Now());
  } else if (!is_interpreted_) {
    Fail(result);
  }
  std::unique_ptr<Exchange> exchange = Release();
  NoteSegmentLosses(exchange.get());
  if (!has_connection_ && EndedByPeer(*exchange)) NoteClosedByPeer();
  return exchange;
}

ConnectError CurlTransfer::EndOpening(CURLcode result) {
  ConnectError error;
  if (result == CURLE_OK) {
    NoteIdle();
  } else {
    error = WhyNotConnected(result);
  }
  Release();
  return error;
}

std::unique_ptr<Exchange> CurlTransfer::Abort(v1::ErrorClass error, absl::string_view message) {
  has_connection_ = false;
  if (error != v1::ERROR_NONE) interpreter_.OnBroken(error, message, Now());
  return Release();
}

std::unique_ptr<Exchange> CurlTransfer::Cancel() {
  if (!is_interpreted_) interpreter_.OnCancelled(Now());
  return Abort(v1::ERROR_NONE, "");
}

// libcurl knows the connection only while the handle is in the multi, and removes a connection that
// was only opened together with its handle.
std::unique_ptr<Exchange> CurlTransfer::Release() {
  context_->timers->Disarm(this);
  last_end_ns_ = context_->clock->MonotonicNs();
  if (easy_ != nullptr) {
    const long connects = CountConnects();
    context_->counters->connects += connects;
    NoteReplaced(connects);
    if (exchange_ != nullptr) NoteConnects(connects);
    curl_easy_setopt(easy_, CURLOPT_CONNECT_ONLY, 0L);
    curl_multi_remove_handle(driver_->multi(), easy_);
    if (is_lost_) MakeHandle();
  }
  if (exchange_ != nullptr) {
    context_->counters->bytes_received += exchange_->bytes_received;
    context_->counters->bytes_sent += exchange_->bytes_sent;
  }
  curl_slist_free_all(std::exchange(headers_, nullptr));
  is_opening_ = false;
  return std::move(exchange_);
}

void CurlTransfer::NoteIdle() {
  fd_ = CURL_SOCKET_BAD;
  curl_easy_getinfo(easy_, CURLINFO_ACTIVESOCKET, &fd_);
  has_connection_ = fd_ != CURL_SOCKET_BAD;
  if (has_connection_) idle_->NoteIdle(fd_, context_->clock->MonotonicNs());
}

void CurlTransfer::NoteSegmentLosses(Exchange* exchange) const {
  if (exchange->end_ns - exchange->sent_ns < kShortestWatchedNs) return;
  exchange->segment_losses = idle_->TakeSegmentLosses(has_connection_ ? fd_ : -1);
}

// A connection whose socket was refused is none.
long CurlTransfer::CountConnects() {
  if (is_lost_ && !may_resend_) return 0;
  long connects = 0;
  curl_easy_getinfo(easy_, CURLINFO_NUM_CONNECTS, &connects);
  return connects;
}

void CurlTransfer::NoteReplaced(long connects) {
  if (!may_reuse()) return;
  for (uint32_t closed = idle_->TakeHungUp(); closed > 0; --closed) closed_->Add();
  for (long i = 0; i < connects; ++i) {
    if (!closed_->Replace()) return;
    ++context_->counters->replacing_connects;
    if (exchange_ != nullptr) exchange_->connection_replaced = true;
  }
}

// The connection of a request that was sent is gone. libcurl may have closed it in sight of the
// other side's end: then it is among the hung up.
void CurlTransfer::NoteClosedByPeer() {
  if (!may_reuse() || sends_ == 0) return;
  const uint32_t closed = std::max(idle_->TakeHungUp(), 1u);
  for (uint32_t i = 0; i < closed; ++i) closed_->Add();
}

void CurlTransfer::NoteConnects(long connects) {
  const uint32_t resends = sends_ > 0 ? sends_ - 1 : 0;
  context_->counters->retries += resends;
  exchange_->retries += resends;
  exchange_->connection_reused = connects == 0 && sends_ > 0;
  if (connects == 0) return;
  const int64_t dns_ns = InfoNs(easy_, CURLINFO_NAMELOOKUP_TIME_T);
  const int64_t connect_ns = InfoNs(easy_, CURLINFO_CONNECT_TIME_T);
  const int64_t tls_ns = InfoNs(easy_, CURLINFO_APPCONNECT_TIME_T);
  exchange_->dns_ns = dns_ns;
  exchange_->connect_ns = std::max<int64_t>(0, connect_ns - dns_ns) + exchange_->connect_wait_ns;
  exchange_->tls_ns = tls_ns > 0 ? std::max<int64_t>(0, tls_ns - connect_ns) : 0;
}

void CurlTransfer::Fail(CURLcode result) {
  if (is_lost_ && !may_resend_) {
    return interpreter_.OnBroken(v1::ERROR_RESET, LostUnanswered(ECONNRESET), Now());
  }
  if (sends_ > 0) {
    const absl::string_view detail = detail_[0] != '\0' ? detail_ : curl_easy_strerror(result);
    return interpreter_.OnBroken(ClassAfterSend(result), detail, Now());
  }
  const ConnectError error = WhyNotConnected(result);
  interpreter_.OnBroken(error.error, error.message, Now());
}

ConnectError CurlTransfer::WhyNotConnected(CURLcode result) const {
  ConnectEvidence evidence;
  evidence.code = result;
  long connect_errno = 0;
  curl_easy_getinfo(easy_, CURLINFO_OS_ERRNO, &connect_errno);
  evidence.connect_errno = static_cast<int>(connect_errno);
  evidence.socket_errno = socket_errno_;
  evidence.detail = detail_;
  return ClassifyConnectError(target().address, evidence);
}

// Before the send only the connect can be late.
ResponseDeadline CurlTransfer::NextDeadline() const {
  const v1::Connections& options = *context_->options;
  if (sends_ > 0)
    return NextResponseDeadline(options, exchange_->sent_ns, interpreter_.last_life_ns(),
                                interpreter_.ended_ns());
  ResponseDeadline deadline;
  deadline.timeout_ns = options.connect_timeout_ns();
  deadline.ns = deadline.timeout_ns > 0 ? begin_ns_ + deadline.timeout_ns : kNever;
  deadline.error = v1::ERROR_CONNECT_TIMEOUT;
  return deadline;
}

// If we are late, timely bytes of the server may still be unread, so poll the sockets before
// judging.
void CurlTransfer::OnTimer(int64_t now_ns) {
  if (!is_busy()) return;
  if (now_ns >= NextDeadline().ns) driver_->OnIo(0);
  if (!is_busy()) return;
  const ResponseDeadline deadline = NextDeadline();
  if (now_ns >= deadline.ns) return context_->listener->OnTransferTimeout(this, deadline);
  context_->timers->ArmNoLaterThan(this, deadline.ns);
}

int CurlTransfer::OnSendStart(void* transfer, char*, char*, int, int) {
  auto* self = static_cast<CurlTransfer*>(transfer);
  self->context_->listener->OnTransferConnected(self, self->CountConnects() > 0);
  if (self->is_opening_) {
    curl_easy_setopt(self->easy_, CURLOPT_CONNECT_ONLY, 1L);
    return CURL_PREREQFUNC_OK;
  }
  if (self->sends_ > 0 && !self->MaySendAgain()) return CURL_PREREQFUNC_ABORT;
  ++self->sends_;
  curl_easy_setopt(self->easy_, CURLOPT_FRESH_CONNECT, 1L);  // for the next send, if there is one
  self->exchange_->sent_ns = self->context_->clock->MonotonicNs();
  self->exchange_->sent_end_ns = -1;
  self->context_->timers->ArmNoLaterThan(self, self->NextDeadline().ns);
  return CURL_PREREQFUNC_OK;
}

// The first time it is asked, the connection of the first send has just ended without an answer.
bool CurlTransfer::MaySendAgain() {
  if (is_lost_) return may_resend_;
  const int64_t lost_after_ns = context_->clock->MonotonicNs() - exchange_->sent_ns;
  is_lost_ = true;
  may_resend_ = IsStale(lost_after_ns, idle_->last_round_trip_ns());
  if (may_resend_) exchange_->stale_connection_ns = lost_after_ns;
  return may_resend_;
}

// Called after each of libcurl's steps: the first that finds all sent bounds the end of the send.
int CurlTransfer::OnProgress(void* transfer, curl_off_t, curl_off_t, curl_off_t total,
                             curl_off_t sent) {
  auto* self = static_cast<CurlTransfer*>(transfer);
  Exchange* exchange = self->exchange_.get();
  const bool is_new = exchange != nullptr && self->sends_ > 0 && exchange->sent_end_ns < 0;
  if (is_new && sent == total) {
    exchange->sent_end_ns = self->context_->clock->MonotonicNs();
    exchange->send_call_ns = exchange->sent_end_ns - exchange->sent_ns;
    exchange->bytes_sent = exchange->head.size() + (exchange->body ? exchange->body->size() : 0);
  }
  return 0;
}

size_t CurlTransfer::OnHeaderLine(char* data, size_t size, size_t count, void* transfer) {
  auto* self = static_cast<CurlTransfer*>(transfer);
  // Trailers are none of the response's head.
  if (!self->head_is_over_) self->TakeHeaderLine(absl::string_view(data, size * count));
  return size * count;
}

void CurlTransfer::TakeHeaderLine(absl::string_view line) {
  constexpr absl::string_view kHttp1 = "HTTP/1.";
  const bool is_status_line = absl::StartsWith(line, "HTTP/");
  if (is_status_line)
    is_interim_head_ = absl::StrContains(line.substr(0, line.find(' ') + 2), " 1");
  if (is_status_line && !absl::StartsWith(line, kHttp1)) {
    Interpret(absl::StrCat("HTTP/1.1", line.substr(line.find(' '))));
  } else {
    Interpret(line);
  }
  head_is_over_ = absl::StripAsciiWhitespace(line).empty() && !is_interim_head_;
  if (head_is_over_) context_->timers->ArmNoLaterThan(this, NextDeadline().ns);
}

// Nothing may come behind the end; libcurl would use the connection again, so break it off. The
// exchange is complete by then.
size_t CurlTransfer::OnBody(char* data, size_t size, size_t count, void* transfer) {
  auto* self = static_cast<CurlTransfer*>(transfer);
  if (self->is_interpreted_) return 0;
  self->Interpret(absl::string_view(data, size * count));
  if (self->interpreter_.has_ended())
    self->context_->timers->ArmNoLaterThan(self, self->NextDeadline().ns);
  return self->is_interpreted_ && !self->interpreter_.reusable() ? 0 : size * count;
}

void CurlTransfer::Interpret(absl::string_view bytes) {
  if (is_interpreted_) return;
  const ReadStamp stamp = Now();
  const uint32_t coalesced_before = exchange_->coalesced_chunks;
  is_interpreted_ = interpreter_.OnRead(bytes, stamp) == ResponseInterpreter::Progress::kDone;
  const bool is_held_up = stamp.ns - *context_->could_read_ns > kHeldUpNs;
  if (is_held_up) exchange_->own_coalesced_chunks += exchange_->coalesced_chunks - coalesced_before;
}

curl_socket_t CurlTransfer::OpenSocket(void* transfer, curlsocktype, curl_sockaddr* address) {
  auto* const self = static_cast<CurlTransfer*>(transfer);
  if (self->sends_ > 0 && !self->MaySendAgain()) return CURL_SOCKET_BAD;
  const int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd < 0) self->socket_errno_ = errno;
  return fd;
}

int CurlTransfer::CloseSocket(void* idle, curl_socket_t fd) {
  auto* const connections = static_cast<IdleConnections*>(idle);
  connections->NoteClosed(fd);
  if (connections->resets_on_close()) ResetOnClose(fd);
  return close(fd);
}

}  // namespace drumfire
