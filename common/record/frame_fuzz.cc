// Any bytes as a frame and as a batch: no crash, and a batch survives a round trip through a frame.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "common/record/batch_decoder.h"
#include "common/record/frame.h"

namespace drumfire {
namespace {

void ReadAsFrame(absl::string_view bytes) {
  const absl::StatusOr<absl::string_view> payload = ReadFrame(bytes);
  if (payload.ok() && kFrameHeaderBytes + payload->size() > bytes.size()) std::abort();
  if (ReadWholeFrame(bytes).ok() && !payload.ok()) std::abort();
}

void ReadAsBatch(absl::string_view bytes) {
  static BatchDecoder decoder;  // its memory is used again, as the coordinator's is
  const absl::StatusOr<const v1::RecordBatch*> batch = decoder.Decode(bytes);
  if (!batch.ok()) return;
  if (static_cast<size_t>((*batch)->records_size()) > kMaxBatchRecords) std::abort();
  std::string frame;
  if (!AppendFrame(**batch, &frame).ok()) return;
  const absl::StatusOr<absl::string_view> payload = ReadWholeFrame(frame);
  if (!payload.ok() || *payload != (*batch)->SerializeAsString()) std::abort();
}

}  // namespace
}  // namespace drumfire

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  drumfire::ReadAsFrame(bytes);
  drumfire::ReadAsBatch(bytes);
  return 0;
}
