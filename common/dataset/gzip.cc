// gzip (RFC 1952), also of several members, as parallel compressors write it.
#include <zlib.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/dataset/compression.h"

namespace drumfire {
namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;
constexpr size_t kPieceBytes = 1 << 20;
constexpr size_t kMaxInputBytes = 1 << 30;  // that zlib is given at once

absl::Status GzipError(absl::string_view found, absl::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat("found ", found, ", expected ", expected));
}

class Inflater {
 public:
  explicit Inflater(absl::string_view bytes) : left_(bytes) {
    is_ready_ = inflateInit2(&stream_, kGzipOnly) == Z_OK;
  }
  ~Inflater() {
    if (is_ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  absl::StatusOr<std::string> All(uint64_t max_bytes) {
    if (!is_ready_) return absl::ResourceExhaustedError("no memory for gzip");
    std::string out;
    do {
      if (absl::Status piece = AppendPiece(&out); !piece.ok()) return piece;
      if (out.size() > max_bytes) {
        return GzipError(absl::StrCat(out.size(), " bytes or more in gzip data"),
                         absl::StrCat("at most ", max_bytes));
      }
    } while (!is_over_);
    return out;
  }

 private:
  absl::Status AppendPiece(std::string* out) {
    if (stream_.avail_in == 0) Feed();
    const size_t old_bytes = out->size();
    out->resize(old_bytes + kPieceBytes);
    stream_.next_out = reinterpret_cast<Bytef*>(out->data() + old_bytes);
    stream_.avail_out = kPieceBytes;
    const int code = inflate(&stream_, Z_NO_FLUSH);
    out->resize(out->size() - stream_.avail_out);
    if (code == Z_STREAM_END) return EndMember();
    if (code == Z_BUF_ERROR && left_.empty()) {
      return GzipError("gzip data that is cut short", "all of it");
    }
    if (code == Z_OK || code == Z_BUF_ERROR) return absl::OkStatus();
    return GzipError("broken gzip data", "a whole gzip file");
  }

  void Feed() {
    const size_t bytes = std::min(left_.size(), kMaxInputBytes);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(left_.data()));
    stream_.avail_in = static_cast<uInt>(bytes);
    left_.remove_prefix(bytes);
  }

  // What follows is another member, or nothing.
  absl::Status EndMember() {
    if (stream_.avail_in == 0) Feed();
    is_over_ = stream_.avail_in == 0;
    if (is_over_ || inflateReset(&stream_) == Z_OK) return absl::OkStatus();
    return absl::InternalError("gzip cannot go on");
  }

  absl::string_view left_;
  z_stream stream_ = {};
  bool is_ready_ = false;
  bool is_over_ = false;
};

}  // namespace

absl::StatusOr<std::string> Gunzip(absl::string_view bytes, uint64_t max_bytes) {
  return Inflater(bytes).All(max_bytes);
}

}  // namespace drumfire
