// A control stream from its beginning: nobody's until its first message is a Hello, then the run's.
//
//   auto visit = std::make_shared<Visit>(stream, adopt, leave);
//   new ControlStream(..., stream, {.on_message = [visit](v1::CoordinatorMessage message) {
//                       return visit->OnMessage(std::move(message));
//                     }, .on_closed = [visit] { visit->OnClosed(); }});
//
// Called from the stream's callbacks, one at a time.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "worker/session/run_session.h"

namespace drumfire {

class Visit {
 public:
  // The session that this Hello begins; null and a refusal when there can be none.
  using Adopt = std::function<std::shared_ptr<RunSession>(
      const v1::Hello& hello, const std::shared_ptr<StreamHandle>& stream, v1::Refused* refused)>;

  // leave is called once: the stream has an owner, was refused or is over.
  Visit(std::shared_ptr<StreamHandle> stream, Adopt adopt, std::function<void()> leave)
      : stream_(std::move(stream)), adopt_(std::move(adopt)), leave_(std::move(leave)) {}

  // False: no further message before StreamHandle::Resume.
  bool OnMessage(v1::CoordinatorMessage message);
  void OnClosed();

 private:
  void Begin(const v1::CoordinatorMessage& first);
  void Leave();

  const std::shared_ptr<StreamHandle> stream_;
  const Adopt adopt_;
  std::function<void()> leave_;  // null once called
  std::shared_ptr<RunSession> session_;
};

}  // namespace drumfire
