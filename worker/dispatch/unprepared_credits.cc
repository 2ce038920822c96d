#include "worker/dispatch/unprepared_credits.h"

#include <utility>

namespace drumfire {

void UnpreparedCredits::Add(const v1::Grant& grant) {
  if (grant.count() > 0) grants_.emplace(grant.first(), grant);
}

// What is left of the range takes its place by the new first k.
uint64_t UnpreparedCredits::TakeLowest() {
  auto node = grants_.extract(grants_.begin());
  v1::Grant& grant = node.mapped();
  const uint64_t k = grant.first();
  grant.set_count(grant.count() - 1);
  if (grant.count() == 0) return k;
  grant.set_first(k + grant.stride());
  node.key() = grant.first();
  grants_.insert(std::move(node));
  return k;
}

}  // namespace drumfire
