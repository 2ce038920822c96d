#include "common/schedule/schedule.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/clock/clock.h"
#include "common/dataset/entry_id.h"

namespace drumfire {
namespace {

// Streams of different phases must not repeat each other: the phase sits in the index's top byte.
// The measured phase is always 0 there, so that a warmup before it does not change its draws.
uint64_t StreamIndex(const v1::Phase& phase, uint32_t phase_index, uint64_t k) {
  const uint64_t stream = phase.kind() == v1::PHASE_PROFILING ? 0 : phase_index + 1;
  return (stream << 56) | k;
}

constexpr uint64_t kUnbounded = std::numeric_limits<uint64_t>::max();

}  // namespace

bool IsOpenLoop(const v1::Phase& phase) {
  if (phase.mode() == v1::LOAD_FIXED_SCHEDULE) return true;
  return phase.mode() == v1::LOAD_RATE && phase.arrival_pattern() != v1::ARRIVAL_CONCURRENCY_BURST;
}

ArrivalTimes::ArrivalTimes(const v1::Phase& phase, uint64_t seed, uint32_t phase_index,
                           const Dataset* dataset)
    : phase_(phase), seed_(seed), phase_index_(phase_index), dataset_(dataset) {}

double ArrivalTimes::GapSeconds(uint64_t k) const {
  Random random(seed_, RandomStream::kArrivals, StreamIndex(phase_, phase_index_, k));
  const double mean_s = 1 / phase_.request_rate();
  return phase_.arrival_pattern() == v1::ARRIVAL_POISSON
             ? mean_s * random.Exponential()
             : mean_s * random.Gamma(phase_.arrival_smoothness());
}

int64_t ArrivalTimes::At(uint64_t k) {
  if (phase_.mode() == v1::LOAD_FIXED_SCHEDULE) return dataset_->Info(k).timestamp_ns;
  if (phase_.arrival_pattern() == v1::ARRIVAL_CONSTANT) {
    const long double due_ns = static_cast<long double>(k) * kNsPerSecond / phase_.request_rate();
    return static_cast<int64_t>(due_ns);
  }
  for (; next_ < k; ++next_) {
    const double gap_s = GapSeconds(next_) - compensation_s_;
    const double sum_s = elapsed_s_ + gap_s;
    compensation_s_ = (sum_s - elapsed_s_) - gap_s;
    elapsed_s_ = sum_s;
  }
  return static_cast<int64_t>(elapsed_s_ * kNsPerSecond);
}

ScheduleCursor::ScheduleCursor(const v1::Plan& plan, uint32_t phase_index, const Dataset* dataset)
    : plan_(plan),
      phase_(plan.phases(static_cast<int>(phase_index))),
      phase_index_(phase_index),
      dataset_(dataset),
      arrivals_(phase_, plan.seed(), phase_index, dataset) {}

uint64_t ScheduleCursor::EntryOf(uint64_t k) const {
  const uint64_t entry = k % dataset_->size();
  return phase_.kind() == v1::PHASE_WARMUP ? WarmupEntry(phase_index_, entry) : entry;
}

uint32_t ScheduleCursor::ModelOf(uint64_t k, const EntryInfo& info) const {
  const auto& models = plan_.models();
  if (!info.model.empty()) {
    const auto found = std::find(models.begin(), models.end(), std::string(info.model));
    if (found != models.end()) return static_cast<uint32_t>(found - models.begin());
  }
  const auto size = static_cast<uint64_t>(models.size());
  if (plan_.model_selection() == v1::MODEL_ROUND_ROBIN) return static_cast<uint32_t>(k % size);
  Random random(plan_.seed(), RandomStream::kModel, StreamIndex(phase_, phase_index_, k));
  return static_cast<uint32_t>(random.Below(size));
}

ScheduledRequest ScheduleCursor::At(uint64_t k) {
  ScheduledRequest request;
  request.k = k;
  request.entry = EntryOf(k);
  const EntryInfo info = dataset_->Info(request.entry);
  if (IsOpenLoop(phase_)) request.intended_ns = arrivals_.At(k);
  request.url = static_cast<uint32_t>(k % static_cast<uint64_t>(plan_.urls_size()));
  request.model = ModelOf(k, info);
  request.isl = info.isl * std::max(plan_.endpoint().batch_size(), 1U);
  request.requested_osl = info.requested_osl;
  return request;
}

bool MayRepeatEntries(const v1::Phase& phase, uint64_t entries) {
  if (entries == kUnboundedEntries || phase.mode() == v1::LOAD_FIXED_SCHEDULE) return false;
  return phase.request_count() == 0 || phase.request_count() > entries;
}

uint64_t OpenLoopRequestCount(const v1::Plan& plan, uint32_t phase_index, const Dataset* dataset) {
  const v1::Phase& phase = plan.phases(static_cast<int>(phase_index));
  uint64_t limit = phase.request_count() > 0 ? phase.request_count() : kUnbounded;
  if (phase.mode() == v1::LOAD_FIXED_SCHEDULE) limit = std::min(limit, dataset->size());
  if (phase.duration_ns() <= 0) return limit;
  ArrivalTimes arrivals(phase, plan.seed(), phase_index, dataset);
  uint64_t count = 0;
  while (count < limit && arrivals.At(count) < phase.duration_ns()) ++count;
  return count;
}

uint32_t SlotShare(uint32_t total, uint32_t worker, uint32_t workers) {
  return total / workers + (worker < total % workers ? 1 : 0);
}

}  // namespace drumfire
