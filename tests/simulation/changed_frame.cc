#include "tests/simulation/changed_frame.h"

#include "common/record/frame.h"

namespace drumfire::simulation {

std::string ChangedFrame(const std::string& frame,
                         absl::FunctionRef<void(v1::RecordBatch* batch)> change) {
  const auto payload = ReadWholeFrame(frame);
  v1::RecordBatch batch;
  if (!payload.ok() || !batch.ParseFromArray(payload->data(), static_cast<int>(payload->size()))) {
    return frame;
  }
  change(&batch);
  std::string changed;
  AppendFrame(batch, &changed).IgnoreError();
  return changed;
}

}  // namespace drumfire::simulation
