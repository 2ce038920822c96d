#include "worker/dispatch/unprepared_credits.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

using Wide = unsigned __int128;

uint64_t StrideOf(const v1::Grant& grant) { return std::max<uint64_t>(grant.stride(), 1); }
uint64_t LastOf(const v1::Grant& grant) {
  return grant.first() + (grant.count() - 1) * StrideOf(grant);
}

// The inverse of a modulo m, which share no factor.
uint64_t Inverse(uint64_t a, uint64_t m) {
  __int128 from = m, to = a % m, of_from = 0, of_to = 1;
  while (to != 0) {
    of_from -= from / to * of_to;
    from %= to;
    std::swap(from, to);
    std::swap(of_from, of_to);
  }
  return static_cast<uint64_t>((of_from % m + m) % m);
}

// The lowest session of both progressions that is not below `from`, by the Chinese remainder
// theorem; one beyond 64 bits when there is none.
Wide LowestOfBoth(const v1::Grant& a, const v1::Grant& b) {
  const uint64_t stride_a = StrideOf(a), stride_b = StrideOf(b);
  const uint64_t common = std::gcd(stride_a, stride_b);
  const bool a_is_lower = a.first() <= b.first();
  const uint64_t apart = a_is_lower ? b.first() - a.first() : a.first() - b.first();
  if (apart % common != 0) return Wide{1} << 64;
  const uint64_t modulus = stride_b / common;
  uint64_t steps = apart / common % modulus;  // of a, from its first session to one of b's
  if (!a_is_lower) steps = (modulus - steps) % modulus;
  steps = static_cast<uint64_t>(Wide{steps} * Inverse(stride_a / common, modulus) % modulus);
  const Wide met = a.first() + Wide{steps} * stride_a;
  if (met >= b.first()) return met;
  const Wide every = Wide{modulus} * stride_a;
  return met + (b.first() - met + every - 1) / every * every;
}

bool Share(const v1::Grant& a, const v1::Grant& b) {
  const uint64_t last = std::min(LastOf(a), LastOf(b));
  if (std::max(a.first(), b.first()) > last) return false;
  return LowestOfBoth(a, b) <= last;
}

}  // namespace

absl::Status UnpreparedCredits::Add(const v1::Grant& grant) {
  if (grant.count() == 0) return absl::OkStatus();
  if (Holds(grant)) {
    return absl::InvalidArgumentError(
        absl::StrCat("credits: found ", grant.count(), " from session ", grant.first(), " by ",
                     grant.stride(), ", of which some are granted already"));
  }
  highest_ = std::max(highest_, LastOf(grant));
  grants_.emplace(grant.first(), grant);
  return absl::OkStatus();
}

// Nearly every grant lies beyond all before it.
bool UnpreparedCredits::Holds(const v1::Grant& grant) const {
  if (grant.first() > highest_) return false;
  return std::any_of(grants_.begin(), grants_.upper_bound(LastOf(grant)),
                     [&grant](const auto& held) { return Share(held.second, grant); });
}

// What is left of the range takes its place by its new first session.
uint64_t UnpreparedCredits::TakeLowest() {
  auto node = grants_.extract(grants_.begin());
  v1::Grant& grant = node.mapped();
  const uint64_t session = grant.first();
  grant.set_count(grant.count() - 1);
  if (grant.count() == 0) return session;
  grant.set_first(session + StrideOf(grant));
  node.key() = grant.first();
  grants_.insert(std::move(node));
  return session;
}

}  // namespace drumfire
