// Does every entry have the length and the text that plan and rows say, the same on every worker?
#include "common/dataset/dataset.h"

#include <cmath>
#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/match.h"
#include "common/dataset/entry_id.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

std::unique_ptr<Tokenizer> TinyTokenizer() {
  std::ifstream file("common/tokens/testdata/tiny_tokenizer.json");
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return MakeHuggingFaceTokenizer(bytes.str()).value();
}

class DatasetTest : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Dataset>> Make(v1::DatasetKind kind) {
    plan_.mutable_dataset()->set_kind(kind);
    return MakeDataset(plan_, rows_.SerializeAsString(), tokenizer_.get());
  }
  std::string ErrorOf(v1::DatasetKind kind) { return std::string(Make(kind).status().message()); }

  void AddMooncakeRow(uint32_t isl, const std::vector<uint64_t>& hash_ids) {
    rows_.add_isl(isl);
    rows_.add_hash_id_count(static_cast<uint32_t>(hash_ids.size()));
    rows_.mutable_hash_ids()->Add(hash_ids.begin(), hash_ids.end());
  }

  static std::string Text(const Dataset& dataset, uint64_t id, uint32_t batch_index = 0,
                          uint32_t turn = 0) {
    std::string text;
    dataset.AppendText(id, turn, batch_index, &text);
    return text;
  }

  v1::Plan plan_;
  v1::DatasetRows rows_;
  std::unique_ptr<Tokenizer> tokenizer_ = TinyTokenizer();
};

TEST_F(DatasetTest, RefusesSyntheticDataWithoutTokenizer) {
  tokenizer_.reset();
  EXPECT_EQ(ErrorOf(v1::DATASET_SYNTHETIC),
            "dataset: found no tokenizer, expected one to make prompts");
}

TEST_F(DatasetTest, RefusesMoreRowsThanAMessageCanHold) {
  plan_.mutable_dataset()->set_kind(v1::DATASET_MOONCAKE);
  const absl::string_view too_long("", size_t{1} << 31);  // only its length is looked at
  EXPECT_EQ(MakeDataset(plan_, too_long, tokenizer_.get()).status().message(),
            "dataset rows: found 2147483648 bytes, expected at most 2147483647");
}

TEST_F(DatasetTest, RefusesRowsThatAreNoMessage) {
  plan_.mutable_dataset()->set_kind(v1::DATASET_MOONCAKE);
  EXPECT_EQ(MakeDataset(plan_, "\xFF\xFF", tokenizer_.get()).status().message(),
            "dataset rows: found bytes that are no DatasetRows message");
  EXPECT_EQ(ErrorOf(v1::DATASET_MOONCAKE), "dataset rows: found none, expected at least 1");
}

TEST_F(DatasetTest, RefusesColumnsThatDoNotBelongTogether) {
  AddMooncakeRow(600, {1, 2});
  rows_.add_osl(1);
  rows_.add_osl(2);
  EXPECT_EQ(ErrorOf(v1::DATASET_MOONCAKE), "dataset rows: osl: found 2 values, expected 1 or none");
  rows_.clear_osl();
  rows_.add_hash_ids(3);
  EXPECT_EQ(ErrorOf(v1::DATASET_MOONCAKE), "dataset rows: hash_ids: found 3, expected 2");
}

TEST_F(DatasetTest, RefusesRowsThatCannotBeBuilt) {
  AddMooncakeRow(600, {1});
  EXPECT_EQ(ErrorOf(v1::DATASET_MOONCAKE),
            "dataset row 0: found 1 hash ids, expected 2 for 600 tokens in blocks of 512");
  rows_.Clear();
  AddMooncakeRow(0, {});
  EXPECT_EQ(ErrorOf(v1::DATASET_MOONCAKE),
            "dataset row 0: found input length 0, expected at least 1");
  rows_.Clear();
  AddMooncakeRow(5, {});
  tokenizer_.reset();
  EXPECT_EQ(ErrorOf(v1::DATASET_MOONCAKE),
            "dataset row 0: found no text, expected one or a tokenizer");
}

