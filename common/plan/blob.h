// Bytes transferred by content: the plan names them by the SHA-256 of each 1 MiB chunk, and workers
// request the chunks they lack.
//
//     v1::Blob blob = MakeBlob(bytes, &chunks);      // coordinator
//     auto bytes = AssembleBlob(blob, chunks);       // worker, once it has every chunk
//
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

constexpr uint64_t kChunkBytes = 1 << 20;
// Larger blobs are refused: a data set's rows are a protobuf message, which counts bytes in an int.
constexpr uint64_t kMaxBlobBytes = std::numeric_limits<int>::max();

// Chunks by their SHA-256 (32 raw bytes). Equal chunks are stored once.
using ChunkMap = std::map<std::string, std::string>;

// Splits bytes into chunks, adds them to the map and names them in order. No bytes give an empty
// blob.
v1::Blob MakeBlob(absl::string_view bytes, ChunkMap* chunks);

// Checks that the chunk is not too long and has the given hash.
absl::Status CheckChunk(absl::string_view sha256, absl::string_view data);

// Checks that size, number of chunks and length of each name are consistent and within the limit.
absl::Status ValidateBlob(const v1::Blob& blob);

// Reassembles the bytes. NotFound names the first missing chunk; InvalidArgument if the sizes do
// not add up.
absl::StatusOr<std::string> AssembleBlob(const v1::Blob& blob, const ChunkMap& chunks);

}  // namespace drumfire
