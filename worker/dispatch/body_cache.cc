#include "worker/dispatch/body_cache.h"

namespace drumfire {

std::shared_ptr<const std::string> BodyCache::Get(uint64_t entry, uint32_t model) {
  const auto key = std::make_pair(entry, model);
  if (const auto found = bodies_.find(key); found != bodies_.end()) return found->second;
  std::string body;
  builder_->AppendBody({.entry = entry}, model, &body);
  body.shrink_to_fit();
  auto shared = std::make_shared<const std::string>(std::move(body));
  if (held_bytes_ + shared->size() <= max_bytes_) {
    held_bytes_ += shared->size();
    bodies_.emplace(key, shared);
  }
  return shared;
}

}  // namespace drumfire