TEST_F(DatasetTest, RefusesRowsOfGigabytes) {
  rows_.add_isl(UINT32_MAX);
  EXPECT_EQ(ErrorOf(v1::DATASET_MOONCAKE),
            "dataset row 0: found 4294967295 tokens x 1 texts in one request, expected at most "
            "16777216");
  rows_.set_isl(0, 1);
  rows_.add_texts(std::string(100'000, 'x'));
  plan_.mutable_endpoint()->set_batch_size(4096);
  EXPECT_EQ(ErrorOf(v1::DATASET_SINGLE_TURN),
            "dataset row 0: found 100000 bytes x 4096 texts in one request, expected at most "
            "268435456");
}

TEST_F(DatasetTest, SyntheticTextsHaveTheLengthTheyAreSaidToHave) {
  plan_.mutable_dataset()->set_entries(50);
  plan_.mutable_dataset()->set_isl_mean(20);
  plan_.mutable_dataset()->set_isl_stddev(15);
  for (uint64_t seed = 0; seed < 5; ++seed) {
    plan_.set_seed(seed);
    const auto dataset = Make(v1::DATASET_SYNTHETIC).value();
    for (uint64_t id = 0; id < 100; ++id) {
      const uint32_t isl = dataset->Turn(id, 0).isl;
      ASSERT_GE(isl, 1U);
      EXPECT_EQ(tokenizer_->Count(Text(*dataset, id)), isl) << "seed " << seed << " id " << id;
      EXPECT_EQ(tokenizer_->Count(Text(*dataset, id, 3)), isl);
    }
  }
}

TEST_F(DatasetTest, SyntheticLengthsFollowMeanAndDeviation) {
  plan_.mutable_dataset()->set_entries(1);
  plan_.mutable_dataset()->set_isl_mean(500);
  plan_.mutable_dataset()->set_isl_stddev(50);
  plan_.mutable_dataset()->set_osl_mean(100);
  const auto dataset = Make(v1::DATASET_SYNTHETIC).value();
  constexpr uint64_t kEntries = 10000;
  double sum = 0, squares = 0;
  for (uint64_t id = 0; id < kEntries; ++id) {
    const double isl = dataset->Turn(id, 0).isl;
    sum += isl;
    squares += isl * isl;
    ASSERT_EQ(dataset->Turn(id, 0).requested_osl, 100U);
  }
  const double mean = sum / kEntries;
  EXPECT_NEAR(mean, 500, 2.5);
  EXPECT_NEAR(std::sqrt(squares / kEntries - mean * mean), 50, 2);
}

TEST_F(DatasetTest, SyntheticConversationsHaveTurnsLengthsAndDelaysOfTheirOwn) {
  plan_.mutable_dataset()->set_isl_mean(20);
  plan_.mutable_dataset()->set_isl_stddev(5);
  plan_.mutable_dataset()->set_turns_mean(4);
  plan_.mutable_dataset()->set_turns_stddev(2);
  plan_.mutable_dataset()->set_turn_delay_mean_ns(1000);
  plan_.mutable_dataset()->set_turn_delay_stddev_ns(300);
  const auto dataset = Make(v1::DATASET_SYNTHETIC).value();
  EXPECT_TRUE(dataset->has_conversations());
  std::set<uint32_t> turns, lengths;
  std::set<int64_t> delays_ns;
  for (uint64_t id = 0; id < 50; ++id) {
    turns.insert(dataset->Info(id).turns);
    EXPECT_EQ(dataset->Turn(id, 0).delay_ns, 0);
    EXPECT_NE(Text(*dataset, id, 0, 0), Text(*dataset, id, 0, 1));
    EXPECT_EQ(tokenizer_->Count(Text(*dataset, id, 0, 1)), dataset->Turn(id, 1).isl);
    lengths.insert(dataset->Turn(id, 1).isl);
    delays_ns.insert(dataset->Turn(id, 1).delay_ns);
  }
  EXPECT_GT(turns.size(), 3u);
  EXPECT_EQ(*turns.begin(), 1u);
  EXPECT_GT(lengths.size(), 5u);
  EXPECT_GT(delays_ns.size(), 30u);
  EXPECT_GE(*delays_ns.begin(), 0);
}

TEST_F(DatasetTest, TheFirstTurnIsThatOfASingleRequest) {
  plan_.mutable_dataset()->set_isl_mean(20);
  plan_.mutable_dataset()->set_isl_stddev(5);
  plan_.mutable_dataset()->set_osl_mean(20);
  plan_.mutable_dataset()->set_osl_stddev(5);
  const auto single = Make(v1::DATASET_SYNTHETIC).value();
  EXPECT_FALSE(single->has_conversations());
  plan_.mutable_dataset()->set_turns_mean(4);
  const auto conversation = Make(v1::DATASET_SYNTHETIC).value();
  for (uint64_t id = 0; id < 20; ++id) {
    EXPECT_EQ(single->Info(id).turns, 1u);
    EXPECT_EQ(conversation->Info(id).turns, 4u);
    EXPECT_EQ(conversation->Turn(id, 0).isl, single->Turn(id, 0).isl);
    EXPECT_EQ(conversation->Turn(id, 0).requested_osl, single->Turn(id, 0).requested_osl);
    EXPECT_EQ(Text(*conversation, id), Text(*single, id));
  }
}

TEST_F(DatasetTest, SyntheticEntriesAndBatchesDiffer) {
  plan_.mutable_dataset()->set_entries(4);
  plan_.mutable_dataset()->set_isl_mean(30);
  const auto dataset = Make(v1::DATASET_SYNTHETIC).value();
  std::set<std::string> texts;
  for (uint64_t id = 0; id < 40; ++id) {
    for (uint32_t batch = 0; batch < 3; ++batch) texts.insert(Text(*dataset, id, batch));
  }
  EXPECT_EQ(texts.size(), 120U);
  EXPECT_EQ(dataset->size(), 4U);
  EXPECT_EQ(dataset->Info(0).timestamp_ns, -1);
  EXPECT_EQ(dataset->Turn(0, 0).requested_osl, 0U);
}

TEST_F(DatasetTest, WithoutANumberOfEntriesNoPromptRepeats) {
  plan_.mutable_dataset()->set_isl_mean(30);
  const auto dataset = Make(v1::DATASET_SYNTHETIC).value();
  EXPECT_EQ(dataset->size(), kUnboundedEntries);
  std::set<std::string> texts;
  for (uint64_t n = 0; n < 100; ++n) {
    for (const uint64_t id : {n, kPhaseEntries - 1 - n, WarmupEntry(0, n), WarmupEntry(1, n),
                              WarmupEntry(63, kPhaseEntries - 1 - n)}) {
      texts.insert(Text(*dataset, id));
    }
  }
  EXPECT_EQ(texts.size(), 500U);
}

TEST_F(DatasetTest, OtherWorkersMakeTheSameBytes) {
  plan_.mutable_dataset()->set_entries(8);
  plan_.mutable_dataset()->set_isl_mean(40);
  const auto one = Make(v1::DATASET_SYNTHETIC).value();
  const auto other_tokenizer = TinyTokenizer();
  const auto other = MakeDataset(plan_, "", other_tokenizer.get()).value();
  for (uint64_t id = 0; id < 8; ++id) EXPECT_EQ(Text(*one, id), Text(*other, id));
}

// The schedule's contract: these bytes must not change from one version to the next without a word.
TEST_F(DatasetTest, BytesStayTheSameFromVersionToVersion) {
  plan_.mutable_dataset()->set_entries(1);
  plan_.mutable_dataset()->set_isl_mean(6);
  EXPECT_EQ(Text(*Make(v1::DATASET_SYNTHETIC).value(), 0), " read fi this three you collects");
}

TEST_F(DatasetTest, EqualHashIdsGiveEqualBlocks) {
  AddMooncakeRow(1500, {7, 8, 9});
  AddMooncakeRow(1100, {7, 8, 5});
  AddMooncakeRow(512, {8});
  AddMooncakeRow(100, {9});
  const auto dataset = Make(v1::DATASET_MOONCAKE).value();
  for (uint64_t id = 0; id < 4; ++id) {
    EXPECT_EQ(tokenizer_->Count(Text(*dataset, id)), dataset->Turn(id, 0).isl);
  }
  const std::string first = Text(*dataset, 0), second = Text(*dataset, 1);
  const std::string block_8 = Text(*dataset, 2), start_of_9 = Text(*dataset, 3);
  const size_t block_7_bytes = first.find(block_8);
  ASSERT_NE(block_7_bytes, std::string::npos);
  EXPECT_EQ(second.substr(0, block_7_bytes + block_8.size()),
            first.substr(0, block_7_bytes + block_8.size()));
  EXPECT_TRUE(absl::StartsWith(first.substr(block_7_bytes + block_8.size()), start_of_9));
  EXPECT_FALSE(absl::StrContains(second, start_of_9));
}

TEST_F(DatasetTest, RowsWithoutHashIdsHaveTextsOfTheirOwn) {
  AddMooncakeRow(50, {});
  AddMooncakeRow(50, {});
  AddMooncakeRow(50, {1});
  const auto dataset = Make(v1::DATASET_MOONCAKE).value();
  EXPECT_NE(Text(*dataset, 0), Text(*dataset, 1));
  EXPECT_EQ(tokenizer_->Count(Text(*dataset, 1)), 50U);
  EXPECT_NE(Text(*dataset, 2, 1), Text(*dataset, 2));
  EXPECT_EQ(tokenizer_->Count(Text(*dataset, 2, 1)), 50U);
}

TEST_F(DatasetTest, BlockSizeIsThePlans) {
  plan_.mutable_dataset()->set_block_size(16);
  AddMooncakeRow(20, {1, 2});
  const auto dataset = Make(v1::DATASET_MOONCAKE).value();
  EXPECT_EQ(tokenizer_->Count(Text(*dataset, 0)), 20U);
}

TEST_F(DatasetTest, WarmupsOfATraceShareNoTextWithTheMeasuredPhase) {
  AddMooncakeRow(600, {7, 8});
  AddMooncakeRow(700, {7, 8});
  AddMooncakeRow(50, {});
  rows_.mutable_hash_id_count()->Set(2, 0);
  const auto dataset = Make(v1::DATASET_MOONCAKE).value();
  std::set<std::string> beginnings;
  for (const uint64_t range : {uint64_t{0}, WarmupEntry(0, 0), WarmupEntry(1, 0)}) {
    for (uint64_t n = 0; n < 3; ++n) beginnings.insert(Text(*dataset, range + n).substr(0, 100));
    // Rows that share blocks do so in every phase.
    EXPECT_EQ(Text(*dataset, range + (range == 0 ? 0 : 2)).substr(0, 500),
              Text(*dataset, range + 1).substr(0, 500));
  }
  EXPECT_EQ(beginnings.size(), 6U);
}

TEST_F(DatasetTest, AWarmupOfTextsBeginsAtTheEndOfTheFile) {
  for (const char* text : {"one", "two", "three"}) rows_.add_texts(text);
  for (const uint32_t isl : {1, 1, 1}) rows_.add_isl(isl);
  const auto dataset = Make(v1::DATASET_SINGLE_TURN).value();
  EXPECT_EQ(Text(*dataset, WarmupEntry(0, 0)), "three");
  EXPECT_EQ(Text(*dataset, WarmupEntry(1, 2)), "one");
  EXPECT_EQ(Text(*dataset, WarmupEntry(0, 3)), "three");
}

TEST_F(DatasetTest, FilesWrapAround) {
  for (const char* text : {"one", "two"}) rows_.add_texts(text);
  for (const uint32_t isl : {1, 1}) rows_.add_isl(isl);
  for (const uint32_t osl : {10, 0}) rows_.add_osl(osl);
  for (const int64_t time : {0, 5}) rows_.add_timestamp_ns(time);
  for (const char* model : {"", "big"}) rows_.add_models(model);
  tokenizer_.reset();
  const auto dataset = Make(v1::DATASET_SINGLE_TURN).value();
  EXPECT_EQ(dataset->size(), 2U);
  EXPECT_EQ(Text(*dataset, 3), "two");
  EXPECT_EQ(dataset->Turn(2, 0).requested_osl, 10U);
  EXPECT_EQ(dataset->Info(3).timestamp_ns, 5);
  EXPECT_EQ(dataset->Info(3).model, "big");
  EXPECT_EQ(dataset->Info(2).model, "");
}

}  // namespace
}  // namespace drumfire
