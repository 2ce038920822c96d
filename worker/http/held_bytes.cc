#include "worker/http/held_bytes.h"

namespace drumfire {
namespace {

constexpr size_t kKeptCapacityBytes = 4 << 10;

}  // namespace

// Copies the bytes that are still a view first.
void HeldBytes::AppendCopy(absl::string_view bytes) {
  copy_.append(view_.data(), view_.size());
  view_ = {};
  is_view_ = false;
  copy_.append(bytes.data(), bytes.size());
}

void HeldBytes::ClearCopy() {
  is_view_ = true;
  ClearBuffer(&copy_);
}

void ClearBuffer(std::string* buffer) {
  if (buffer->capacity() > kKeptCapacityBytes) {
    *buffer = std::string();
  } else {
    buffer->clear();
  }
}

}  // namespace drumfire
