// mooncake_trace: a length with the ids of its blocks, or a text.
#include "common/dataset/row_kind.h"

namespace drumfire {
namespace {

constexpr absl::string_view kMooncakeKeys[] = {"input_length", "hash_ids", "text_input"};

constexpr RowField kMooncakeFields[] = {
    {"timestamp", &ReadTimestamp},
    {"input_length", &ReadInputLength},
    {"output_length", &ReadOutputLength},
    {"hash_ids", &ReadHashIds},
    {"text_input", &ReadText},
    {"model", &ReadModel},
    {"extra", &ReadExtra},
    {"session_id", &ReadSession},
    {"delay", &ReadDelay},
    {"type", &ReadType},
};

absl::Status CheckMooncakeRow(const InputRow& row) {
  if (row.text.empty() && row.input_length == 0) {
    return WrongField("input_length", "none", "the number of input tokens, or text_input");
  }
  if (row.text.empty()) return absl::OkStatus();
  if (row.input_length > 0) {
    return WrongField("input_length", "text_input beside it", "one of the two");
  }
  if (!row.hash_ids.empty())
    return WrongField("hash_ids", "text_input beside it", "one of the two");
  return absl::OkStatus();
}

}  // namespace

extern constexpr RowKind kMooncakeRows = {.kind = v1::DATASET_MOONCAKE,
                                          .name = "mooncake_trace",
                                          .telling_keys = kMooncakeKeys,
                                          .fields = kMooncakeFields,
                                          .check = &CheckMooncakeRow};

}  // namespace drumfire
