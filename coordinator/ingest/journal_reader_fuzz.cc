// Any bytes behind a journal's header: no crash, and entries and torn bytes add up to the file.
// First byte of the input: whether the rest stands there as it is, or as entries whose frames are
// right (type, length, payload), which chance would not find.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/record/checksum.h"
#include "common/record/frame.h"
#include "common/record/little_endian.h"
#include "coordinator/ingest/journal_reader.h"

namespace drumfire {
namespace {

class Count : public JournalVisitor {
 public:
  void OnBatch(const v1::RecordBatch&) override { ++visits; }
  void OnWorkerFacts(const v1::WorkerFacts&) override { ++visits; }
  void OnPhaseStart(const v1::PhaseStart&) override { ++visits; }
  void OnPhaseDone(const v1::WorkerPhaseDone&) override { ++visits; }
  void OnHistograms(const v1::WorkerHistograms&) override { ++visits; }
  void OnRunEnd(const v1::RunEnd&) override { ++visits; }

  uint64_t visits = 0;
};

std::string FrameOf(absl::string_view payload) {
  std::string frame = "DFR1";
  frame.resize(kFrameHeaderBytes);
  StoreLittleEndian32(static_cast<uint32_t>(payload.size()), &frame[4]);
  StoreLittleEndian32(Crc32(payload), &frame[8]);
  return absl::StrCat(frame, payload);
}

std::string EntriesOf(absl::string_view bytes) {
  std::string entries;
  while (bytes.size() >= 2) {
    const size_t payload_bytes = std::min<size_t>(static_cast<uint8_t>(bytes[1]), bytes.size() - 2);
    entries += absl::StrCat(bytes.substr(0, 1), FrameOf(bytes.substr(2, payload_bytes)));
    bytes.remove_prefix(2 + payload_bytes);
  }
  return entries;
}

std::string HeaderBytes() {
  JournalHeader header;
  header.plan_hash.assign(kPlanHashBytes, 'p');
  header.run_id.assign(kRunIdBytes, 'r');
  return *EncodeJournalHeader(header);
}

void Read(const std::string& path) {
  auto reader = JournalReader::Open(path);
  if (!reader.ok()) return;
  Count count;
  const absl::StatusOr<JournalReadResult> result = (*reader)->Read(&count);
  if (!result.ok() || result->entries != count.visits) std::abort();
  if ((result->torn_bytes == 0) != result->torn_reason.empty()) std::abort();
}

void ReadFileOf(absl::string_view bytes) {
  const int fd = memfd_create("journal", MFD_CLOEXEC);
  const bool is_written =
      write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  if (is_written) Read(absl::StrCat("/proc/self/fd/", fd));
  close(fd);
}

}  // namespace
}  // namespace drumfire

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  const absl::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0] % 3) {
    case 0:
      drumfire::ReadFileOf(bytes);
      break;
    case 1:
      drumfire::ReadFileOf(drumfire::HeaderBytes() + std::string(bytes));
      break;
    default:
      drumfire::ReadFileOf(drumfire::HeaderBytes() + drumfire::EntriesOf(bytes));
  }
  return 0;
}
