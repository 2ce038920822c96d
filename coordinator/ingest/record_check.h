// Whether a record can be true at all: what a worker, or a journal, says is held against the plan
// and the bounds of the wire. Whether its credit was granted is RecordGate's question.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "drumfire/v1/plan.pb.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

// No time or duration of a record is longer: 400 days.
constexpr int64_t kMaxRecordNs = int64_t{400} * 24 * 3600 * 1'000'000'000;

// InvalidArgument names session, field and value: "session 7 of phase 1: end_ns is -5, ...".
absl::Status CheckRecord(const v1::Record& record, const v1::Plan& plan);

}  // namespace drumfire
