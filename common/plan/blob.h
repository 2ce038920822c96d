// Bytes shipped by content: the plan names them by the SHA-256 of each 1 MiB chunk, workers ask for
// chunks they lack.
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
// A larger blob is refused: protobuf, whose message a data set's rows are, counts bytes in an int.
constexpr uint64_t kMaxBlobBytes = std::numeric_limits<int>::max();

// Chunks by their SHA-256 (32 raw bytes). Equal chunks are held once.
using ChunkMap = std::map<std::string, std::string>;

// Cuts bytes into chunks, adds them to the map and names them in order. No bytes: an empty blob.
v1::Blob MakeBlob(absl::string_view bytes, ChunkMap* chunks);

// The chunk is what its name says: no longer than a chunk may be, and of that hash.
absl::Status CheckChunk(absl::string_view sha256, absl::string_view data);

// Size, number of chunks and length of each name belong together, within the limit.
absl::Status ValidateBlob(const v1::Blob& blob);

// The bytes again. NotFound names the first chunk that is missing; InvalidArgument when the sizes
// do not add up.
absl::StatusOr<std::string> AssembleBlob(const v1::Blob& blob, const ChunkMap& chunks);

}  // namespace drumfire
