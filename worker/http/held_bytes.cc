#include "worker/http/held_bytes.h"

namespace drumfire {
namespace {

constexpr size_t kKeptCapacityBytes = 4 << 10;

}  // namespace

void HeldBytes::Append(absl::string_view bytes) {
  if (is_view_ && view_.empty()) {
    view_ = bytes;
    return;
  }
  Hold();
  copy_.append(bytes.data(), bytes.size());
}

void HeldBytes::Hold() {
  if (!is_view_ || view_.empty()) return;
  copy_.assign(view_.data(), view_.size());
  view_ = {};
  is_view_ = false;
}

void HeldBytes::Clear() {
  view_ = {};
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
