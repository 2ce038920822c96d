// Finds the end of an HTTP/1.1 answer and the chunks in it, and nothing else: the floor of what a
// client must do.
#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace drumfire::bench {

// One connection each; one thread. Trusts the server (it is ours): no limits.
class ResponseScanner {
 public:
  enum class Progress { kNeedMore, kDone, kBad };

  // Takes the bytes of one answer. `on_chunk(bytes)` is called for each HTTP chunk with what this
  // read holds of it, once. kDone: the answer is whole, and the scanner is ready for the next.
  // kBad: no answer, or a status other than 200.
  template <typename OnChunk>
  Progress Feed(absl::string_view data, OnChunk on_chunk) {
    while (!data.empty()) {
      if (in_chunk_data()) {
        if (at_chunk_start_) on_chunk(data.substr(0, left_ - kChunkEndBytes));
        at_chunk_start_ = false;
        Skip(&data);
        continue;
      }
      const Progress progress = Step(&data);
      if (progress != Progress::kNeedMore) return progress;
    }
    return Progress::kNeedMore;
  }

 private:
  enum class State { kHead, kSized, kChunkSize, kChunkData, kLastChunkEnd };
  static constexpr size_t kChunkEndBytes = 2;

  bool in_chunk_data() const { return state_ == State::kChunkData; }
  void Skip(absl::string_view* data);
  Progress Step(absl::string_view* data);
  Progress TakeHead(absl::string_view* data);
  Progress TakeChunkSize(absl::string_view* data);

  State state_ = State::kHead;
  bool at_chunk_start_ = false;
  size_t left_ = 0;   // of the sized body, or of the chunk with its line end
  std::string line_;  // an incomplete head or chunk-size line
};

}  // namespace drumfire::bench
