#include "coordinator/results/judgement.h"

#include <algorithm>
#include <utility>

namespace drumfire {

void Judgement::Add(VerdictStatus level, FaultSource fault, absl::string_view check, double figure,
                    double bound, std::string text, std::string cure) {
  reasons_.push_back(
      {level, fault, std::string(check), figure, bound, std::move(text), std::move(cure)});
}

Verdict Judgement::Finish() {
  std::stable_sort(
      reasons_.begin(), reasons_.end(),
      [](const VerdictReason& a, const VerdictReason& b) { return a.level > b.level; });
  Verdict verdict;
  if (!reasons_.empty()) verdict.status = reasons_.front().level;
  verdict.reasons = std::move(reasons_);
  return verdict;
}

}  // namespace drumfire
