// Where the rows of an input file begin and end. A new layout is one file (see json_lines.cc) and
// one row, with its declaration, in row_source.cc.
//
//   const RowLayout& layout = FindRowLayout(bytes);
//   const auto rows = layout.open(bytes);
//   while (true) {
//     const auto row = rows->Next();
//     if (!row.ok()) return Located(row.status());
//     if (!row->has_value()) break;
//     Take((*row)->text, (*row)->line);
//   }
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire {

// The text of one row: a JSON object if it is valid, with the padding behind it that simdjson
// needs. It is valid until the source is asked for the next one.
struct RawRow {
  absl::string_view text;
  size_t line = 0;  // where it begins, from 1
};

class RowSource {
 public:
  virtual ~RowSource() = default;
  // The next row that is not blank; nothing at the end. It need not be valid JSON. Errors read
  // "LINE: found X, expected Y".
  virtual absl::StatusOr<std::optional<RawRow>> Next() = 0;
};

struct RowLayout {
  absl::string_view name;  // for notes
  bool is_usual = false;   // so usual that no note names it
  absl::string_view row;   // "one JSON object per line": what a row has to be
  bool (*sniff)(absl::string_view bytes);
  // bytes: not owned, with simdjson's padding behind; rows may be parts of it.
  std::unique_ptr<RowSource> (*open)(absl::string_view bytes);
};

// Told by the first bytes; the last layout takes everything. bytes: without a byte order mark.
const RowLayout& FindRowLayout(absl::string_view bytes);

}  // namespace drumfire
