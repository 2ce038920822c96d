// Does the decoder accept every batch, reject anything else, and keep its memory bounded?
#include "common/record/batch_decoder.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "google/protobuf/util/message_differencer.h"

namespace drumfire {
namespace {

v1::RecordBatch MakeBatch(int records) {
  v1::RecordBatch batch;
  batch.set_run_id("0123456789abcdef");
  batch.set_worker(3);
  batch.set_epoch(2);
  batch.set_sequence(9);
  for (int k = 0; k < records; ++k) {
    v1::Record* record = batch.add_records();
    record->set_session(k);
    for (int gap = 0; gap < k % 50; ++gap) record->add_gaps_ns(gap * 1'000'000);
  }
  return batch;
}

TEST(BatchDecoderTest, RefusesMoreRecordsThanAllowed) {
  std::string payload;
  for (size_t i = 0; i <= kMaxBatchRecords; ++i) payload.append("\x2a\x00", 2);  // an empty record
  BatchDecoder decoder;
  EXPECT_EQ(decoder.Decode(payload).status().code(), absl::StatusCode::kDataLoss);
  payload.resize(payload.size() - 2);
  EXPECT_TRUE(decoder.Decode(payload).ok());
}

TEST(BatchDecoderTest, EveryCutIsRefusedOrHoldsFewerRecords) {
  const std::string payload = MakeBatch(20).SerializeAsString();
  BatchDecoder decoder;
  for (size_t size = 0; size < payload.size(); ++size) {
    const absl::StatusOr<const v1::RecordBatch*> batch = decoder.Decode(payload.substr(0, size));
    if (batch.ok()) {
      EXPECT_LT((*batch)->records_size(), 20) << "size " << size;
    } else {
      EXPECT_EQ(batch.status().code(), absl::StatusCode::kDataLoss) << "size " << size;
    }
  }
}

TEST(BatchDecoderTest, SurvivesRandomDamage) {
  const std::string payload = MakeBatch(20).SerializeAsString();
  BatchDecoder decoder;
  for (uint32_t seed = 0; seed < 2000; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    std::string damaged = payload;
    for (int i = 0; i < 3; ++i) damaged[random() % damaged.size()] = static_cast<char>(random());
    (void)decoder.Decode(damaged);  // must return: sanitizers watch the rest
  }
}

TEST(BatchDecoderTest, GivesBackEachOfManyBatches) {
  BatchDecoder decoder;
  for (int records : {0, 1, 256, 5000, 3}) {
    const v1::RecordBatch batch = MakeBatch(records);
    const absl::StatusOr<const v1::RecordBatch*> decoded =
        decoder.Decode(batch.SerializeAsString());
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(batch, **decoded));
  }
}

}  // namespace
}  // namespace drumfire
