#include "worker/session/visit.h"

namespace drumfire {

bool Visit::OnMessage(v1::CoordinatorMessage message) {
  if (leave_ != nullptr) Begin(message);
  return session_ == nullptr || session_->OnMessage(std::move(message));
}

void Visit::Begin(const v1::CoordinatorMessage& first) {
  v1::WorkerMessage reply;
  reply.mutable_refused()->set_reason("the first message is not Hello");
  if (first.has_hello()) session_ = adopt_(first.hello(), stream_, reply.mutable_refused());
  Leave();
  if (session_ != nullptr) return;
  stream_->Send(std::move(reply));
  stream_->Finish(grpc::Status::OK);
}

void Visit::OnClosed() {
  Leave();
  if (session_ != nullptr) session_->OnStreamClosed();
}

void Visit::Leave() {
  if (const auto leave = std::exchange(leave_, nullptr); leave != nullptr) leave();
}

}  // namespace drumfire
