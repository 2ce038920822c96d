#include "worker/engine/connection.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "worker/engine/held_up.h"
#include "worker/engine/quick_ack.h"
#include "worker/engine/reset_on_close.h"
#include "worker/engine/stale_connection.h"

namespace drumfire {
namespace {

// Reads of one connection in a turn, so that a flood on one does not hold up the others.
constexpr int kReadsPerTurn = 4;

constexpr uint32_t kWatched = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
constexpr uint32_t kEnded = EPOLLRDHUP | EPOLLHUP | EPOLLERR;

}  // namespace

Connection::Connection(const ConnectionContext* context, uint32_t url,
                       std::unique_ptr<Socket> socket)
    : context_(context),
      url_(url),
      has_kernel_stamps_(socket->has_kernel_stamps()),
      socket_(std::move(socket)),
      interpreter_(context->reader, context->interpreter) {}

Connection::~Connection() { Close(); }

bool Connection::Watch() { return context_->poller->Watch(socket_->fd(), kWatched, this); }

std::unique_ptr<Exchange> Connection::Close() {
  if (socket_ != nullptr) {
    context_->poller->Forget(socket_->fd(), this);
    context_->timers->Disarm(this);
    socket_.reset();
  }
  return std::move(exchange_);
}

std::unique_ptr<Exchange> Connection::Cancel() {
  if (is_busy()) interpreter_.OnCancelled({context_->clock->MonotonicNs(), v1::STAMP_USER});
  if (socket_ != nullptr) ResetOnClose(socket_->fd());
  return Close();
}

void Connection::Begin(std::unique_ptr<Exchange> exchange, bool reused) {
  exchange_ = std::move(exchange);
  exchange_->connection_reused = reused;
  reused_ = reused;
  sent_bytes_ = 0;
  stall_armed_ = false;
  interpreter_.Start(exchange_.get());
  Send();
  ArmTimer();
}

absl::string_view Connection::body() const {
  return exchange_->body == nullptr ? absl::string_view() : absl::string_view(*exchange_->body);
}

void Connection::Send() {
  while (has_unsent()) {
    const absl::string_view head = exchange_->head;
    const size_t body_sent = sent_bytes_ > head.size() ? sent_bytes_ - head.size() : 0;
    const absl::string_view head_rest = head.substr(std::min(sent_bytes_, head.size()));
    const absl::string_view body_rest = body().substr(body_sent);
    const int64_t before_ns = context_->clock->MonotonicNs();
    const IoResult result = socket_->Send(head_rest, body_rest);
    const int64_t after_ns = context_->clock->MonotonicNs();
    if (sent_bytes_ == 0) begin_ns_ = last_stamp_ns_ = before_ns;
    NoteSent(result, before_ns, after_ns);
    if (result.error == EAGAIN) return;
    if (result.error == EINTR) continue;
    // The server closed; it may have answered before that, so reading decides what this was.
    if (result.error != 0) return ReadLater();
  }
}

void Connection::NoteSent(const IoResult& result, int64_t before_ns, int64_t after_ns) {
  if (result.bytes == 0) return;
  if (sent_bytes_ == 0) {
    exchange_->sent_ns = before_ns;
    exchange_->send_call_ns = after_ns - before_ns;
  }
  sent_bytes_ += result.bytes;
  exchange_->bytes_sent += result.bytes;
  context_->counters->bytes_sent += result.bytes;
  if (has_unsent()) return;
  exchange_->sent_end_ns = after_ns;
  if (context_->options->quick_ack()) AcknowledgeAtOnce(socket_->fd());
}

void Connection::OnIo(uint32_t epoll_events) {
  if ((epoll_events & kEnded) != 0) peer_ended_ = true;
  if ((epoll_events & EPOLLOUT) != 0 && is_busy() && has_unsent()) Send();
  if ((epoll_events & (EPOLLIN | kEnded)) != 0 && !reads_later_) Read();
}

void Connection::Read() {
  if (!is_open()) return;
  is_busy() ? ReadBusy() : ReadIdle();
}

void Connection::ReadBusy() {
  for (int i = 0; i < kReadsPerTurn; ++i) {
    const IoResult result = socket_->Receive(context_->buffer, context_->buffer_bytes);
    if (result.bytes > 0) {
      if (!TakeBytes(result)) return;
      if (result.drained && !peer_ended_) return;
    } else if (result.error == EAGAIN) {
      return;
    } else if (result.error != EINTR) {
      return HandleEnd(result.error);
    }
  }
  ReadLater();
}

void Connection::ReadLater() {
  if (reads_later_) return;
  reads_later_ = true;
  context_->listener->OnReadMoreLater(this);
}

void Connection::ReadMore() {
  reads_later_ = false;
  Read();
}

// Nobody asked for anything: only a TLS record without text (a session ticket) may come.
void Connection::ReadIdle() {
  const IoResult result = socket_->Receive(context_->buffer, context_->buffer_bytes);
  if (result.error == EAGAIN && !peer_ended_) return;
  Close();
  context_->listener->OnIdleClosed(this);
}

bool Connection::TakeBytes(const IoResult& result) {
  const int64_t read_ns = context_->clock->MonotonicNs();
  context_->counters->bytes_received += result.bytes;
  ++*context_->reads;
  const ReadStamp stamp = StampOf(result, read_ns);
  const uint32_t coalesced_before = exchange_->coalesced_chunks;
  const auto progress =
      interpreter_.OnRead(absl::string_view(context_->buffer, result.bytes), stamp);
  NoteDelay(stamp, read_ns, exchange_->coalesced_chunks - coalesced_before);
  if (progress == ResponseInterpreter::Progress::kDone) {
    Finish(interpreter_.reusable() && !has_unsent() && !peer_ended_);
    return false;
  }
  if ((!stall_armed_ && interpreter_.last_life_ns() >= 0) || interpreter_.has_ended()) {
    stall_armed_ = true;
    ArmTimer();
  }
  return true;
}

ReadStamp Connection::StampOf(const IoResult& result, int64_t read_ns) {
  if (result.stamp_realtime_ns == 0) return {read_ns, v1::STAMP_USER};
  const int64_t stamp_ns =
      context_->stamps->ToMonotonic(result.stamp_realtime_ns, last_stamp_ns_, read_ns);
  if (stamp_ns == KernelStamps::kRefused) {
    ++exchange_->refused_stamps;
    ++context_->counters->refused_stamps;
    return {read_ns, v1::STAMP_USER};
  }
  ++context_->counters->kernel_stamps;
  last_stamp_ns_ = stamp_ns;
  return {stamp_ns, v1::STAMP_KERNEL};
}

// The stamp of a merged read is its last segment's: how long the first one waited shows only in how
// late the loop was.
void Connection::NoteDelay(const ReadStamp& stamp, int64_t read_ns, uint32_t coalesced_chunks) {
  int64_t delay_ns = read_ns - stamp.ns;
  if (coalesced_chunks > 0) delay_ns = std::max(delay_ns, read_ns - *context_->could_read_ns);
  if (stamp.source == v1::STAMP_KERNEL) context_->read_delays->Add(delay_ns);
  if (delay_ns > kHeldUpNs) exchange_->own_coalesced_chunks += coalesced_chunks;
}

void Connection::HandleEnd(int error) {
  if (!interpreter_.started()) return Lose(error);
  if (error != 0) {
    return FailAndClose(v1::ERROR_RESET,
                        absl::StrCat("connection lost amid the response: ", strerror(error)));
  }
  interpreter_.OnEof({context_->clock->MonotonicNs(), v1::STAMP_USER});
  Finish(/*reusable=*/false);
}

void Connection::Lose(int error) {
  const int64_t lost_after_ns = context_->clock->MonotonicNs() - begin_ns_;
  const bool may_be_stale = reused_ && exchange_->retries == 0;
  if (may_be_stale && IsStale(lost_after_ns, ShortestRoundTripNs(socket_->fd()))) {
    exchange_->stale_connection_ns = lost_after_ns;
    std::unique_ptr<Exchange> exchange = Close();
    context_->listener->OnLostUnanswered(this, std::move(exchange));
    return;
  }
  FailAndClose(v1::ERROR_RESET, LostUnanswered(error));
}

void Connection::NoteSegmentLosses() {
  if (socket_ == nullptr || exchange_->end_ns - begin_ns_ < kShortestWatchedNs) return;
  exchange_->segment_losses = segment_losses_.TakeNew(socket_->fd());
}

void Connection::Finish(bool reusable) {
  NoteSegmentLosses();
  std::unique_ptr<Exchange> exchange = reusable ? std::move(exchange_) : Close();
  context_->listener->OnExchangeOver(this, std::move(exchange));
}

void Connection::FailAndClose(v1::ErrorClass error, absl::string_view message) {
  interpreter_.OnBroken(error, message, {context_->clock->MonotonicNs(), v1::STAMP_USER});
  Finish(/*reusable=*/false);
}

void Connection::ArmTimer() {
  if (is_busy()) context_->timers->ArmNoLaterThan(this, NextDeadline().ns);
}

ResponseDeadline Connection::NextDeadline() const {
  return NextResponseDeadline(*context_->options, begin_ns_, interpreter_.last_life_ns(),
                              interpreter_.ended_ns());
}

// If we are late, timely bytes of the server may still be unread, so read before judging.
void Connection::OnTimer(int64_t now_ns) {
  if (is_busy() && NextDeadline().ns <= now_ns) Read();
  if (!is_busy()) return;
  const ResponseDeadline deadline = NextDeadline();
  if (deadline.ns <= now_ns) {
    FailAndClose(deadline.error, deadline.Message());
  } else {
    ArmTimer();
  }
}

}  // namespace drumfire
