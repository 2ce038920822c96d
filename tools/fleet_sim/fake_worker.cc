#include "tools/fleet_sim/fake_worker.h"

#include <algorithm>
#include <utility>

#include "tools/fleet_sim/counting_run.h"
#include "tools/fleet_sim/fake_run.h"

namespace drumfire::fleet_sim {
namespace {

void KeepFirst(int64_t now_ns, int64_t* first_ns) {
  if (*first_ns == 0) *first_ns = now_ns;
}

}  // namespace

FakeWorker::FakeWorker(FakeFleet* fleet)
    : fleet_(fleet),
      resources_({fleet->settings().answer, fleet->settings().speed_up, &fleet->clock(),
                  &fleet->loops(), &fleet->workloads(), &fleet->links()}) {}

FakeWorker::~FakeWorker() = default;

template <typename Run>
void FakeWorker::BeginRun() {
  ControlEnd* const end = this;
  auto run = std::make_unique<Run>(
      &resources_, end,
      [this](const std::string& why, uint64_t resends) { NoteEnd(why, resends); });
  session_ = std::make_unique<SessionLoop>(run.get(), end);
  runner_ = fleet_->loops().Run(session_.get(), nullptr);
  run->Attach(&session_->session(), runner_.get());
  host_ = std::move(run);
}

void FakeWorker::Begin() {
  fleet_->settings().keep_records ? BeginRun<FakeRun>() : BeginRun<CountingRun>();
}

void FakeWorker::OnMessage(v1::CoordinatorMessage message) {
  fleet_->thread().Post(
      [self = shared_from_this(), message = std::move(message)] { self->Handle(message); });
}

// After the messages that came before it. Nothing of the worker lives on another thread than the
// shared one, whoever holds it last.
void FakeWorker::OnStreamClosed() {
  fleet_->thread().Post([self = shared_from_this()] {
    self->runner_->Post([self] {
      self->session_->OnStreamClosed();
      self->fleet_->Remove(self);
      self->runner_.reset();  // knows that its own task ends it
    });
  });
}

void FakeWorker::Drop() {
  is_dropped_ = true;
  stream_->Finish(grpc::Status(grpc::StatusCode::UNAVAILABLE, "dropped by the simulation"));
}

void FakeWorker::Handle(const v1::CoordinatorMessage& message) {
  if (runner_ == nullptr) return;  // the stream has ended
  NoteReceived(message, fleet_->clock().MonotonicNs());
  runner_->Post([this, message] { session_->OnMessage(message, fleet_->clock().MonotonicNs()); });
}

void FakeWorker::NoteReceived(const v1::CoordinatorMessage& message, int64_t now_ns) {
  Figures& figures = fleet_->figures();
  if (message.has_hello()) {
    KeepFirst(now_ns, &figures.first_hello_ns);
  } else if (message.has_heartbeat()) {
    ++figures.heartbeats_answered;
    figures.slowest_answer_ns =
        std::max(figures.slowest_answer_ns, now_ns - message.heartbeat().sent_ns());
  } else if (message.has_prepare()) {
    if (message.prepare().phase() == 0) KeepFirst(now_ns, &figures.first_prepare_ns);
  } else if (message.has_start()) {
    if (message.start().phase() == 0) figures.last_start_ns = now_ns;
    figures.latest_start_ns =
        std::max(figures.latest_start_ns, now_ns - message.start().start_ns());
    fleet_->OnStart(now_ns);
  } else if (message.has_grant()) {
    ++figures.grants;
    figures.credits += message.grant().count();
    KeepFirst(now_ns, &figures.first_grant_ns);
    if (message.grant().count() > 0) figures.last_grant_ns = now_ns;
  }
}

void FakeWorker::NoteSent(const v1::WorkerMessage& message, int64_t now_ns) {
  Figures& figures = fleet_->figures();
  if (message.has_heartbeat()) ++figures.heartbeats_sent;
  if (message.has_loaded()) figures.last_loaded_ns = now_ns;
  if (message.has_prepared() && message.prepared().phase() == 0) figures.last_prepared_ns = now_ns;
  if (message.has_demand()) ++figures.demands;
  if (!message.has_phase_done()) return;
  figures.records += message.phase_done().records_made();
  figures.records_dropped += message.phase_done().health().records_dropped();
}

void FakeWorker::Send(v1::WorkerMessage message) {
  NoteSent(message, fleet_->clock().MonotonicNs());
  stream_->Send(std::move(message));
}

void FakeWorker::NoteEnd(const std::string& why, uint64_t resends) {
  Figures& figures = fleet_->figures();
  if (is_dropped_) {
    ++figures.dropped;
  } else if (why.empty()) {
    ++figures.finished;
  } else {
    ++figures.abandoned[why];
  }
  figures.batches_resent += resends;
}

}  // namespace drumfire::fleet_sim
