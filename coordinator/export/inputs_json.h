// inputs.json: the bodies of the data set entries that the measured phase sent; joined with
// profile_export.jsonl on session_id = conversation_id.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "common/endpoint/request_builder.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// Traces have none, as in AIPerf: their prompts are made from lengths and may be gigabytes.
bool HasInputsJson(const v1::Plan& plan);

// So much of it is written; the seed gives every other body again (--dry-run).
inline constexpr uint64_t kMaxInputsJsonEntries = 10'000;
inline constexpr double kMaxInputsJsonBytes = 256 << 20;

// How many entries a run of so many requests sent, and how many of them the file holds.
uint64_t EntriesSent(const v1::Plan& plan, uint64_t requests);
uint64_t InputsJsonEntries(const v1::Plan& plan, uint64_t requests);

// requests: handed out in the measured phase. Streams entry by entry; memory does not grow with
// their number.
absl::Status WriteInputsJson(const std::string& path, const v1::Plan& plan, uint64_t requests,
                             const RequestBuilder& builder);

}  // namespace drumfire
