#include "common/dataset/dataset.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/dataset/file_dataset.h"
#include "common/dataset/prompt_writer.h"
#include "common/dataset/synthetic_dataset.h"
#include "common/plan/blob.h"

namespace drumfire {
namespace {

absl::StatusOr<v1::DatasetRows> ParseRows(absl::string_view bytes) {
  if (bytes.size() > kMaxBlobBytes) {
    return absl::InvalidArgumentError(absl::StrCat("dataset rows: found ", bytes.size(),
                                                   " bytes, expected at most ", kMaxBlobBytes));
  }
  v1::DatasetRows rows;
  if (!rows.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InvalidArgumentError("dataset rows: found bytes that are no DatasetRows message");
  }
  return rows;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Dataset>> MakeDataset(const v1::Plan& plan, absl::string_view rows,
                                                     const Tokenizer* tokenizer,
                                                     const std::atomic<bool>* is_stopping) {
  const bool synthetic = plan.dataset().kind() == v1::DATASET_SYNTHETIC;
  if (synthetic && tokenizer == nullptr) {
    return absl::InvalidArgumentError("dataset: found no tokenizer, expected one to make prompts");
  }
  std::unique_ptr<PromptWriter> writer;
  if (tokenizer != nullptr && plan.dataset().kind() != v1::DATASET_SINGLE_TURN) {
    absl::StatusOr<std::unique_ptr<PromptWriter>> made = MakePromptWriter(tokenizer, is_stopping);
    if (!made.ok()) return made.status();
    writer = *std::move(made);
  }
  if (synthetic) return SyntheticDataset::Create(plan, std::move(writer));
  absl::StatusOr<v1::DatasetRows> parsed = ParseRows(rows);
  if (!parsed.ok()) return parsed.status();
  return FileDataset::Create(plan, *std::move(parsed), std::move(writer));
}

}  // namespace drumfire
