#include "common/dataset/file_dataset.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/dataset/entry_id.h"
#include "common/dataset/entry_random.h"
#include "common/json/json_text.h"
#include "common/plan/validate_plan.h"

namespace drumfire {
namespace {

constexpr uint32_t kMooncakeBlockTokens = 512;
// Hash ids of traces are small numbers, or hashes, which differ in more than their top byte.
constexpr int kBlockRangeShift = 56;

absl::Status CheckColumn(absl::string_view name, int found, int expected) {
  if (found == 0 || found == expected) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("dataset rows: ", name, ": found ", found,
                                                 " values, expected ", expected, " or none"));
}

absl::Status CheckColumns(const v1::DatasetRows& rows) {
  const int size = rows.isl_size();
  if (size == 0) return absl::InvalidArgumentError("dataset rows: found none, expected at least 1");
  absl::Status status = CheckColumn("osl", rows.osl_size(), size);
  status.Update(CheckColumn("timestamp_ns", rows.timestamp_ns_size(), size));
  status.Update(CheckColumn("hash_id_count", rows.hash_id_count_size(), size));
  status.Update(CheckColumn("texts", rows.texts_size(), size));
  status.Update(CheckColumn("models", rows.models_size(), size));
  status.Update(CheckColumn("roles", rows.roles_size(), size));
  status.Update(CheckColumn("extra_json", rows.extra_json_size(), size));
  const auto& counts = rows.hash_id_count();
  const auto ids = std::accumulate(counts.begin(), counts.end(), uint64_t{0});
  if (status.ok() && ids != static_cast<uint64_t>(rows.hash_ids_size())) {
    return absl::InvalidArgumentError(
        absl::StrCat("dataset rows: hash_ids: found ", rows.hash_ids_size(), ", expected ", ids));
  }
  return status;
}

bool HasText(const v1::DatasetRows& rows, int row) {
  return rows.texts_size() > 0 && !rows.texts(row).empty();
}

// The texts of a request with this row.
absl::Status CheckRequestSize(const v1::DatasetRows& rows, int row, uint32_t batch_size) {
  const uint64_t texts = std::max(batch_size, 1U);
  const bool has_text = HasText(rows, row);
  const uint64_t size = has_text ? rows.texts(row).size() : rows.isl(row);
  const auto most = has_text ? uint64_t{plan_limits::kMaxRequestBytes}
                             : static_cast<uint64_t>(plan_limits::kMaxRequestTokens);
  if (size * texts <= most) return absl::OkStatus();
  const absl::string_view unit = has_text ? " bytes" : " tokens";
  return absl::InvalidArgumentError(absl::StrCat("dataset row ", row, ": found ", size, unit, " x ",
                                                 texts, " texts in one request, expected at most ",
                                                 most));
}

// A row without a text needs a length, and as many hash ids as it has blocks.
absl::Status CheckRow(const v1::DatasetRows& rows, int row, uint32_t block_size) {
  if (HasText(rows, row)) return absl::OkStatus();
  const uint32_t isl = rows.isl(row);
  if (isl == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("dataset row ", row, ": found input length 0, expected at least 1"));
  }
  const uint32_t count = rows.hash_id_count_size() > 0 ? rows.hash_id_count(row) : 0;
  const uint64_t blocks = (uint64_t{isl} + block_size - 1) / block_size;
  if (count == 0 || count == blocks) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("dataset row ", row, ": found ", count,
                                                 " hash ids, expected ", blocks, " for ", isl,
                                                 " tokens in blocks of ", block_size));
}

absl::Status CheckExtra(const v1::DatasetRows& rows, int row) {
  const bool has_extra = rows.extra_json_size() > 0 && !rows.extra_json(row).empty();
  if (!has_extra || IsJsonObject(rows.extra_json(row))) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("dataset row ", row, ": extra_json: found other text, expected a JSON object"));
}

