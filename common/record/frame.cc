#include "common/record/frame.h"

#include <cstring>

#include "absl/strings/str_cat.h"
#include "common/record/checksum.h"
#include "common/record/little_endian.h"
#include "common/status/status_macros.h"

namespace drumfire {
namespace {

constexpr char kMagic[] = {'D', 'F', 'R', '1'};
constexpr size_t kPayloadBytesAt = 4;
constexpr size_t kChecksumAt = 8;

absl::Status CutShort(size_t found, size_t expected) {
  return absl::OutOfRangeError(
      absl::StrCat("frame is cut short: found ", found, " bytes, expected ", expected));
}

// Payload bytes by a header whose bytes are all there.
absl::StatusOr<size_t> ReadHeader(absl::string_view bytes) {
  if (std::memcmp(bytes.data(), kMagic, sizeof(kMagic)) != 0) {
    return absl::DataLossError("frame does not begin with \"DFR1\"");
  }
  const size_t payload_bytes = LoadLittleEndian32(bytes.data() + kPayloadBytesAt);
  if (payload_bytes > kMaxFramePayloadBytes) {
    return absl::DataLossError(absl::StrCat("frame says ", payload_bytes,
                                            " payload bytes, at most ", kMaxFramePayloadBytes,
                                            " are allowed"));
  }
  return payload_bytes;
}

}  // namespace

absl::Status AppendFrame(const google::protobuf::MessageLite& message, std::string* out) {
  const size_t payload_bytes = message.ByteSizeLong();
  if (payload_bytes > kMaxFramePayloadBytes) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "message of ", payload_bytes, " bytes, at most ", kMaxFramePayloadBytes, " fit a frame"));
  }
  const size_t start = out->size();
  out->resize(start + kFrameHeaderBytes + payload_bytes);
  char* header = out->data() + start;
  char* payload = header + kFrameHeaderBytes;
  message.SerializeWithCachedSizesToArray(reinterpret_cast<uint8_t*>(payload));
  std::memcpy(header, kMagic, sizeof(kMagic));
  StoreLittleEndian32(static_cast<uint32_t>(payload_bytes), header + kPayloadBytesAt);
  StoreLittleEndian32(Crc32({payload, payload_bytes}), header + kChecksumAt);
  return absl::OkStatus();
}

absl::StatusOr<absl::string_view> ReadFrame(absl::string_view bytes) {
  if (bytes.size() < kFrameHeaderBytes) return CutShort(bytes.size(), kFrameHeaderBytes);
  DRUMFIRE_ASSIGN_OR_RETURN(const size_t payload_bytes, ReadHeader(bytes));
  const size_t frame_bytes = kFrameHeaderBytes + payload_bytes;
  if (bytes.size() < frame_bytes) return CutShort(bytes.size(), frame_bytes);
  const absl::string_view payload = bytes.substr(kFrameHeaderBytes, payload_bytes);
  if (Crc32(payload) != LoadLittleEndian32(bytes.data() + kChecksumAt)) {
    return absl::DataLossError("frame's checksum does not match its payload");
  }
  return payload;
}

absl::StatusOr<absl::string_view> ReadWholeFrame(absl::string_view message) {
  absl::StatusOr<absl::string_view> payload = ReadFrame(message);
  if (!payload.ok()) return absl::DataLossError(payload.status().message());
  if (kFrameHeaderBytes + payload->size() != message.size()) {
    return absl::DataLossError("bytes follow the frame's end");
  }
  return payload;
}

}  // namespace drumfire
