#include "common/schedule/schedule.h"

#include <algorithm>
#include <limits>

#include "common/dataset/entry_id.h"

namespace drumfire {
namespace {

constexpr uint64_t kUnbounded = std::numeric_limits<uint64_t>::max();

}  // namespace

ScheduleCursor::ScheduleCursor(const v1::Plan& plan, uint32_t phase_index, const Dataset* dataset)
    : plan_(plan),
      phase_(plan.phases(static_cast<int>(phase_index))),
      phase_index_(phase_index),
      dataset_(dataset),
      draws_(phase_, plan.seed(), phase_index),
      is_open_loop_(IsOpenLoop(phase_)),
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
  return static_cast<uint32_t>(draws_.Of(RandomStream::kModel, k).Below(size));
}

ScheduledRequest ScheduleCursor::At(uint64_t k) {
  ScheduledRequest request;
  request.k = k;
  request.entry = EntryOf(k);
  const EntryInfo info = dataset_->Info(request.entry);
  if (is_open_loop_) request.intended_ns = arrivals_.At(k);
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
