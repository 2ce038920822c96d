// A record frame with another content: whole, and with a checksum that fits.
#pragma once

#include <string>

#include "absl/functional/function_ref.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire::simulation {

// The frame of the batch after the change. A frame that is not whole stays as it is.
std::string ChangedFrame(const std::string& frame,
                         absl::FunctionRef<void(v1::RecordBatch* batch)> change);

}  // namespace drumfire::simulation
