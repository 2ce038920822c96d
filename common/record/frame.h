// A frame: one ZeroMQ message, or one entry in the journal (docs/records.md).
//   "DFR1" | payload bytes, u32 | CRC-32 of the payload (zlib's), u32 | payload
// Numbers are little-endian. The payload is a serialized message, for ZeroMQ always a
// v1::RecordBatch. Arbitrary bytes are accepted: a damaged frame is an error (DATA_LOSS), never a
// crash. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message_lite.h"

namespace drumfire {

constexpr size_t kFrameHeaderBytes = 12;
constexpr size_t kMaxFramePayloadBytes = 16 << 20;

// Appends a frame that contains the message. RESOURCE_EXHAUSTED, with out unchanged, if the payload
// exceeds the limit.
absl::Status AppendFrame(const google::protobuf::MessageLite& message, std::string* out);

// The payload of the frame at the start of bytes; more may follow. OUT_OF_RANGE if bytes end inside
// the frame, DATA_LOSS if magic, length or checksum are wrong. The view points into bytes.
absl::StatusOr<absl::string_view> ReadFrame(absl::string_view bytes);

// Like ReadFrame, for a message that must contain exactly one frame: every error is DATA_LOSS.
absl::StatusOr<absl::string_view> ReadWholeFrame(absl::string_view message);

}  // namespace drumfire
