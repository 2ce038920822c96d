// Is a file that is no journal of ours told from one that is?
#include "coordinator/ingest/journal_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

namespace drumfire {
namespace {

using ::testing::HasSubstr;

JournalHeader SomeHeader() {
  return {.plan_hash = std::string(kPlanHashBytes, 'p'), .run_id = std::string(kRunIdBytes, 'r')};
}

TEST(JournalFormatTest, RefusesEveryFlippedBitOfTheHeader) {
  const std::string bytes = *EncodeJournalHeader(SomeHeader());
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(DecodeJournalHeader(damaged).ok()) << "bit " << bit;
  }
}

TEST(JournalFormatTest, RefusesEveryShorterHeader) {
  const std::string bytes = *EncodeJournalHeader(SomeHeader());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(DecodeJournalHeader(bytes.substr(0, size)).status().code(),
              absl::StatusCode::kDataLoss);
  }
}

TEST(JournalFormatTest, NamesBothVersions) {
  std::string bytes = *EncodeJournalHeader(SomeHeader());
  bytes[8] = 77;
  EXPECT_THAT(DecodeJournalHeader(bytes).status().message(),
              HasSubstr("version 77, this reader knows 1"));
}

TEST(JournalFormatTest, RefusesHashAndRunIdOfOtherLengths) {
  JournalHeader header = SomeHeader();
  header.run_id.pop_back();
  EXPECT_EQ(EncodeJournalHeader(header).status().code(), absl::StatusCode::kInvalidArgument);
  header = SomeHeader();
  header.plan_hash += 'x';
  EXPECT_EQ(EncodeJournalHeader(header).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(JournalFormatTest, HeaderSurvivesTheTrip) {
  const absl::StatusOr<JournalHeader> header =
      DecodeJournalHeader(*EncodeJournalHeader(SomeHeader()) + "entries");
  ASSERT_TRUE(header.ok()) << header.status();
  EXPECT_EQ(header->plan_hash, SomeHeader().plan_hash);
  EXPECT_EQ(header->run_id, SomeHeader().run_id);
}

TEST(JournalFormatTest, EntryTypesDifferInAtLeastFourBits) {
  using enum JournalEntryType;
  const std::initializer_list<JournalEntryType> types = {kRecordBatch, kPhaseStart, kWorkerFacts,
                                                         kPhaseDone,   kHistograms, kRunEnd};
  for (const JournalEntryType a : types) {
    for (const JournalEntryType b : types) {
      const auto difference =
          static_cast<uint8_t>(static_cast<uint8_t>(a) ^ static_cast<uint8_t>(b));
      EXPECT_TRUE(a == b || std::popcount(difference) >= 4);
    }
  }
}

}  // namespace
}  // namespace drumfire
