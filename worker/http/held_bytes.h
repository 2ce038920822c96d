// Bytes gathered from reads: a view as long as they lie in one piece of the present read, a copy
// only when they must outlive it.
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
  // The read is over: keep a copy of what is still a view.
  void Hold() {
    if (is_view_ && !view_.empty()) AppendCopy("");
  }
  // Forgets all; keeps a small buffer for the next use, frees a large one.
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

// Empties the text; gives its memory back when that is more than a small buffer.
void ClearBuffer(std::string* buffer);

}  // namespace drumfire
