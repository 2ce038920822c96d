#include "tools/mock_server/client_connection.h"

#include <sys/epoll.h>

#include <utility>

#include "tools/mock_server/listener.h"

namespace drumfire::mock {
namespace {

constexpr size_t kMaxBufferedInput = 4 << 20;
// A stream waits when its client is so far behind.
constexpr size_t kMaxBufferedOutput = 1 << 20;
constexpr int kStepsPerTurn = 64;
// After our side has closed, the client's bytes are read and dropped for this long: an earlier
// close would reset the connection, and the client might lose the answer.
constexpr int64_t kLingerNs = 2 * kNsPerSecond;
constexpr absl::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

ClientConnection::ClientConnection(std::unique_ptr<ClientSocket> channel, ServerState* state,
                                   std::function<void(int)> on_closed)
    : state_(*state),
      on_closed_(std::move(on_closed)),
      traits_(TraitsOf(state->options->persona)),
      socket_(std::move(channel)),
      accounting_(state->metrics, state->truth, traits_.name, PeerAddress(socket_->fd())),
      active_ns_(state->clock->MonotonicNs()) {}

absl::Status ClientConnection::Start() {
  const absl::Status status = state_.loop->Add(socket_->fd(), EPOLLIN, this);
  if (status.ok()) Arm();
  return status;
}

void ClientConnection::Abandon() {
  if (busy()) EndBooks(/*whole=*/false, /*client_closed=*/false);
  phase_ = Phase::kClosed;
}

void ClientConnection::OnIo(uint32_t events) {
  if ((events & EPOLLOUT) != 0) Flush();
  if ((events & ~static_cast<uint32_t>(EPOLLOUT)) != 0) Read();
  Arm();
}

void ClientConnection::OnTimer(int64_t due_ns) {
  if (due_ns != armed_ns_) return;  // another was armed in its place
  armed_ns_ = kNeverNs;
  if (phase_ == Phase::kReplying) {
    Pump();
    TakeBufferedInput();
  } else if (WakeNs() <= due_ns) {
    Close();
  }
  Arm();
}

void ClientConnection::OnSlot() {
  --state_.metrics->waiting;
  Begin();
  Arm();
}

void ClientConnection::Read() {
  std::vector<char>& buffer = state_.read_buffer;
  while (phase_ != Phase::kClosed) {
    const ssize_t got = socket_->Read(buffer.data(), buffer.size());
    if (got == ClientSocket::kAgain) return;
    if (got <= 0) return Close();
    read_ns_ = ArrivalNs();
    active_ns_ = state_.clock->MonotonicNs();
    TakeInput(absl::string_view(buffer.data(), static_cast<size_t>(got)));
    if (phase_ == Phase::kClosed || !socket_->MayHaveMore(got, buffer.size())) return;
  }
}

// A busy server reads late; that wait is part of the request's time. Without a stamp, or with an
// impossible one, the time of the read counts.
int64_t ClientConnection::ArrivalNs() const {
  const int64_t now_ns = state_.clock->MonotonicNs();
  const int64_t waited_ns = state_.clock->WallNs() - socket_->arrived_wall_ns();
  const bool is_possible = waited_ns >= 0 && now_ns - waited_ns >= read_ns_;
  return is_possible ? now_ns - waited_ns : now_ns;
}

void ClientConnection::TakeInput(absl::string_view data) {
  while (phase_ == Phase::kIdle && !data.empty()) {
    if (parser_.idle()) accounting_.Arrive(read_ns_);
    const absl::StatusOr<HttpParser::Progress> progress = parser_.Feed(&data);
    if (!progress.ok()) {
      StartExchange(state_.api->Refuse(progress.status(), state_.clock->WallNs()));
    } else if (*progress == HttpParser::Progress::kHeadDone) {
      Send(kContinue, 0);
    } else if (*progress == HttpParser::Progress::kDone) {
      RespondToRequest();
    }
  }
  if (!busy()) return;
  input_.append(data.data(), data.size());
  if (input_.size() > kMaxBufferedInput) Close();
}

void ClientConnection::TakeBufferedInput() {
  if (phase_ != Phase::kIdle || input_.empty()) return;
  const std::string data = std::exchange(input_, std::string());
  TakeInput(data);
}

void ClientConnection::RespondToRequest() {
  const HttpRequest& request = parser_.request();
  const int limit = traits_.requests_per_connection;
  const bool keep_alive = request.keep_alive && (limit == 0 || ++requests_ < limit);
  const int64_t wall_ns = state_.clock->WallNs();
  accounting_.Describe(request, state_.clock->MonotonicNs(), wall_ns, state_.options->body_sha256);
  Answer answer = state_.api->Respond(request, keep_alive, wall_ns);
  parser_.Reset();
  StartExchange(std::move(answer));
}

void ClientConnection::StartExchange(Answer answer) {
  answer_ = std::move(answer);
  phase_ = Phase::kQueued;
  accounting_.Answer(answer_);
  state_.write_buffer.clear();
  answer_.reply->Open(&state_.write_buffer);
  Send(state_.write_buffer, 0);
  if (phase_ == Phase::kClosed) return;
  if (answer_.needs_slot && !state_.slots->Enter(this)) {
    ++state_.metrics->waiting;
    return;
  }
  Begin();
  Pump();
}

void ClientConnection::Begin() {
  const int64_t now_ns = state_.clock->MonotonicNs();
  phase_ = Phase::kReplying;
  if (answer_.needs_slot) ++state_.metrics->running;
  accounting_.Begin(now_ns);
  answer_.reply->Begin(now_ns);
}

void ClientConnection::Pump() {
  for (int i = 0; i < kStepsPerTurn && phase_ == Phase::kReplying; ++i) {
    if (output_.size() > kMaxBufferedOutput) return;  // Flush comes back
    if (answer_.reply->next_due_ns() > state_.clock->MonotonicNs()) return;
    StepOnce();
  }
}

void ClientConnection::StepOnce() {
  state_.write_buffer.clear();
  const ReplyStep step = answer_.reply->Step(&state_.write_buffer);
  accounting_.CountTokens(step.tokens);
  Send(state_.write_buffer, step.text_events);
  if (phase_ == Phase::kReplying && step.end != ReplyEnd::kNotYet) EndExchange(step.end);
}

void ClientConnection::Send(absl::string_view bytes, int text_events) {
  if (bytes.empty()) return;
  if (busy()) accounting_.Send(state_.clock->MonotonicNs(), text_events);
  const ssize_t sent = output_.empty() ? socket_->Write(bytes) : ClientSocket::kAgain;
  if (sent == ClientSocket::kFailed) return Close();
  bytes.remove_prefix(sent > 0 ? static_cast<size_t>(sent) : 0);
  if (bytes.empty()) return;
  if (output_.empty()) state_.loop->Modify(socket_->fd(), EPOLLIN | EPOLLOUT);
  output_.append(bytes.data(), bytes.size());
}

void ClientConnection::Flush() {
  while (!output_.empty()) {
    const ssize_t sent = socket_->Write(output_);
    if (sent == ClientSocket::kAgain) return;
    if (sent < 0) return Close();
    output_.erase(0, static_cast<size_t>(sent));
  }
  output_.shrink_to_fit();
  active_ns_ = state_.clock->MonotonicNs();
  state_.loop->Modify(socket_->fd(), EPOLLIN);
  if (phase_ == Phase::kLingering) socket_->ShutdownWrite();
  if (phase_ == Phase::kReplying) Pump();
  TakeBufferedInput();
}

void ClientConnection::EndExchange(ReplyEnd end) {
  EndBooks(/*whole=*/end == ReplyEnd::kDone, /*client_closed=*/false);
  phase_ = Phase::kIdle;
  active_ns_ = state_.clock->MonotonicNs();
  if (end == ReplyEnd::kReset) {
    socket_->ResetOnClose();
    return Close();
  }
  if (end == ReplyEnd::kClose || !answer_.keep_alive) Linger();
}

void ClientConnection::EndBooks(bool whole, bool client_closed) {
  accounting_.End(state_.clock->MonotonicNs(), whole, client_closed);
  answer_.reply.reset();
  if (!answer_.needs_slot) return;
  if (phase_ == Phase::kQueued) {
    --state_.metrics->waiting;
    state_.slots->Cancel(this);
    return;
  }
  --state_.metrics->running;
  state_.slots->Leave();
}

void ClientConnection::Linger() {
  phase_ = Phase::kLingering;
  input_.clear();
  if (output_.empty()) socket_->ShutdownWrite();
}

void ClientConnection::Close() {
  if (phase_ == Phase::kClosed) return;
  if (busy()) EndBooks(/*whole=*/false, /*client_closed=*/true);
  phase_ = Phase::kClosed;
  const int fd = socket_->fd();
  state_.loop->Remove(fd);
  socket_.reset();
  on_closed_(fd);
}

void ClientConnection::Arm() {
  if (phase_ == Phase::kClosed) return;
  const int64_t wake_ns = WakeNs();
  if (wake_ns >= armed_ns_) return;
  armed_ns_ = wake_ns;
  state_.loop->Arm(socket_->fd(), wake_ns);
}

int64_t ClientConnection::WakeNs() const {
  switch (phase_) {
    case Phase::kReplying:
      return output_.size() > kMaxBufferedOutput ? kNeverNs : answer_.reply->next_due_ns();
    case Phase::kLingering:
      return active_ns_ + kLingerNs;
    case Phase::kIdle:
      return traits_.idle_close_ns > 0 ? active_ns_ + traits_.idle_close_ns : kNeverNs;
    case Phase::kQueued:
    case Phase::kClosed:
      return kNeverNs;
  }
  return kNeverNs;
}

}  // namespace drumfire::mock
