// Bytes gathered from reads: a view while they are one piece of the current read, and a copy only
// if they must outlive it.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

class HeldBytes {
 public:
  // Adds bytes. The first piece is not copied: it must stay valid until Hold or Clear.
  void Append(absl::string_view bytes) {
    if (is_view_ && view_.empty()) {
      view_ = bytes;
    } else {
      AppendCopy(bytes);
    }
  }
  // The read ends: copies bytes that are still a view.
  void Hold() {
    if (is_view_ && !view_.empty()) AppendCopy("");
  }
  // Clears everything; keeps a small buffer for the next use and frees a large one.
  void Clear() {
    view_ = {};
    if (!is_view_) ClearCopy();
  }

  absl::string_view view() const { return is_view_ ? view_ : absl::string_view(copy_); }
  size_t size() const { return view().size(); }
  bool empty() const { return view().empty(); }

 private:
  void AppendCopy(absl::string_view bytes);
  void ClearCopy();

  bool is_view_ = true;
  absl::string_view view_;
  std::string copy_;
};

// Clears the text, and frees its memory if that is more than a small buffer.
void ClearBuffer(std::string* buffer);

}  // namespace drumfire
