// What a run takes from its process and its stream, without threads, sockets or engine.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/dataset/texts.h"
#include "common/loop/testing.h"
#include "worker/dispatch/testing.h"
#include "worker/session/run_resources.h"
#include "worker/session/session_loop.h"

namespace drumfire::testutil {

// Takes every frame and keeps nothing.
class NullRecordLink : public RecordLink {
 public:
  bool Send(const std::string&) override { return true; }
};

class FakeResources : public RunResources {
 public:
  // Neither is owned.
  FakeResources(FakeClock* clock, ManualLoops* loops) : clock_(clock), loops_(loops) {}

  const Clock& clock() const override { return *clock_; }
  LoopRunners& runners() override { return *loops_; }
  absl::StatusOr<v1::Ready> Describe(const v1::Plan&) override {
    v1::Ready ready;
    ready.mutable_limits()->set_free_memory_bytes(free_memory_bytes);
    return ready;
  }
  absl::StatusOr<std::unique_ptr<RecordLink>> OpenRecordLink(const v1::Hello&) override {
    return std::make_unique<NullRecordLink>();
  }
  absl::StatusOr<std::unique_ptr<Engine>> MakeEngine(const v1::Plan&, EngineOwner* owner) override {
    auto engine = std::make_unique<ScriptedEngine>(*clock_, owner);
    engine_ = engine.get();
    engine_->connect_error = connect_error;
    return engine;
  }
  std::vector<std::string> MissingChunks(const v1::Plan&) override { return missing; }
  absl::Status AddChunk(const v1::Chunk&) override { return absl::OkStatus(); }
  absl::StatusOr<std::shared_ptr<const Workload>> LoadWorkload(const v1::Hello& hello) override {
    auto workload = std::make_shared<Workload>();
    workload->plan = hello.plan();
    workload->dataset = std::make_unique<Texts>();
    auto builder = RequestBuilder::Create(workload->plan, {}, workload->dataset.get());
    if (!builder.ok()) return builder.status();
    workload->builder = *std::move(builder);
    return workload;
  }

  bool has_engine() const { return engine_ != nullptr; }
  ScriptedEngine& engine() { return *engine_; }
  // Of the engine that is made next.
  std::string connect_error;
  std::vector<std::string> missing;
  uint64_t free_memory_bytes = 0;  // unknown

 private:
  FakeClock* const clock_;
  ManualLoops* const loops_;
  ScriptedEngine* engine_ = nullptr;
};

class KeepingEnd : public ControlEnd {
 public:
  void Send(v1::WorkerMessage message) override { sent.push_back(std::move(message)); }
  void Finish() override { is_finished = true; }

  std::vector<v1::WorkerMessage> sent;
  bool is_finished = false;
};

}  // namespace drumfire::testutil
