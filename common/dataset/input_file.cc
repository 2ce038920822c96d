#include "common/dataset/input_file.h"

#include <simdjson.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/dataset/block_size.h"
#include "common/dataset/compression.h"
#include "common/dataset/input_row.h"
#include "common/dataset/row_kind.h"
#include "common/dataset/row_source.h"
#include "common/dataset/trace_times.h"

namespace drumfire {
namespace {

constexpr std::streamsize kReadBytes = 1 << 20;
constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Parses the rows of one file, one after the other.
class RowParser {
 public:
  RowParser(absl::string_view path, const RowLayout& layout, const InputFileOptions& options)
      : path_(path),
        layout_(layout),
        kind_given_(options.kind.has_value()),
        rules_{kind_given_ ? FindRowKind(*options.kind) : nullptr, options.ignored_keys} {}

  // The layout's own errors begin with the line.
  absl::Status AddAll(absl::string_view bytes) {
    const std::unique_ptr<RowSource> source = layout_.open(bytes);
    while (true) {
      const absl::StatusOr<std::optional<RawRow>> row = source->Next();
      if (!row.ok()) {
        return absl::InvalidArgumentError(absl::StrCat(path_, ":", row.status().message()));
      }
      if (!row->has_value()) return absl::OkStatus();
      if (absl::Status added = Add(**row); !added.ok()) return added;
    }
  }

  // After a first row without error.
  v1::DatasetKind kind() const { return rules_.kind->kind; }
  const std::string& kind_note() const { return kind_note_; }
  std::vector<InputRow>& rows() { return rows_; }

 private:
  static std::string Describe(simdjson::error_code error) {
    if (error == simdjson::INCORRECT_TYPE) return "JSON that is no object";
    return absl::StrCat("broken JSON (", simdjson::error_message(error), ")");
  }

  absl::Status At(absl::string_view what) const {
    return absl::InvalidArgumentError(absl::StrCat(path_, ":", line_, ": ", what));
  }

  absl::Status Add(const RawRow& row) {
    line_ = row.line;
    if (rows_.size() == kMaxInputRows) {
      return At(absl::StrCat("found more rows, expected at most ", kMaxInputRows));
    }
    simdjson::dom::object object;
    // The file's own padding lies behind the row, so that it can be parsed in place.
    const auto error = parser_.parse(row.text.data(), row.text.size(), false).get(object);
    if (error != simdjson::SUCCESS) {
      return At(absl::StrCat("found ", Describe(error), ", expected ", layout_.row));
    }
    return AddObject(object, row.text);
  }

  absl::Status AddObject(simdjson::dom::object object, absl::string_view text) {
    if (absl::Status known = SettleKind(object); !known.ok()) return known;
    absl::StatusOr<InputRow> row = ParseInputRow(object, text, rules_);
    if (!row.ok()) return At(row.status().message());
    row->line = line_;
    rows_.push_back(*std::move(row));
    return absl::OkStatus();
  }

  absl::Status SettleKind(simdjson::dom::object object) {
    if (!rows_.empty()) return absl::OkStatus();
    if (!kind_given_) rules_.kind = DetectRowKind(object);
    if (rules_.kind == nullptr) {
      return At(
          "found neither text nor input_length, expected a row of single_turn (text) or "
          "mooncake_trace (input_length, hash_ids, or text_input)");
    }
    kind_note_ = absl::StrCat(
        "type: ", rules_.kind->name,
        kind_given_ ? " (as given)" : absl::StrCat(" (detected from line ", line_, ")"));
    return absl::OkStatus();
  }

