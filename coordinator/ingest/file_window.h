// A file read from front to back through a window that grows to what is asked for and moves on:
// memory does not grow with the file. One thread.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire {

class FileWindow {
 public:
  static absl::StatusOr<FileWindow> Open(const std::string& path);

  // The bytes read and not yet passed. Valid until the next call that is not const.
  absl::string_view bytes() const { return absl::string_view(buffer_).substr(start_); }
  // Reads on; false at the end of the file.
  absl::StatusOr<bool> ReadMore();
  // Passes size_bytes <= bytes().size().
  void Pass(size_t size_bytes) { start_ += size_bytes; }

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  FileWindow(std::FILE* file, std::string path) : file_(file), path_(std::move(path)) {}

  std::unique_ptr<std::FILE, Closer> file_;
  std::string path_;
  std::string buffer_;
  size_t start_ = 0;
};

}  // namespace drumfire
