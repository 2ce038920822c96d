// Limits that both ends of the control stream obey.
#pragma once

#include <cstddef>
#include <cstdint>

namespace drumfire {

// Largest message to a worker: a 1 MiB chunk or a plan, with room to spare.
constexpr int kMaxControlMessageBytes = 64 << 20;

// Largest message from a worker. Its totals and histograms go into the journal, whose frames take
// at most 16 MiB.
constexpr int kMaxWorkerMessageBytes = 15 << 20;

// Largest accepted reply to GetStatus.
constexpr int kMaxStatusBytes = 64 << 10;
// Length of a run's owner, as stored and reported by a worker.
constexpr size_t kLongestOwnerBytes = 128;

// Longest lease that a worker accepts, ns: a coordinator that vanishes holds it for so long.
constexpr int64_t kMaxLeaseNs = int64_t{3600} * 1'000'000'000;

// Largest buffer of unacknowledged records that a worker accepts, bytes.
constexpr uint64_t kMaxRecordBufferBytes = uint64_t{1} << 40;

}  // namespace drumfire
