// Is what the rows of a file have in common found, whatever their order?
#include "common/dataset/row_repeats.h"

#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

constexpr uint32_t kBlock = 512;
constexpr uint64_t kAll = 1'000;

v1::DatasetRows Texts(const std::vector<absl::string_view>& texts) {
  v1::DatasetRows rows;
  for (const absl::string_view text : texts) {
    rows.add_texts(std::string(text));
    rows.add_isl(10);
  }
  return rows;
}

void AddTraceRow(uint32_t isl, const std::vector<uint64_t>& hash_ids, v1::DatasetRows* rows) {
  rows->add_isl(isl);
  rows->add_hash_id_count(static_cast<uint32_t>(hash_ids.size()));
  rows->mutable_hash_ids()->Add(hash_ids.begin(), hash_ids.end());
}

TEST(RowRepeatsTest, DifferentTextsShareNothing) {
  const RowRepeats repeats = MeasureRowRepeats(Texts({"ab", "cd", "ef"}), 0, kAll);
  EXPECT_EQ(repeats.distinct_rows, 3U);
  EXPECT_EQ(repeats.shared_prefix_share, 0);
}

TEST(RowRepeatsTest, EqualTextsAreSharedButForTheFirst) {
  const RowRepeats repeats = MeasureRowRepeats(Texts({"ab", "cd", "ab", "ab"}), 0, kAll);
  EXPECT_EQ(repeats.distinct_rows, 2U);
  EXPECT_DOUBLE_EQ(repeats.shared_prefix_share, 0.5);
}

TEST(RowRepeatsTest, ACommonBeginningIsShared) {
  const RowRepeats repeats = MeasureRowRepeats(Texts({"aaaaaxxxxx", "b", "aaaaayyyyy"}), 0, kAll);
  EXPECT_EQ(repeats.distinct_rows, 3U);
  EXPECT_DOUBLE_EQ(repeats.shared_prefix_share, 5.0 / 30);
}

TEST(RowRepeatsTest, OnlyTheRowsThatAreSentCount) {
  EXPECT_EQ(MeasureRowRepeats(Texts({"ab", "cd", "ab"}), 0, 2).shared_prefix_share, 0);
  EXPECT_EQ(MeasureRowRepeats(Texts({"ab", "cd", "ab"}), 0, 2).distinct_rows, 2U);
}

TEST(RowRepeatsTest, HashIdsAreSharedBlockByBlock) {
  v1::DatasetRows rows;
  AddTraceRow(1500, {1, 2, 3}, &rows);
  AddTraceRow(600, {7, 2}, &rows);  // the same id behind another beginning is not shared
  AddTraceRow(1100, {1, 2, 4}, &rows);
  AddTraceRow(1200, {1, 2, 4}, &rows);
  const RowRepeats repeats = MeasureRowRepeats(rows, kBlock, kAll);
  EXPECT_EQ(repeats.distinct_rows, 4U);
  EXPECT_DOUBLE_EQ(repeats.shared_prefix_share, (1024.0 + 1100) / 4400);
}

TEST(RowRepeatsTest, RowsOfLengthsAloneShareNothing) {
  v1::DatasetRows rows;
  for (int i = 0; i < 3; ++i) rows.add_isl(100);
  const RowRepeats repeats = MeasureRowRepeats(rows, kBlock, kAll);
  EXPECT_EQ(repeats.distinct_rows, 3U);
  EXPECT_EQ(repeats.shared_prefix_share, 0);
}

}  // namespace
}  // namespace drumfire
