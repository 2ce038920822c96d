#include "tools/bench/response_scanner.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/match.h"

namespace drumfire::bench {
namespace {

constexpr absl::string_view kHeadEnd = "\r\n\r\n";
constexpr absl::string_view kLengthName = "\r\ncontent-length: ";

// Where `name` (lower case) begins in the head, whatever its case there; npos if nowhere.
size_t FindHeader(absl::string_view head, absl::string_view name) {
  const auto found =
      std::search(head.begin(), head.end(), name.begin(), name.end(),
                  [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
  return found == head.end() ? head.npos : static_cast<size_t>(found - head.begin());
}

}  // namespace

void ResponseScanner::Skip(absl::string_view* data) {
  const size_t taken = std::min(left_, data->size());
  data->remove_prefix(taken);
  left_ -= taken;
  if (left_ == 0) state_ = State::kChunkSize;
}

ResponseScanner::Progress ResponseScanner::Step(absl::string_view* data) {
  if (state_ == State::kHead) return TakeHead(data);
  if (state_ == State::kChunkSize) return TakeChunkSize(data);
  const size_t taken = std::min(left_, data->size());
  data->remove_prefix(taken);
  left_ -= taken;
  if (left_ > 0) return Progress::kNeedMore;
  state_ = State::kHead;
  return Progress::kDone;
}

ResponseScanner::Progress ResponseScanner::TakeHead(absl::string_view* data) {
  const size_t old_size = line_.size();
  line_.append(data->data(), data->size());
  const size_t end = line_.find(kHeadEnd.data(), old_size < 3 ? 0 : old_size - 3);
  if (end == std::string::npos) {
    data->remove_prefix(data->size());
    return Progress::kNeedMore;
  }
  data->remove_prefix(end + kHeadEnd.size() - old_size);
  line_.resize(end + kHeadEnd.size());
  if (!absl::StartsWith(line_, "HTTP/1.1 200")) return Progress::kBad;
  const size_t length = FindHeader(line_, kLengthName);
  if (length == std::string::npos) {
    state_ = State::kChunkSize;
  } else {
    state_ = State::kSized;
    left_ = std::strtoul(line_.c_str() + length + kLengthName.size(), nullptr, 10);
  }
  line_.clear();
  return Progress::kNeedMore;
}

ResponseScanner::Progress ResponseScanner::TakeChunkSize(absl::string_view* data) {
  const size_t end = data->find('\n');
  const size_t taken = end == data->npos ? data->size() : end + 1;
  line_.append(data->data(), taken);
  data->remove_prefix(taken);
  if (end == absl::string_view::npos) return Progress::kNeedMore;
  const size_t size = std::strtoul(line_.c_str(), nullptr, 16);
  line_.clear();
  left_ = size + kChunkEndBytes;
  state_ = size == 0 ? State::kLastChunkEnd : State::kChunkData;
  at_chunk_start_ = size > 0;
  return Progress::kNeedMore;
}

}  // namespace drumfire::bench
