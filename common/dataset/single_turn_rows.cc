// single_turn: one prompt per row, as a text.
#include "common/dataset/row_kind.h"

namespace drumfire {
namespace {

constexpr absl::string_view kTellingKeys[] = {"text", "texts"};

constexpr RowField kFields[] = {
    {"text", &ReadText},
    {"texts", &ReadTexts},
    {"role", &ReadRole},
    {"timestamp", &ReadTimestamp},
    {"output_length", &ReadOutputLength},
    {"model", &ReadModel},
    {"extra", &ReadExtra},
    {"session_id", &ReadSession},
    {"delay", &ReadDelay},
    {"type", &ReadType},
};

absl::Status Check(const InputRow& row) {
  if (row.text.empty()) return WrongField("text", "none", "the prompt as a string");
  return absl::OkStatus();
}

}  // namespace

extern constexpr RowKind kSingleTurnRows = {.kind = v1::DATASET_SINGLE_TURN,
                                            .name = "single_turn",
                                            .telling_keys = kTellingKeys,
                                            .fields = kFields,
                                            .check = &Check};

}  // namespace drumfire
