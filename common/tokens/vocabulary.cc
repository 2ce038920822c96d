#include "common/tokens/vocabulary.h"

#include <algorithm>
#include <bit>

#include "absl/hash/hash.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"

namespace drumfire {
namespace {

constexpr size_t kTypicalTokenBytes = 8;

uint32_t HashBytes(absl::string_view bytes) { return static_cast<uint32_t>(absl::HashOf(bytes)); }

}  // namespace

Vocabulary::Vocabulary(size_t expected_tokens) {
  const size_t expected = std::min<size_t>(expected_tokens, kMaxTokens);
  arena_.reserve(expected * kTypicalTokenBytes);
  spans_.reserve(expected);
  slots_.resize(std::bit_ceil(2 * expected + 2));
}

absl::Status Vocabulary::Store(uint32_t id, absl::string_view bytes) {
  if (id >= kMaxTokens) {
    return absl::InvalidArgumentError(
        absl::StrCat("found id ", id, ", expected ids below ", kMaxTokens));
  }
  if (bytes.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("found id ", id, " for an empty token, expected at least one byte"));
  }
  if (id >= spans_.size()) spans_.resize(id + 1);
  if (spans_[id].size != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("found id ", id, " a second time, expected each id once"));
  }
  spans_[id] = {static_cast<uint32_t>(arena_.size()), static_cast<uint32_t>(bytes.size())};
  arena_.append(bytes.data(), bytes.size());
  return absl::OkStatus();
}

absl::Status Vocabulary::AddDecodeOnly(uint32_t id, absl::string_view bytes) {
  return Store(id, bytes);
}

absl::Status Vocabulary::Add(uint32_t id, absl::string_view bytes) {
  if (2 * (findable_ + 1) > slots_.size()) Rehash(2 * slots_.size());
  const uint32_t hash = HashBytes(bytes);
  Slot& slot = slots_[FindSlot(bytes, hash)];
  if (slot.id != kNoToken) {
    return absl::InvalidArgumentError(absl::StrCat("found token \"", absl::CHexEscape(bytes),
                                                   "\" for the ids ", slot.id, " and ", id,
                                                   ", expected each token once"));
  }
  DRUMFIRE_RETURN_IF_ERROR(Store(id, bytes));
  slot = {hash, id};
  ++findable_;
  longest_bytes_ = std::max(longest_bytes_, bytes.size());
  return absl::OkStatus();
}

size_t Vocabulary::FindSlot(absl::string_view bytes, uint32_t hash) const {
  const size_t mask = slots_.size() - 1;
  size_t index = hash & mask;
  while (slots_[index].id != kNoToken) {
    if (slots_[index].hash == hash && Bytes(slots_[index].id) == bytes) return index;
    index = (index + 1) & mask;
  }
  return index;
}

void Vocabulary::Rehash(size_t slots) {
  std::vector<Slot> old(slots);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.id != kNoToken) slots_[FindSlot(Bytes(slot.id), slot.hash)] = slot;
  }
}

uint32_t Vocabulary::Find(absl::string_view bytes) const {
  if (bytes.size() > longest_bytes_) return kNoToken;
  return slots_[FindSlot(bytes, HashBytes(bytes))].id;
}

absl::string_view Vocabulary::Bytes(uint32_t id) const {
  if (id >= spans_.size()) return {};
  return absl::string_view(arena_).substr(spans_[id].begin, spans_[id].size);
}

}  // namespace drumfire
