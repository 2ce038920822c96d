#include "coordinator/ingest/journal_reader.h"

#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "common/record/frame.h"
#include "common/status/status_macros.h"

namespace drumfire {
namespace {

constexpr size_t kTypeBytes = 1;

template <typename Message>
absl::Status ParseAndVisit(absl::string_view payload, JournalVisitor* visitor) {
  Message message;
  if (!message.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
    return absl::DataLossError(
        absl::StrCat("entry is no serialised ", message.GetDescriptor()->name()));
  }
  JournalEntry<Message>::Visit(message, visitor);
  return absl::OkStatus();
}

// By the message whose type it is.
template <typename... Messages>
absl::Status ParseAndVisitOneOf(JournalMessages<Messages...>, JournalEntryType type,
                                absl::string_view payload, JournalVisitor* visitor) {
  absl::Status status =
      absl::DataLossError(absl::StrCat("entry of unknown type ", static_cast<uint32_t>(type)));
  (void)((type == JournalEntry<Messages>::kType &&
          (status = ParseAndVisit<Messages>(payload, visitor), true)) ||
         ...);
  return status;
}

}  // namespace

absl::StatusOr<std::unique_ptr<JournalReader>> JournalReader::Open(const std::string& path) {
  DRUMFIRE_ASSIGN_OR_RETURN(FileWindow window, FileWindow::Open(path));
  if (absl::StatusOr<bool> read = window.ReadMore(); !read.ok()) return read.status();
  absl::StatusOr<JournalHeader> header = DecodeJournalHeader(window.bytes());
  if (!header.ok()) {
    return absl::DataLossError(absl::StrCat(path, ": ", header.status().message()));
  }
  window.Pass(kJournalHeaderBytes);
  return absl::WrapUnique(new JournalReader(std::move(window), *std::move(header)));
}

absl::StatusOr<JournalReadResult> JournalReader::Read(JournalVisitor* visitor) {
  JournalReadResult result;
  while (true) {
    DRUMFIRE_ASSIGN_OR_RETURN(const bool more, ReadEntry(visitor, &result));
    if (!more) break;
    ++result.entries;
  }
  DRUMFIRE_RETURN_IF_ERROR(CountRest(&result));
  return result;
}

// False at the end or at damage, which torn_reason then names. Errors are the file's.
absl::StatusOr<bool> JournalReader::ReadEntry(JournalVisitor* visitor, JournalReadResult* result) {
  const absl::StatusOr<absl::string_view> payload = NextFrame();
  absl::Status status = payload.status();
  if (payload.ok()) {
    const auto type = static_cast<JournalEntryType>(window_.bytes().front());
    const size_t entry_bytes = kTypeBytes + kFrameHeaderBytes + payload->size();
    status = VisitEntry(type, *payload, visitor);
    if (status.ok()) window_.Pass(entry_bytes);
  }
  if (absl::IsDataLoss(status) || absl::IsOutOfRange(status)) {
    if (!window_.bytes().empty()) result->torn_reason = std::string(status.message());
    return false;
  }
  if (!status.ok()) return status;
  return true;
}

// The payload of the entry at the window's start, read on until it is whole or the file ends.
absl::StatusOr<absl::string_view> JournalReader::NextFrame() {
  while (true) {
    const absl::string_view bytes = window_.bytes();
    absl::Status cut = absl::OutOfRangeError("entry is cut short: no byte follows");
    if (bytes.size() > kTypeBytes) {
      const absl::StatusOr<absl::string_view> payload = ReadFrame(bytes.substr(kTypeBytes));
      if (!absl::IsOutOfRange(payload.status())) return payload;
      cut = payload.status();
    }
    DRUMFIRE_ASSIGN_OR_RETURN(const bool more, window_.ReadMore());
    if (!more) return cut;
  }
}

absl::Status JournalReader::VisitEntry(JournalEntryType type, absl::string_view payload,
                                       JournalVisitor* visitor) {
  if (type == JournalEntryType::kRecordBatch) return VisitBatch(payload, visitor);
  return ParseAndVisitOneOf(ParsedJournalMessages(), type, payload, visitor);
}

absl::Status JournalReader::VisitBatch(absl::string_view payload, JournalVisitor* visitor) {
  const absl::StatusOr<const v1::RecordBatch*> batch = decoder_.Decode(payload);
  if (!batch.ok()) return batch.status();
  if ((*batch)->run_id() != header_.run_id) {
    return absl::DataLossError("batch is of another run");
  }
  JournalEntry<v1::RecordBatch>::Visit(**batch, visitor);
  return absl::OkStatus();
}

absl::Status JournalReader::CountRest(JournalReadResult* result) {
  while (true) {
    result->torn_bytes += window_.bytes().size();
    window_.Pass(window_.bytes().size());
    DRUMFIRE_ASSIGN_OR_RETURN(const bool more, window_.ReadMore());
    if (!more) return absl::OkStatus();
  }
}

}  // namespace drumfire
