// The kinds of rows that an input file may hold. A new kind is one file (see single_turn_rows.cc)
// and one row, with its declaration, in row_kind.cc. Immutable; any thread.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/dataset/input_row.h"
#include "common/dataset/row_field.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

struct RowKind {
  v1::DatasetKind kind;
  absl::string_view name;  // AIPerf's, also a row's "type"
  // A row with one of them is of this kind, unless a later kind of the table claims it as well.
  absl::Span<const absl::string_view> telling_keys;
  // Every key that a row may have; at most 32.
  absl::Span<const RowField> fields;
  // What is wrong with a row whose keys are all read. Errors read "key: found X, expected Y".
  absl::Status (*check)(const InputRow& row);
};

// In the order of help texts.
absl::Span<const RowKind* const> RowKinds();

// nullptr when rows of files are not of that kind.
const RowKind* FindRowKind(v1::DatasetKind kind);
const RowKind* FindRowKind(absl::string_view name);

}  // namespace drumfire
