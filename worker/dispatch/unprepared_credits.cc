#include "worker/dispatch/unprepared_credits.h"

#include <utility>

namespace drumfire {

void UnpreparedCredits::Add(const v1::Grant& grant) {
  if (grant.count() > 0) grants_.emplace(grant.first(), grant);
}

// What is left of the range takes its place by its new first session.
uint64_t UnpreparedCredits::TakeLowest() {
  auto node = grants_.extract(grants_.begin());
  v1::Grant& grant = node.mapped();
  const uint64_t session = grant.first();
  grant.set_count(grant.count() - 1);
  if (grant.count() == 0) return session;
  grant.set_first(session + grant.stride());
  node.key() = grant.first();
  grants_.insert(std::move(node));
  return session;
}

}  // namespace drumfire
