#include "common/plan/blob.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/plan/digest.h"
#include "common/status/status_macros.h"

namespace drumfire {

v1::Blob MakeBlob(absl::string_view bytes, ChunkMap* chunks) {
  v1::Blob blob;
  blob.set_size_bytes(bytes.size());
  for (size_t begin = 0; begin < bytes.size(); begin += kChunkBytes) {
    const absl::string_view chunk = bytes.substr(begin, kChunkBytes);
    std::string name = Sha256(chunk);
    blob.add_chunk_sha256(name);
    chunks->emplace(std::move(name), std::string(chunk));
  }
  return blob;
}

absl::Status CheckChunk(absl::string_view sha256, absl::string_view data) {
  if (data.size() > kChunkBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("chunk: found ", data.size(), " bytes, expected at most ", kChunkBytes));
  }
  const std::string actual = Sha256(data);
  if (actual != sha256) {
    return absl::InvalidArgumentError(
        absl::StrCat("chunk: found SHA-256 ", HexEncode(actual), ", expected ", HexEncode(sha256)));
  }
  return absl::OkStatus();
}

absl::Status ValidateBlob(const v1::Blob& blob) {
  if (blob.size_bytes() > kMaxBlobBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("found ", blob.size_bytes(), " bytes, expected at most ", kMaxBlobBytes));
  }
  const uint64_t expected_chunks = (blob.size_bytes() + kChunkBytes - 1) / kChunkBytes;
  if (static_cast<uint64_t>(blob.chunk_sha256_size()) != expected_chunks) {
    return absl::InvalidArgumentError(absl::StrCat("found ", blob.chunk_sha256_size(),
                                                   " chunks, expected ", expected_chunks, " for ",
                                                   blob.size_bytes(), " bytes"));
  }
  const bool names_fit =
      std::all_of(blob.chunk_sha256().begin(), blob.chunk_sha256().end(),
                  [](const std::string& name) { return name.size() == kDigestBytes; });
  return names_fit
             ? absl::OkStatus()
             : absl::InvalidArgumentError(absl::StrCat("found a chunk name of another length than ",
                                                       kDigestBytes, " bytes, expected a SHA-256"));
}

absl::StatusOr<std::string> AssembleBlob(const v1::Blob& blob, const ChunkMap& chunks) {
  DRUMFIRE_RETURN_IF_ERROR(ValidateBlob(blob));
  std::string bytes;
  bytes.reserve(blob.size_bytes());
  for (const std::string& name : blob.chunk_sha256()) {
    const auto chunk = chunks.find(name);
    if (chunk == chunks.end()) {
      return absl::NotFoundError(absl::StrCat("chunk ", HexEncode(name), " is missing"));
    }
    bytes += chunk->second;
  }
  if (bytes.size() != blob.size_bytes()) {
    return absl::InvalidArgumentError(
        absl::StrCat("found ", bytes.size(), " bytes, expected ", blob.size_bytes()));
  }
  return bytes;
}

}  // namespace drumfire
