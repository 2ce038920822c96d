#include "common/record/batch_decoder.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "common/record/frame.h"
#include "common/status/status_macros.h"
#include "common/text/clean_texts.h"
#include "google/protobuf/io/coded_stream.h"

namespace drumfire {
namespace {

// Holds a full batch of usual records.
constexpr size_t kFirstBlockBytes = 1 << 20;

constexpr uint32_t kVarint = 0;
constexpr uint32_t kLengthDelimited = 2;

google::protobuf::ArenaOptions InBlock(std::vector<char>* block) {
  google::protobuf::ArenaOptions options;
  options.initial_block = block->data();
  options.initial_block_size = block->size();
  return options;
}

bool SkipValue(uint32_t tag, google::protobuf::io::CodedInputStream* in) {
  uint64_t number = 0;
  uint32_t size_bytes = 0;
  switch (tag & 7) {
    case kVarint:
      return in->ReadVarint64(&number);
    case kLengthDelimited:
      return in->ReadVarint32(&size_bytes) && size_bytes <= kMaxFramePayloadBytes &&
             in->Skip(static_cast<int>(size_bytes));
    default:
      return false;
  }
}

// An empty record takes two bytes of payload and hundreds of memory: so they are counted before
// they are parsed.
absl::StatusOr<size_t> CountRecords(absl::string_view payload) {
  constexpr uint32_t kRecordsTag = v1::RecordBatch::kRecordsFieldNumber << 3 | kLengthDelimited;
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const uint8_t*>(payload.data()),
                                            static_cast<int>(payload.size()));
  size_t count = 0;
  while (const uint32_t tag = in.ReadTag()) {
    if (!SkipValue(tag, &in)) return absl::DataLossError("batch is not a serialised RecordBatch");
    if (tag == kRecordsTag) ++count;
  }
  return count;
}

}  // namespace

BatchDecoder::BatchDecoder() : first_block_(kFirstBlockBytes), arena_(InBlock(&first_block_)) {}

absl::StatusOr<const v1::RecordBatch*> BatchDecoder::Decode(absl::string_view payload) {
  DRUMFIRE_ASSIGN_OR_RETURN(const size_t count, CountRecords(payload));
  if (count > kMaxBatchRecords) {
    return absl::DataLossError(
        absl::StrCat("batch of ", count, " records, at most ", kMaxBatchRecords, " are allowed"));
  }
  arena_.Reset();
  auto* batch = google::protobuf::Arena::CreateMessage<v1::RecordBatch>(&arena_);
  if (!batch->ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
    return absl::DataLossError("batch is not a serialised RecordBatch");
  }
  for (v1::Record& record : *batch->mutable_records()) {
    if (record.has_error()) CleanTexts(record.mutable_error());
  }
  return batch;
}

}  // namespace drumfire
