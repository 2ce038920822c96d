// inputs.json: the body of every data set entry, as sent; joined with profile_export.jsonl on
// session_id = conversation_id.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/endpoint/request_builder.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// Traces have none, as in AIPerf: their prompts are made from lengths and may be gigabytes.
bool HasInputsJson(const v1::Plan& plan);

// Streams entry by entry; memory does not grow with the data set.
absl::Status WriteInputsJson(const std::string& path, const v1::Plan& plan,
                             const RequestBuilder& builder);

}  // namespace drumfire
