// The tokens of a model: id <-> bytes, in one arena and two flat tables, so that 200,000 of them
// load in milliseconds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace drumfire {

// Filled by one thread, then read by any.
class Vocabulary {
 public:
  static constexpr uint32_t kNoToken = UINT32_MAX;
  // Ids stay below this, which bounds the tables whatever a file says.
  static constexpr uint32_t kMaxTokens = 1 << 22;

  // Expected number of tokens, a hint.
  explicit Vocabulary(size_t expected_tokens);

  // Refuses a repeated id, repeated or empty bytes, and ids from kMaxTokens up.
  absl::Status Add(uint32_t id, absl::string_view bytes);
  // A token that Find never gives: text reaches it some other way (added tokens), or never.
  absl::Status AddDecodeOnly(uint32_t id, absl::string_view bytes);

  // Id of exactly these bytes, or kNoToken.
  uint32_t Find(absl::string_view bytes) const;
  // Bytes of the id, empty for an unknown one. Stays valid until the next Add.
  absl::string_view Bytes(uint32_t id) const;
  // All ids are below.
  uint32_t size() const { return static_cast<uint32_t>(spans_.size()); }
  // Number of tokens that Find can give.
  uint32_t findable() const { return findable_; }
  // Longest of the bytes that Find knows.
  size_t longest_bytes() const { return longest_bytes_; }

 private:
  struct Span {
    uint32_t begin = 0;
    uint32_t size = 0;
  };
  struct Slot {
    uint32_t hash = 0;
    uint32_t id = kNoToken;
  };

  absl::Status Store(uint32_t id, absl::string_view bytes);
  // Slot that holds the bytes, or the free one where they belong.
  size_t FindSlot(absl::string_view bytes, uint32_t hash) const;
  void Rehash(size_t slots);

  std::string arena_;
  std::vector<Span> spans_;
  std::vector<Slot> slots_;
  uint32_t findable_ = 0;
  size_t longest_bytes_ = 0;
};

}  // namespace drumfire
