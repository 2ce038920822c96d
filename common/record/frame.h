// One frame: what travels as one ZeroMQ message and stands as one entry in the journal
// (docs/records.md).
//   "DFR1" | payload bytes, u32 | CRC-32 of the payload (zlib's), u32 | payload
// Numbers are little-endian. The payload is a serialised message, for ZeroMQ always a
// v1::RecordBatch. Any bytes may come in: a damaged frame is an error (DATA_LOSS), never a crash.
// Pure functions, any thread.
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

// Appends one frame that holds the message. RESOURCE_EXHAUSTED, and out as it was, when the payload
// passes the limit.
absl::Status AppendFrame(const google::protobuf::MessageLite& message, std::string* out);

// The payload of the frame at the start of bytes; more may follow. OUT_OF_RANGE when bytes end
// inside the frame, DATA_LOSS when magic, length or checksum are wrong. The view points into bytes.
absl::StatusOr<absl::string_view> ReadFrame(absl::string_view bytes);

// As ReadFrame, for a message that must hold one frame and nothing else: every error is DATA_LOSS.
absl::StatusOr<absl::string_view> ReadWholeFrame(absl::string_view message);

}  // namespace drumfire
