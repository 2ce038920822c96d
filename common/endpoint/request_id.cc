#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "common/dataset/entry_id.h"
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

// Both hex digits of each byte.
constexpr auto kHexPairs = [] {
  std::array<std::array<char, 2>, 256> pairs{};
  for (size_t byte = 0; byte < pairs.size(); ++byte) {
    pairs[byte] = {"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]};
  }
  return pairs;
}();

// Writes the low bytes of value, two digits each. Returns where they end.
char* WriteHex(uint64_t value, int bytes, char* out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out = std::copy_n(kHexPairs[value >> shift & 255].data(), 2, out);
  }
  return out;
}

// 16 bytes as a UUID of version 4 (RFC 9562 section 5.4).
std::string UuidText(uint64_t high, uint64_t low) {
  constexpr uint64_t kVersionMask = 0xF000, kVersion4 = 0x4000;
  constexpr uint64_t kVariantMask = 0xC000'0000'0000'0000, kVariant = 0x8000'0000'0000'0000;
  high = (high & ~kVersionMask) | kVersion4;
  low = (low & ~kVariantMask) | kVariant;
  std::string text(36, '-');
  char* end = WriteHex(high >> 32, 4, text.data());
  end = WriteHex(high >> 16, 2, end + 1);
  end = WriteHex(high, 2, end + 1);
  end = WriteHex(low >> 48, 2, end + 1);
  WriteHex(low, 6, end + 1);
  return text;
}

std::string IdText(uint64_t key, uint64_t index) {
  Random random(key, RandomStream::kRequestId, index);
  const uint64_t high = random.Bits();
  return UuidText(high, random.Bits());
}

// A phase has fewer than kPhaseEntries sessions, so no two turns share an index.
uint64_t IndexOf(uint64_t session, uint32_t turn) {
  const uint64_t high = turn;
  return session ^ high << kPhaseEntryBits;
}

}  // namespace

std::string RequestId(absl::string_view run_id, uint32_t phase, uint64_t session, uint32_t turn) {
  return IdText(KeyOf(run_id, phase, IdKind::kRequest), IndexOf(session, turn));
}

std::string CorrelationId(absl::string_view run_id, uint32_t phase, uint64_t session) {
  return IdText(KeyOf(run_id, phase, IdKind::kCorrelation), session);
}

PhaseRequestIds::PhaseRequestIds(absl::string_view run_id, uint32_t phase)
    : request_key_(KeyOf(run_id, phase, IdKind::kRequest)),
      correlation_key_(KeyOf(run_id, phase, IdKind::kCorrelation)) {}

std::string PhaseRequestIds::RequestId(uint64_t session, uint32_t turn) const {
  return IdText(request_key_, IndexOf(session, turn));
}

std::string PhaseRequestIds::CorrelationId(uint64_t session) const {
  return IdText(correlation_key_, session);
}

}  // namespace drumfire
