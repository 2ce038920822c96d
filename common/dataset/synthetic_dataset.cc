#include "common/dataset/synthetic_dataset.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/dataset/entry_random.h"
#include "common/plan/validate_plan.h"

namespace drumfire {
namespace {

double DrawNormal(double mean, double stddev, Random random) {
  return stddev > 0 ? mean + stddev * random.Normal() : mean;
}

// Rounded, at least 1. `most` keeps a wild standard deviation from asking for gigabytes.
uint32_t DrawCount(double mean, double stddev, double most, Random random) {
  return static_cast<uint32_t>(std::clamp(std::round(DrawNormal(mean, stddev, random)), 1.0, most));
}

}  // namespace

std::unique_ptr<Dataset> SyntheticDataset::Create(const v1::Plan& plan,
                                                  std::unique_ptr<PromptWriter> writer) {
  return std::unique_ptr<Dataset>(
      new SyntheticDataset(plan.seed(), plan.dataset(), std::move(writer)));
}

EntryInfo SyntheticDataset::Info(uint64_t id) const {
  EntryInfo info;
  if (!has_conversations()) return info;
  info.turns = DrawCount(spec_.turns_mean(), spec_.turns_stddev(), plan_limits::kMaxTurns,
                         Random(seed_, RandomStream::kTurns, id));
  return info;
}

TurnInfo SyntheticDataset::Turn(uint64_t id, uint32_t turn) const {
  const uint64_t seed = TurnSeed(seed_, turn);
  TurnInfo info;
  info.isl = DrawCount(spec_.isl_mean(), spec_.isl_stddev(), plan_limits::kMaxSequenceTokens,
                       Random(seed, RandomStream::kInputLength, id));
  if (spec_.osl_mean() > 0) {
    info.requested_osl =
        DrawCount(spec_.osl_mean(), spec_.osl_stddev(), plan_limits::kMaxSequenceTokens,
                  Random(seed, RandomStream::kOutputLength, id));
  }
  if (turn > 0) info.delay_ns = DrawDelayNs(Random(seed, RandomStream::kTurnDelay, id));
  return info;
}

int64_t SyntheticDataset::DrawDelayNs(Random random) const {
  const double drawn = DrawNormal(spec_.turn_delay_mean_ns(), spec_.turn_delay_stddev_ns(), random);
  return static_cast<int64_t>(std::clamp(drawn, 0.0, static_cast<double>(plan_limits::kMaxTimeNs)));
}

void SyntheticDataset::AppendText(uint64_t id, uint32_t turn, uint32_t batch_index,
                                  std::string* out) const {
  const PromptPart part{EntryRandom(TurnSeed(seed_, turn), id, batch_index), Turn(id, turn).isl};
  writer_->Append({&part, 1}, out);
}

}  // namespace drumfire
