// The journal's layout (docs/records.md), shared by its writer and reader.
// clang-format off
//   file header: "DFJOURNL" | version, u32 | plan hash, 32 bytes | run id, 16 bytes | CRC-32 of all before, u32
//   entries:     type, 1 byte | frame (common/record/frame.h)
// clang-format on
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire {

constexpr char kJournalFileName[] = "journal.dfj";
constexpr uint32_t kJournalVersion = 1;
constexpr size_t kPlanHashBytes = 32;
constexpr size_t kRunIdBytes = 16;
constexpr size_t kJournalHeaderBytes = 8 + 4 + kPlanHashBytes + kRunIdBytes + 4;

// Any two differ in at least four bits, so that no damaged type passes for another.
enum class JournalEntryType : uint8_t {
  kRecordBatch = 0x0F,
  kPhaseStart = 0x33,
  kWorkerFacts = 0x55,
  kPhaseDone = 0x66,
  kHistograms = 0x99,
  kRunEnd = 0xF0,
};

struct JournalHeader {
  std::string plan_hash;  // 32 bytes
  std::string run_id;     // 16 bytes
};

// kJournalHeaderBytes bytes. INVALID_ARGUMENT when a field has another length.
absl::StatusOr<std::string> EncodeJournalHeader(const JournalHeader& header);
// From the start of a file. DATA_LOSS when it is no journal, is damaged, or is of another version
// (both are named).
absl::StatusOr<JournalHeader> DecodeJournalHeader(absl::string_view bytes);

}  // namespace drumfire
