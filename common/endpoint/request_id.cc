#include <algorithm>
#include <cstdint>
#include <cstring>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/endpoint/request_builder.h"
#include "common/random/random.h"

namespace drumfire {
namespace {

enum class IdKind : uint64_t { kRequest = 0, kCorrelation = 1 };

// All 16 bytes of the run's id, the phase and the kind go into the key; the index is the counter,
// so that ids of one key never repeat (Philox is a bijection).
uint64_t KeyOf(absl::string_view run_id, uint32_t phase, IdKind kind) {
  uint64_t halves[2] = {};
  std::memcpy(halves, run_id.data(), std::min(run_id.size(), sizeof(halves)));
  const uint64_t salt = static_cast<uint64_t>(kind) << 32 | phase;
  return halves[0] ^ Random(halves[1], RandomStream::kRunId, salt).Bits();
}

// 16 bytes as a UUID of version 4 (RFC 9562 section 5.4).
std::string UuidText(uint64_t high, uint64_t low) {
  constexpr uint64_t kVersionMask = 0xF000, kVersion4 = 0x4000;
  constexpr uint64_t kVariantMask = 0xC000'0000'0000'0000, kVariant = 0x8000'0000'0000'0000;
  high = (high & ~kVersionMask) | kVersion4;
  low = (low & ~kVariantMask) | kVariant;
  const std::string hex =
      absl::StrCat(absl::Hex(high, absl::kZeroPad16), absl::Hex(low, absl::kZeroPad16));
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-",
                      hex.substr(16, 4), "-", hex.substr(20));
}

std::string IdText(absl::string_view run_id, uint32_t phase, uint64_t index, IdKind kind) {
  Random random(KeyOf(run_id, phase, kind), RandomStream::kRequestId, index);
  const uint64_t high = random.Bits();
  return UuidText(high, random.Bits());
}

}  // namespace

std::string RequestId(absl::string_view run_id, uint32_t phase, uint64_t k) {
  return IdText(run_id, phase, k, IdKind::kRequest);
}

std::string CorrelationId(absl::string_view run_id, uint32_t phase, uint64_t session) {
  return IdText(run_id, phase, session, IdKind::kCorrelation);
}

}  // namespace drumfire
