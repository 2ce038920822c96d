// zstd (RFC 8878), also of several frames, as parallel compressors write it.
#include <zstd.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "common/dataset/compression.h"

namespace drumfire {
namespace {

constexpr size_t kZstdPieceBytes = 1 << 20;

absl::Status ZstdError(absl::string_view found, absl::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat("found ", found, ", expected ", expected));
}

}  // namespace

absl::StatusOr<std::string> Unzstd(absl::string_view bytes, uint64_t max_bytes) {
  const std::unique_ptr<ZSTD_DStream, size_t (*)(ZSTD_DStream*)> stream(ZSTD_createDStream(),
                                                                        &ZSTD_freeDStream);
  if (stream == nullptr) return absl::ResourceExhaustedError("no memory for zstd");
  std::string out;
  ZSTD_inBuffer in = {bytes.data(), bytes.size(), 0};
  size_t left = 0;  // 0: a frame is whole
  bool is_full = false;
  while (in.pos < in.size || is_full) {
    const size_t old_bytes = out.size();
    out.resize(old_bytes + kZstdPieceBytes);
    ZSTD_outBuffer piece = {out.data() + old_bytes, kZstdPieceBytes, 0};
    left = ZSTD_decompressStream(stream.get(), &piece, &in);
    out.resize(old_bytes + piece.pos);
    if (ZSTD_isError(left) != 0) {
      return ZstdError(absl::StrCat("broken zstd data (", ZSTD_getErrorName(left), ")"),
                       "a whole zstd file");
    }
    if (out.size() > max_bytes) {
      return ZstdError(absl::StrCat(out.size(), " bytes or more in zstd data"),
                       absl::StrCat("at most ", max_bytes));
    }
    // What is decompressed already may be more than there was room for.
    is_full = piece.pos == piece.size && left != 0;
  }
  if (left != 0) return ZstdError("zstd data that is cut short", "all of it");
  return out;
}

}  // namespace drumfire