  absl::string_view path_;
  const RowLayout& layout_;
  const bool kind_given_;
  RowRules rules_;
  std::string kind_note_;
  size_t line_ = 0;
  std::vector<InputRow> rows_;
  simdjson::dom::parser parser_;
};

// How the file was read, when it was not read as plain JSON lines.
void NoteLayout(const Compression* compression, const RowLayout& layout,
                std::vector<std::string>* notes) {
  std::vector<absl::string_view> parts;
  if (compression != nullptr) parts.push_back(compression->name);
  if (!layout.is_usual) parts.push_back(layout.name);
  if (!parts.empty()) notes->push_back(absl::StrCat("read as ", absl::StrJoin(parts, ", ")));
}

// Rows of one session are turns of a conversation to AIPerf.
void NoteSessions(const std::vector<InputRow>& rows, std::vector<std::string>* notes) {
  std::set<absl::string_view> sessions;
  size_t turns = 0;
  for (const InputRow& row : rows) {
    if (row.session_id.empty()) continue;
    sessions.insert(row.session_id);
    ++turns;
  }
  if (turns == 0) return;
  notes->push_back(absl::StrCat(
      "session_id: ", turns, " rows of ", sessions.size(),
      " sessions; each row is a request of its own and waits for no answer to another"));
}

void NoteIgnoredKeys(const std::vector<InputRow>& rows, std::vector<std::string>* notes) {
  std::map<absl::string_view, size_t> rows_by_key;
  for (const InputRow& row : rows) {
    for (const std::string& key : row.ignored_keys) ++rows_by_key[key];
  }
  for (const auto& [key, count] : rows_by_key) {
    notes->push_back(
        absl::StrCat(absl::Utf8SafeCEscape(key), ": left out as asked, in ", count, " rows"));
  }
}

// Column by column. Columns that would hold nothing stay away.
v1::DatasetRows ToColumns(std::vector<InputRow> rows, const std::vector<int64_t>& times_ns,
                          const Tokenizer* tokenizer) {
  const auto any = [&rows](auto has) { return std::any_of(rows.begin(), rows.end(), has); };
  const bool texts = any([](const InputRow& row) { return !row.text.empty(); });
  const bool models = any([](const InputRow& row) { return !row.model.empty(); });
  const bool roles = any([](const InputRow& row) { return !row.role.empty(); });
  const bool extras = any([](const InputRow& row) { return !row.extra_json.empty(); });
  const bool hash_ids = any([](const InputRow& row) { return !row.hash_ids.empty(); });
  v1::DatasetRows out;
  out.mutable_timestamp_ns()->Add(times_ns.begin(), times_ns.end());
  for (InputRow& row : rows) {
    const bool count = !row.text.empty() && tokenizer != nullptr;
    out.add_isl(count ? static_cast<uint32_t>(tokenizer->Count(row.text)) : row.input_length);
    out.add_osl(row.output_length);
    if (texts) out.add_texts(std::move(row.text));
    if (models) out.add_models(std::move(row.model));
    if (roles) out.add_roles(std::move(row.role));
    if (extras) out.add_extra_json(std::move(row.extra_json));
    if (!hash_ids) continue;
    out.add_hash_id_count(static_cast<uint32_t>(row.hash_ids.size()));
    out.mutable_hash_ids()->Add(row.hash_ids.begin(), row.hash_ids.end());
  }
  return out;
}

absl::Status FileError(absl::string_view path, absl::string_view found,
                       absl::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat(path, ": found ", found, ", expected ", expected));
}

absl::Status CheckSize(absl::string_view path, uint64_t size) {
  if (size <= kMaxInputFileBytes) return absl::OkStatus();
  return FileError(path, absl::StrCat(size, " bytes or more"),
                   absl::StrCat("at most ", kMaxInputFileBytes));
}

// The content of a file that may be compressed, with the padding that the JSON parser needs.
absl::StatusOr<simdjson::padded_string> ContentOf(absl::string_view path, absl::string_view bytes,
                                                  const Compression* compression) {
  if (compression == nullptr) return simdjson::padded_string(bytes.data(), bytes.size());
  const absl::StatusOr<std::string> content = compression->decompress(bytes, kMaxInputFileBytes);
  if (content.ok()) return simdjson::padded_string(*content);
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", content.status().message()));
}

}  // namespace

absl::StatusOr<InputFile> ParseInputFile(absl::string_view path, absl::string_view bytes,
                                         const InputFileOptions& options) {
  if (absl::Status size = CheckSize(path, bytes.size()); !size.ok()) return size;
  const Compression* const compression = FindCompression(bytes);
  const auto padded = ContentOf(path, bytes, compression);
  if (!padded.ok()) return padded.status();
  absl::string_view content(padded->data(), padded->size());
  absl::ConsumePrefix(&content, kByteOrderMark);
  const RowLayout& layout = FindRowLayout(content);
  RowParser parser(path, layout, options);
  if (absl::Status read = parser.AddAll(content); !read.ok()) return read;
  if (parser.rows().empty()) return FileError(path, "no rows", "at least one JSON object");
  InputFile file;
  file.kind = parser.kind();
  file.notes.push_back(absl::StrCat(parser.kind_note(), ", ", parser.rows().size(), " rows"));
  NoteLayout(compression, layout, &file.notes);
  NoteSessions(parser.rows(), &file.notes);
  NoteIgnoredKeys(parser.rows(), &file.notes);
  std::vector<int64_t> times_ns;
  const absl::Status times = ApplyTimes(path, options, &parser.rows(), &times_ns, &file.notes);
  if (!times.ok()) return times;
  if (file.kind == v1::DATASET_MOONCAKE) {
    const auto block_size = FindBlockSize(path, options, parser.rows(), &file.notes);
    if (!block_size.ok()) return block_size.status();
    file.block_size = *block_size;
  }
  file.rows = ToColumns(std::move(parser.rows()), times_ns, options.tokenizer);
  return file;
}

// To its end, not by its size: a pipe has none.
absl::StatusOr<InputFile> ReadInputFile(const std::string& path, const InputFileOptions& options) {
  std::error_code error;
  const auto kind = std::filesystem::status(path, error).type();
  if (error) return FileError(path, error.message(), "a file that can be read");
  if (kind == std::filesystem::file_type::directory) {
    return FileError(path, "a folder", "a file that can be read");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return FileError(path, std::strerror(errno), "a file that can be read");
  std::string bytes;
  std::string piece(kReadBytes, '\0');
  while (file.read(piece.data(), kReadBytes) || file.gcount() > 0) {
    bytes.append(piece, 0, static_cast<size_t>(file.gcount()));
    if (absl::Status fits = CheckSize(path, bytes.size()); !fits.ok()) return fits;
  }
  if (file.bad()) return FileError(path, std::strerror(errno), "a file that can be read");
  return ParseInputFile(path, bytes, options);
}

}  // namespace drumfire
