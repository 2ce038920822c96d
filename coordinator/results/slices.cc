#include "coordinator/results/slices.h"

#include <algorithm>
#include <set>
#include <utility>

#include "coordinator/results/summary_codec.h"

namespace drumfire {

void Slices::Add(const v1::Record& record) {
  if (record.outcome() == v1::OUTCOME_DROPPED || record.sent_ns() < 0) return;
  first_sent_ns_ = std::min(first_sent_ns_, record.sent_ns());
  if (has_begun_) {
    Put(record);
    return;
  }
  held_.push_back(record);
  const bool is_first = record.session() == 0 && record.turn() == 0;
  if (is_first || held_.size() >= kMaxHeld) Begin();
}

// Session 0 begins first, up to the microseconds between workers.
void Slices::Begin() {
  has_begun_ = true;
  origin_ns_ = first_sent_ns_;
  for (const v1::Record& record : held_) Put(record);
  held_.clear();
}

void Slices::Put(const v1::Record& record) {
  const int64_t index = std::max<int64_t>(record.sent_ns() - origin_ns_, 0) / width_ns_;
  if (index >= kMaxSlices) {
    ++left_out_;
    return;
  }
  Open(index)->Add(record);
}

MetricSummary* Slices::Open(int64_t index) {
  const auto found = open_.find(index);
  if (found != open_.end()) {
    if (recently_used_.front() != index) {
      recently_used_.remove(index);
      recently_used_.push_front(index);
    }
    return &found->second;
  }
  if (open_.size() >= kOpenSlices) PutAway();
  recently_used_.push_front(index);
  const auto cold = serialized_.find(index);
  if (cold == serialized_.end())
    return &open_.emplace(index, MetricSummary(context_)).first->second;
  MetricSummary* summary =
      &open_.emplace(index, DeserializeSummary(cold->second, context_)).first->second;
  serialized_.erase(cold);
  return summary;
}

void Slices::PutAway() {
  const int64_t index = recently_used_.back();
  recently_used_.pop_back();
  const auto found = open_.find(index);
  serialized_[index] = SerializeSummary(found->second);
  open_.erase(found);
}

std::vector<Slice> Slices::Finish(int64_t last_end_ns) {
  if (!has_begun_) Begin();
  std::set<int64_t> indices;
  for (const auto& [index, summary] : open_) indices.insert(index);
  for (const auto& [index, bytes] : serialized_) indices.insert(index);
  std::vector<Slice> slices;
  for (const int64_t index : indices) {
    Slice slice;
    slice.start_ns = first_sent_ns_ + index * width_ns_;
    slice.end_ns = slice.start_ns + width_ns_;
    if (index == *indices.rbegin() && last_end_ns < slice.end_ns) {
      slice.is_complete = false;
      slice.end_ns = std::max(last_end_ns, slice.start_ns);
    }
    slice.blocks = MakeBlocks(*Open(index), context_, slice.end_ns - slice.start_ns);
    slices.push_back(std::move(slice));
  }
  return slices;
}

}  // namespace drumfire
