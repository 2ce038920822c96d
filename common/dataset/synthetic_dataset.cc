#include "common/dataset/synthetic_dataset.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/dataset/entry_random.h"

namespace drumfire {
namespace {

// Normal, rounded, at least 1. The upper bound keeps a wild standard deviation from asking for
// gigabytes.
uint32_t DrawLength(double mean, double stddev, Random random) {
  constexpr double kMaxTokens = 1 << 24;
  const double drawn = stddev > 0 ? mean + stddev * random.Normal() : mean;
  return static_cast<uint32_t>(std::clamp(std::round(drawn), 1.0, kMaxTokens));
}

}  // namespace

std::unique_ptr<Dataset> SyntheticDataset::Create(const v1::Plan& plan,
                                                  std::unique_ptr<PromptWriter> writer) {
  return std::unique_ptr<Dataset>(
      new SyntheticDataset(plan.seed(), plan.dataset(), std::move(writer)));
}

EntryInfo SyntheticDataset::Info(uint64_t id) const {
  EntryInfo info;
  info.isl = DrawLength(spec_.isl_mean(), spec_.isl_stddev(),
                        Random(seed_, RandomStream::kInputLength, id));
  if (spec_.osl_mean() > 0) {
    info.requested_osl = DrawLength(spec_.osl_mean(), spec_.osl_stddev(),
                                    Random(seed_, RandomStream::kOutputLength, id));
  }
  return info;
}

void SyntheticDataset::AppendText(uint64_t id, uint32_t batch_index, std::string* out) const {
  const PromptPart part{EntryRandom(seed_, id, batch_index), Info(id).isl};
  writer_->Append({&part, 1}, out);
}

}  // namespace drumfire
