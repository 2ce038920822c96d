// Over a link that loses, repeats, reorders and damages, and acks that get lost: does every record
// end in the result exactly once, or in the count of those that the buffer refused?
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "common/record/frame.h"
#include "coordinator/ingest/batch_intake.h"
#include "drumfire/v1/record.pb.h"
#include "worker/sink/unacked_batches.h"

namespace drumfire {
namespace {

constexpr char kRunId[] = "0123456789abcdef";
constexpr int64_t kResendAfterNs = 50;
constexpr int kStepsWithFaults = 400;
// Long enough for the longest wait between two sends of a batch.
constexpr int kStepsToHeal = 1 << (UnackedBatches::kMaxResendDoublings + 7);

class LossyLink : public RecordConsumer {
 public:
  explicit LossyLink(uint32_t seed)
      : random_(seed),
        buffer_(2000 + random_() % 20'000, kResendAfterNs),
        intake_(kRunId, this, nullptr) {
    intake_.AddWorker(0, 1);
  }

  void Run() {
    for (int i = 0; i < kStepsWithFaults; ++i) Step(/*faults=*/true);
    for (int i = 0; i < kStepsToHeal && buffer_.held_batches() > 0; ++i) Step(/*faults=*/false);
  }

  void OnBatch(const v1::RecordBatch& batch) override {
    for (const v1::Record& record : batch.records()) ++times_received_[record.session()];
  }
  void OnAck(uint32_t, uint64_t, uint64_t sequence) override { acks_.push_back(sequence); }

  uint64_t made() const { return next_k_; }
  uint64_t dropped() const { return dropped_; }
  const std::map<uint64_t, int>& times_received() const { return times_received_; }
  const UnackedBatches& buffer() const { return buffer_; }
  const BatchIntake& intake() const { return intake_; }

 private:
  bool Chance(uint32_t percent) { return random_() % 100 < percent; }

  void Step(bool faults) {
    ++now_ns_;
    if (faults && Chance(60)) MakeBatch();
    if (faults && Chance(1)) buffer_.ResendAll();
    Send(faults);
    Receive(faults);
    Acknowledge(faults);
  }

  void MakeBatch() {
    v1::RecordBatch batch;
    batch.set_run_id(kRunId);
    batch.set_epoch(1);
    batch.set_sequence(buffer_.next_sequence());
    for (uint32_t i = 0; i <= random_() % 5; ++i) batch.add_records()->set_session(next_k_++);
    std::string frame;
    ASSERT_TRUE(AppendFrame(batch, &frame).ok());
    if (!buffer_.Add(std::move(frame))) dropped_ += batch.records_size();
  }

  void Send(bool faults) {
    while (const std::string* frame = buffer_.Due(now_ns_)) {
      if (faults && Chance(20)) return;  // the socket takes no more
      if (!faults || !Chance(30)) in_flight_.push_back(*frame);
      if (faults && Chance(20)) in_flight_.push_back(*frame);
      buffer_.MarkSent(now_ns_);
    }
  }

  void Receive(bool faults) {
    while (!in_flight_.empty() && (!faults || Chance(70))) {
      const size_t at = random_() % in_flight_.size();
      std::string message = std::move(in_flight_[at]);
      in_flight_.erase(in_flight_.begin() + static_cast<ptrdiff_t>(at));
      if (faults && Chance(10)) message[random_() % message.size()] ^= 4;
      intake_.Take(message);
    }
    intake_.AckTaken();
  }

  void Acknowledge(bool faults) {
    for (const uint64_t sequence : acks_) {
      if (faults && Chance(30)) continue;
      EXPECT_TRUE(buffer_.Ack(sequence).ok());
    }
    acks_.clear();
  }

  std::mt19937 random_;
  UnackedBatches buffer_;
  BatchIntake intake_;
  std::vector<std::string> in_flight_;
  std::vector<uint64_t> acks_;
  std::map<uint64_t, int> times_received_;
  int64_t now_ns_ = 0;
  uint64_t next_k_ = 0;
  uint64_t dropped_ = 0;
};

TEST(LossyLinkTest, EveryRecordEndsOnceInTheResultOrInTheDropCount) {
  uint64_t repeats = 0;
  uint64_t damaged = 0;
  uint64_t dropped = 0;
  for (uint32_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    LossyLink link(seed);
    link.Run();
    EXPECT_EQ(link.buffer().held_batches(), 0u);
    EXPECT_EQ(link.made(), link.times_received().size() + link.dropped());
    for (const auto& [k, times] : link.times_received()) ASSERT_EQ(times, 1) << "k " << k;
    EXPECT_EQ(link.intake().Progress(0).complete_up_to, link.buffer().next_sequence() - 1);
    EXPECT_EQ(link.intake().Progress(0).missing, 0u);
    repeats += link.intake().counters().repeats;
    damaged += link.intake().counters().damaged;
    dropped += link.dropped();
  }
  // The faults did happen.
  EXPECT_GT(repeats, 0u);
  EXPECT_GT(damaged, 0u);
  EXPECT_GT(dropped, 0u);
}

}  // namespace
}  // namespace drumfire