absl::Status CheckRows(const v1::DatasetRows& rows, uint32_t block_size, uint32_t batch_size,
                       bool has_writer) {
  if (absl::Status columns = CheckColumns(rows); !columns.ok()) return columns;
  for (int row = 0; row < rows.isl_size(); ++row) {
    absl::Status fits = CheckRow(rows, row, block_size);
    fits.Update(CheckExtra(rows, row));
    fits.Update(CheckRequestSize(rows, row, batch_size));
    if (!fits.ok()) return fits;
    if (!has_writer && !HasText(rows, row)) {
      return absl::InvalidArgumentError(
          absl::StrCat("dataset row ", row, ": found no text, expected one or a tokenizer"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Dataset>> FileDataset::Create(const v1::Plan& plan,
                                                             v1::DatasetRows rows,
                                                             std::unique_ptr<PromptWriter> writer) {
  const uint32_t given = plan.dataset().block_size();
  const uint32_t block_size = given > 0 ? given : kMooncakeBlockTokens;
  const absl::Status fits =
      CheckRows(rows, block_size, plan.endpoint().batch_size(), writer != nullptr);
  if (!fits.ok()) return fits;
  return std::unique_ptr<Dataset>(
      new FileDataset(plan.seed(), block_size, std::move(rows), std::move(writer)));
}

FileDataset::FileDataset(uint64_t seed, uint32_t block_size, v1::DatasetRows rows,
                         std::unique_ptr<PromptWriter> writer)
    : seed_(seed),
      block_size_(block_size),
      rows_(std::move(rows)),
      writer_(std::move(writer)),
      first_hash_id_(rows_.hash_id_count_size() + 1) {
  std::partial_sum(rows_.hash_id_count().begin(), rows_.hash_id_count().end(),
                   first_hash_id_.begin() + 1);
}

// A warmup begins at the end of the file: rows that it takes are then measured only when the run
// needs nearly all of them.
int FileDataset::RowOf(uint64_t id) const {
  const uint64_t n = EntryNumber(id) % size();
  return static_cast<int>(EntryRange(id) == 0 ? n : size() - 1 - n);
}

EntryInfo FileDataset::Info(uint64_t id) const {
  const int row = RowOf(id);
  EntryInfo info;
  if (rows_.timestamp_ns_size() > 0) info.timestamp_ns = rows_.timestamp_ns(row);
  if (rows_.models_size() > 0) info.model = rows_.models(row);
  return info;
}

// A row is one turn.
TurnInfo FileDataset::Turn(uint64_t id, uint32_t) const {
  const int row = RowOf(id);
  TurnInfo info;
  info.isl = rows_.isl(row);
  if (rows_.osl_size() > 0) info.requested_osl = rows_.osl(row);
  if (rows_.roles_size() > 0) info.role = rows_.roles(row);
  if (rows_.extra_json_size() > 0) info.extra_json = rows_.extra_json(row);
  return info;
}

void FileDataset::AppendText(uint64_t id, uint32_t, uint32_t batch_index, std::string* out) const {
  const int row = RowOf(id);
  const uint64_t range = EntryRange(id);
  if (HasText(rows_, row)) {
    out->append(rows_.texts(row));
  } else if (batch_index == 0 && rows_.hash_id_count_size() > 0 && rows_.hash_id_count(row) > 0) {
    AppendBlocks(row, range, out);
  } else {
    const uint64_t text_id = range << kPhaseEntryBits | static_cast<uint64_t>(row);
    const PromptPart part{EntryRandom(seed_, text_id, batch_index), rows_.isl(row)};
    writer_->Append({&part, 1}, out);
  }
}

void FileDataset::AppendBlocks(int row, uint64_t range, std::string* out) const {
  std::vector<PromptPart> blocks;
  blocks.reserve(rows_.hash_id_count(row));
  uint32_t left = rows_.isl(row);
  for (size_t i = first_hash_id_[row]; i < first_hash_id_[row + 1]; ++i) {
    const uint32_t tokens = std::min(left, block_size_);
    const uint64_t block = rows_.hash_ids(static_cast<int>(i)) ^ (range << kBlockRangeShift);
    blocks.push_back({Random(seed_, RandomStream::kBlockText, block), tokens});
    left -= tokens;
  }
  writer_->Append(blocks, out);
}

}  // namespace drumfire
