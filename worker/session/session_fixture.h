// A session whose host remembers its calls, and the coordinator's messages to it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/plan/plan_hash.h"
#include "common/plan/version.h"
#include "gtest/gtest.h"
#include "worker/session/session.h"

namespace drumfire {

constexpr int64_t kLeaseNs = 1000;

// Lists the calls that it gets.
class FakeHost : public SessionHost {
 public:
  void Send(v1::WorkerMessage message) override { sent.push_back(std::move(message)); }
  absl::StatusOr<v1::Ready> Open(const v1::Hello&, uint64_t) override {
    calls.push_back("open");
    if (!open_error.ok()) return open_error;
    v1::Ready ready;
    for (const std::string& name : needs) ready.add_needed_chunks(name);
    return ready;
  }
  absl::StatusOr<bool> AddChunk(const v1::Chunk&) override {
    calls.push_back("chunk");
    return chunk_answer;
  }
  absl::Status Load() override {
    calls.push_back("load");
    return load_error;
  }
  void Prepare(const v1::Prepare&) override { calls.push_back("prepare"); }
  absl::Status AddCredits(const v1::Grant&) override {
    calls.push_back("credits");
    return credits_error;
  }
  void StartPhase(const v1::Start&) override { calls.push_back("start"); }
  void SetSlots(const v1::SlotChange&) override { calls.push_back("slots"); }
  void Drain(int64_t) override { calls.push_back("drain"); }
  void Cancel() override { calls.push_back("cancel"); }
  absl::Status AckRecords(uint64_t) override {
    calls.push_back("ack");
    return ack_error;
  }
  void ExtendLease(int64_t until_ns) override { lease_until_ns = until_ns; }
  void Close(const std::string& why) override { calls.push_back("close:" + why); }

  std::vector<std::string> calls;
  std::vector<v1::WorkerMessage> sent;
  int64_t lease_until_ns = -1;
  std::vector<std::string> needs;
  absl::StatusOr<bool> chunk_answer = true;  // the last one is here
  absl::Status open_error, load_error, credits_error, ack_error;
};

class SessionFixture : public testing::Test {
 protected:
  SessionFixture() {
    plan_.add_phases()->set_concurrency(8);
    plan_.add_phases()->set_request_count(100);
  }

  v1::CoordinatorMessage Envelope() {
    v1::CoordinatorMessage message;
    message.set_epoch(7);
    message.set_sequence(++sequence_);
    message.set_plan_hash(PlanHash(plan_));
    return message;
  }

  v1::CoordinatorMessage Hello() {
    v1::CoordinatorMessage message = Envelope();
    message.mutable_hello()->set_protocol_version(kProtocolVersion);
    *message.mutable_hello()->mutable_plan() = plan_;
    message.mutable_hello()->set_lease_ns(kLeaseNs);
    return message;
  }

  void ToRunning() {
    session_.OnMessage(Hello(), 0);
    session_.OnTick(0);
    AnswerHeartbeat(0, 0);
    auto prepare = Envelope();
    prepare.mutable_prepare();
    session_.OnMessage(prepare, 0);
    session_.OnPrepared({});
    auto start = Envelope();
    start.mutable_start();
    session_.OnMessage(start, 0);
    host_.calls.clear();
    host_.sent.clear();
  }

  // The reason of the failure that ended the run; empty = none.
  std::string Failure() const {
    return host_.sent.empty() ? "" : host_.sent.back().failure().reason();
  }
  // The coordinator's answer to the heartbeat that left at sent_ns.
  void AnswerHeartbeat(int64_t sent_ns, int64_t now_ns) {
    auto answer = Envelope();
    answer.mutable_heartbeat()->set_sent_ns(sent_ns);
    session_.OnMessage(answer, now_ns);
  }

  v1::CoordinatorMessage Grant() {
    auto grant = Envelope();
    grant.mutable_grant()->set_count(1);
    return grant;
  }

  v1::Plan plan_;
  FakeHost host_;
  Session session_{&host_};
  uint64_t sequence_ = 0;
};

}  // namespace drumfire
