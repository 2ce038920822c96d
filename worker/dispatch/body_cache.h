// Bodies by (entry, model): made once, shared by all requests of the entry as long as they fit into
// the bound.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "common/endpoint/request_builder.h"

namespace drumfire {

// One thread. builder is not owned.
class BodyCache {
 public:
  BodyCache(const RequestBuilder* builder, size_t max_bytes)
      : builder_(builder), max_bytes_(max_bytes) {}

  // Kept when it still fits; once the cache is full, further bodies are made anew each time (a long
  // trace rarely repeats).
  std::shared_ptr<const std::string> Get(uint64_t entry, uint32_t model);

 private:
  const RequestBuilder* const builder_;
  const size_t max_bytes_;
  size_t held_bytes_ = 0;
  absl::flat_hash_map<std::pair<uint64_t, uint32_t>, std::shared_ptr<const std::string>> bodies_;
};

}  // namespace drumfire
