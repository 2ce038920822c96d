// One worker as its coordinator sees it: the real session and run over an engine without a network.
// Many live on one shared thread.
#pragma once

#include <memory>
#include <string>

#include "tools/fleet_sim/fake_fleet.h"
#include "tools/fleet_sim/fleet_resources.h"
#include "worker/session/control_stream.h"
#include "worker/session/session_loop.h"

namespace drumfire::fleet_sim {

class FakeWorker : public std::enable_shared_from_this<FakeWorker>, private ControlEnd {
 public:
  // fleet must outlive the worker. The shared thread, from Begin on.
  explicit FakeWorker(FakeFleet* fleet);
  ~FakeWorker() override;

  // --- gRPC's threads ---
  void OnMessage(v1::CoordinatorMessage message);
  void OnStreamClosed();
  const std::shared_ptr<StreamHandle>& stream() const { return stream_; }

  // --- the shared thread ---
  void Begin();
  // Breaks the stream off, as a cut cable does.
  void Drop();

 private:
  template <typename Run>
  void BeginRun();
  void Handle(const v1::CoordinatorMessage& message);
  void NoteReceived(const v1::CoordinatorMessage& message, int64_t now_ns);
  void NoteSent(const v1::WorkerMessage& message, int64_t now_ns);
  void NoteEnd(const std::string& why, uint64_t resends);
  void Send(v1::WorkerMessage message) override;
  void Finish() override { stream_->Finish(grpc::Status::OK); }

  FakeFleet* const fleet_;
  const std::shared_ptr<StreamHandle> stream_ = std::make_shared<StreamHandle>();
  bool is_dropped_ = false;
  FleetResources resources_;
  std::unique_ptr<SessionHost> host_;
  std::unique_ptr<SessionLoop> session_;
  std::unique_ptr<LoopRunner> runner_;
};

}  // namespace drumfire::fleet_sim
