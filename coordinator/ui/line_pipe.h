// A pipe whose lines go to a function, for what other processes write to their standard error.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire {

class LinePipe {
 public:
  // on_line: called on a thread of this object's own, without the line's end. INTERNAL: no
  // descriptors.
  static absl::StatusOr<std::unique_ptr<LinePipe>> Create(
      std::function<void(absl::string_view)> on_line);
  // Gives out what was written before; waits for no writer.
  ~LinePipe();

  // Closed on exec: hand it on with dup2. Owned.
  int write_descriptor() const { return write_; }

 private:
  LinePipe(int read, int write, int stop, std::function<void(absl::string_view)> on_line);
  void Run();
  bool ReadSome();

  const int read_, write_, stop_;
  const std::function<void(absl::string_view)> on_line_;
  std::string partial_;  // the thread's: a line whose end is not there yet
  std::thread thread_;
};

}  // namespace drumfire
