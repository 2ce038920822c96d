#include "coordinator/ledger/ledger.h"

#include <algorithm>
#include <utility>

namespace drumfire {

std::vector<WorkerGrant> Ledger::Advance(int64_t phase_now_ns) {
  std::vector<WorkerGrant> grants;
  AdvanceTo(phase_now_ns, &grants);
  GiveReclaimed(&grants);
  if (!options_.hold_final && exhausted()) MarkFinal(&grants);
  return grants;
}

std::vector<WorkerGrant> Ledger::OnDemand(uint32_t worker, uint64_t unsent, uint32_t free_slots) {
  std::vector<WorkerGrant> grants;
  if (workers_[worker].final_granted || is_lost(worker)) return grants;
  Answer(worker, unsent, free_slots, &grants);
  if (!options_.hold_final && exhausted()) MarkFinal(&grants);
  return grants;
}

void Ledger::Settle(uint32_t worker, uint64_t lowest_unsent, uint64_t granted) {
  workers_[worker].held.Settle(lowest_unsent, granted);
}

void Ledger::Lose(uint32_t worker) { workers_[worker].is_lost = true; }

uint64_t Ledger::Reclaim(uint32_t worker) {
  uint64_t count = 0;
  for (const CreditRange& range : workers_[worker].held.ReclaimUnsettled()) {
    count += range.count;
    Return(range);
  }
  OnReclaimed(worker);
  return count;
}

uint32_t Ledger::Enlist(uint32_t slots) {
  OnEnlist(slots);
  workers_.emplace_back();
  return worker_count() - 1;
}

std::vector<WorkerGrant> Ledger::GrantFinal() {
  std::vector<WorkerGrant> grants;
  MarkFinal(&grants);
  return grants;
}

void Ledger::Give(uint32_t worker, const CreditRange& range, std::vector<WorkerGrant>* grants) {
  workers_[worker].held.Add(range);
  WorkerGrant& out = grants->emplace_back();
  out.worker = worker;
  out.grant.set_phase(options_.phase);
  out.grant.set_first(range.first);
  out.grant.set_count(range.count);
  out.grant.set_stride(range.stride);
}

void Ledger::Return(const CreditRange& range) {
  if (range.count > 0) reclaimed_.push_back(range);
}

std::vector<uint32_t> Ledger::Present() const {
  std::vector<uint32_t> present;
  for (uint32_t worker = 0; worker < workers_.size(); ++worker) {
    if (!workers_[worker].is_lost) present.push_back(worker);
  }
  return present;
}

// Split evenly. Each range begins with another worker, so that small ones do not all go to the
// same.
void Ledger::GiveReclaimed(std::vector<WorkerGrant>* grants) {
  const std::vector<uint32_t> present = Present();
  if (present.empty()) return;
  const auto count = static_cast<uint32_t>(present.size());
  for (const CreditRange& range : std::exchange(reclaimed_, {})) {
    const std::vector<CreditRange> parts = Partition(range, count, next_starter_++ % count);
    for (uint32_t i = 0; i < count; ++i) {
      if (parts[i].count > 0) Give(present[i], parts[i], grants);
    }
  }
}

// Everyone hears that nothing more will come: on the last grant made just now, or by an empty one.
void Ledger::MarkFinal(std::vector<WorkerGrant>* grants) {
  for (uint32_t worker = 0; worker < workers_.size(); ++worker) {
    if (workers_[worker].is_lost || std::exchange(workers_[worker].final_granted, true)) continue;
    auto last = std::find_if(grants->rbegin(), grants->rend(),
                             [worker](const WorkerGrant& g) { return g.worker == worker; });
    if (last != grants->rend()) {
      last->grant.set_last(true);
    } else {
      Give(worker, {}, grants);
      grants->back().grant.set_last(true);
    }
  }
}

}  // namespace drumfire
