// Entries that are the rows of an input file: texts as they stand, or lengths with hash ids
// (Mooncake).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/dataset/dataset.h"
#include "common/dataset/prompt_writer.h"

namespace drumfire {

class FileDataset final : public Dataset {
 public:
  // writer: may be null when every row has a text. Checks that the columns belong together.
  static absl::StatusOr<std::unique_ptr<Dataset>> Create(const v1::Plan& plan, v1::DatasetRows rows,
                                                         std::unique_ptr<PromptWriter> writer);

  uint64_t size() const override { return static_cast<uint64_t>(rows_.isl_size()); }
  EntryInfo Info(uint64_t id) const override;
  TurnInfo Turn(uint64_t id, uint32_t turn) const override;
  // A row's own text stays the same for every batch index and phase. Equal hash ids give equal
  // blocks within a phase's range of ids; a row's last block is the beginning of its id's block.
  // Rows without either get a text of their own.
  void AppendText(uint64_t id, uint32_t turn, uint32_t batch_index,
                  std::string* out) const override;

 private:
  FileDataset(uint64_t seed, uint32_t block_size, v1::DatasetRows rows,
              std::unique_ptr<PromptWriter> writer);

  int RowOf(uint64_t id) const;
  void AppendBlocks(int row, uint64_t range, std::string* out) const;

  const uint64_t seed_;
  const uint32_t block_size_;
  const v1::DatasetRows rows_;
  const std::unique_ptr<PromptWriter> writer_;
  std::vector<size_t> first_hash_id_;  // of each row, in rows_.hash_ids(); one more at the end
};

}  // namespace drumfire
