// Entries whose lengths and texts come from the seed alone.
#pragma once

#include <memory>

#include "common/dataset/dataset.h"
#include "common/dataset/prompt_writer.h"
#include "common/plan/conversations.h"

namespace drumfire {

class SyntheticDataset final : public Dataset {
 public:
  // plan: its seed and its dataset's lengths are copied.
  static std::unique_ptr<Dataset> Create(const v1::Plan& plan,
                                         std::unique_ptr<PromptWriter> writer);

  uint64_t size() const override {
    return spec_.entries() == 0 ? kUnboundedEntries : spec_.entries();
  }
  EntryInfo Info(uint64_t id) const override;
  TurnInfo Turn(uint64_t id, uint32_t turn) const override;
  bool has_conversations() const override { return HasConversations(spec_); }
  void AppendText(uint64_t id, uint32_t turn, uint32_t batch_index,
                  std::string* out) const override;

 private:
  SyntheticDataset(uint64_t seed, v1::Dataset spec, std::unique_ptr<PromptWriter> writer)
      : seed_(seed), spec_(std::move(spec)), writer_(std::move(writer)) {}
  int64_t DrawDelayNs(Random random) const;

  const uint64_t seed_;
  const v1::Dataset spec_;
  const std::unique_ptr<PromptWriter> writer_;
};

}  // namespace drumfire
