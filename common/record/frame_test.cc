// Do frames survive the trip, and is every damaged one refused?
#include "common/record/frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/record/little_endian.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {
namespace {

v1::RecordBatch MakeFramedBatch() {
  v1::RecordBatch batch;
  batch.set_run_id("0123456789abcdef");
  batch.set_sequence(7);
  batch.add_records()->set_session(41);
  return batch;
}

std::string MakeFrame() {
  std::string frame;
  EXPECT_TRUE(AppendFrame(MakeFramedBatch(), &frame).ok());
  return frame;
}

TEST(FrameTest, RefusesEveryFlippedBit) {
  const std::string frame = MakeFrame();
  for (size_t bit = 0; bit < frame.size() * 8; ++bit) {
    std::string damaged = frame;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(ReadWholeFrame(damaged).status().code(), absl::StatusCode::kDataLoss)
        << "bit " << bit;
  }
}

TEST(FrameTest, SaysCutShortAtEveryLength) {
  const std::string frame = MakeFrame();
  for (size_t size = 0; size < frame.size(); ++size) {
    EXPECT_EQ(ReadFrame(frame.substr(0, size)).status().code(), absl::StatusCode::kOutOfRange)
        << "size " << size;
    EXPECT_EQ(ReadWholeFrame(frame.substr(0, size)).status().code(), absl::StatusCode::kDataLoss);
  }
}

TEST(FrameTest, RefusesLengthAboveTheLimitWithoutReadingOn) {
  std::string frame = MakeFrame();
  StoreLittleEndian32(kMaxFramePayloadBytes + 1, frame.data() + 4);
  EXPECT_EQ(ReadFrame(frame).status().code(), absl::StatusCode::kDataLoss);
}

TEST(FrameTest, RefusesMessageAboveTheLimitAndLeavesOutAsItWas) {
  v1::RecordBatch batch;
  batch.set_run_id(std::string(kMaxFramePayloadBytes, 'x'));
  std::string out = "before";
  EXPECT_EQ(AppendFrame(batch, &out).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(out, "before");
}

TEST(FrameTest, RefusesBytesAfterAWholeFrame) {
  EXPECT_EQ(ReadWholeFrame(MakeFrame() + "x").status().code(), absl::StatusCode::kDataLoss);
}

TEST(FrameTest, CarriesABatch) {
  const std::string frame = MakeFrame();
  const absl::StatusOr<absl::string_view> payload = ReadWholeFrame(frame);
  ASSERT_TRUE(payload.ok()) << payload.status();
  EXPECT_EQ(*payload, MakeFramedBatch().SerializeAsString());
}

TEST(FrameTest, ReadsFramesOneAfterTheOther) {
  std::string frames = MakeFrame();
  ASSERT_TRUE(AppendFrame(v1::Record(), &frames).ok());
  absl::string_view rest = frames;
  rest.remove_prefix(kFrameHeaderBytes + ReadFrame(rest)->size());
  const absl::StatusOr<absl::string_view> second = ReadFrame(rest);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->size(), 0u);
}

TEST(FrameTest, LayoutIsAsDocumented) {
  v1::Record record;
  record.set_session(1);  // serialises to 08 01, whose CRC-32 is 0xFE07A861
  std::string frame;
  ASSERT_TRUE(AppendFrame(record, &frame).ok());
  EXPECT_EQ(frame, absl::string_view("DFR1\x02\0\0\0\x61\xA8\x07\xFE\x08\x01", 14));
}

}  // namespace
}  // namespace drumfire
