#include "coordinator/ingest/journal_format.h"

#include "absl/strings/str_cat.h"
#include "common/record/checksum.h"
#include "common/record/little_endian.h"

namespace drumfire {
namespace {

constexpr absl::string_view kMagic = "DFJOURNL";
constexpr size_t kVersionAt = 8;
constexpr size_t kPlanHashAt = 12;
constexpr size_t kRunIdAt = kPlanHashAt + kPlanHashBytes;
constexpr size_t kChecksumAt = kRunIdAt + kRunIdBytes;

}  // namespace

absl::StatusOr<std::string> EncodeJournalHeader(const JournalHeader& header) {
  if (header.plan_hash.size() != kPlanHashBytes || header.run_id.size() != kRunIdBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "journal header: plan hash of ", header.plan_hash.size(), " and run id of ",
        header.run_id.size(), " bytes, expected ", kPlanHashBytes, " and ", kRunIdBytes));
  }
  std::string bytes(kJournalHeaderBytes, '\0');
  bytes.replace(0, kMagic.size(), kMagic.data(), kMagic.size());
  StoreLittleEndian32(kJournalVersion, bytes.data() + kVersionAt);
  bytes.replace(kPlanHashAt, kPlanHashBytes, header.plan_hash);
  bytes.replace(kRunIdAt, kRunIdBytes, header.run_id);
  StoreLittleEndian32(Crc32({bytes.data(), kChecksumAt}), bytes.data() + kChecksumAt);
  return bytes;
}

absl::StatusOr<JournalHeader> DecodeJournalHeader(absl::string_view bytes) {
  if (bytes.substr(0, kMagic.size()) != kMagic) {
    return absl::DataLossError("not a Drumfire journal: it does not begin with \"DFJOURNL\"");
  }
  if (bytes.size() < kJournalHeaderBytes) {
    return absl::DataLossError(absl::StrCat("journal ends inside its header, after ", bytes.size(),
                                            " of ", kJournalHeaderBytes, " bytes"));
  }
  const uint32_t version = LoadLittleEndian32(bytes.data() + kVersionAt);
  if (version != kJournalVersion) {
    return absl::DataLossError(
        absl::StrCat("journal of version ", version, ", this reader knows ", kJournalVersion));
  }
  if (Crc32(bytes.substr(0, kChecksumAt)) != LoadLittleEndian32(bytes.data() + kChecksumAt)) {
    return absl::DataLossError("journal header is damaged: its checksum does not match");
  }
  return JournalHeader{std::string(bytes.substr(kPlanHashAt, kPlanHashBytes)),
                       std::string(bytes.substr(kRunIdAt, kRunIdBytes))};
}

}  // namespace drumfire
