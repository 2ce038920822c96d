#include "common/dataset/input_file.h"

#include <simdjson.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/dataset/block_size.h"
#include "common/dataset/input_row.h"
#include "common/dataset/trace_times.h"

namespace drumfire {
namespace {

constexpr std::streamsize kReadBytes = 1 << 20;
constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Reads the lines of one file, one after the other.
class LineReader {
 public:
  LineReader(absl::string_view path, const InputFileOptions& options)
      : path_(path), kind_(options.kind), rules_{v1::DATASET_SINGLE_TURN, options.ignored_keys} {}

  absl::Status Add(absl::string_view line) {
    ++line_;
    if (absl::StripAsciiWhitespace(line).empty()) return absl::OkStatus();
    if (rows_.size() == kMaxInputRows) {
      return At(absl::StrCat("found more rows, expected at most ", kMaxInputRows));
    }
    simdjson::dom::object object;
    // The file's own padding lies behind the line, so that it can be parsed in place.
    const auto error = parser_.parse(line.data(), line.size(), false).get(object);
    if (error != simdjson::SUCCESS) {
      return At(absl::StrCat("found ", Describe(error), ", expected one JSON object a line"));
    }
    return AddObject(object, line);
  }

  // After a first row without error.
  v1::DatasetKind kind() const { return *kind_; }
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
    const bool given = kind_.has_value();
    if (!given) kind_ = DetectRowKind(object);
    if (!kind_) {
      return At(
          "found neither text nor input_length, expected a row of single_turn (text) or "
          "mooncake_trace (input_length, hash_ids, or text_input)");
    }
    rules_.kind = *kind_;
    kind_note_ =
        absl::StrCat("type: ", RowKindName(*kind_),
                     given ? " (as given)" : absl::StrCat(" (detected from line ", line_, ")"));
    return absl::OkStatus();
  }

  absl::string_view path_;
  std::optional<v1::DatasetKind> kind_;
  RowRules rules_;
  std::string kind_note_;
  size_t line_ = 0;
  std::vector<InputRow> rows_;
  simdjson::dom::parser parser_;
};

absl::Status ReadLines(absl::string_view bytes, LineReader* reader) {
  if (absl::StartsWith(bytes, kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  while (!bytes.empty()) {
    const size_t end = std::min(bytes.find('\n'), bytes.size());
    if (absl::Status added = reader->Add(bytes.substr(0, end)); !added.ok()) return added;
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  return absl::OkStatus();
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

}  // namespace

absl::StatusOr<InputFile> ParseInputFile(absl::string_view path, absl::string_view bytes,
                                         const InputFileOptions& options) {
  if (absl::Status size = CheckSize(path, bytes.size()); !size.ok()) return size;
  const simdjson::padded_string padded(bytes.data(), bytes.size());
  LineReader reader(path, options);
  const absl::Status read = ReadLines({padded.data(), padded.size()}, &reader);
  if (!read.ok()) return read;
  if (reader.rows().empty()) return FileError(path, "no rows", "at least one JSON object");
  InputFile file;
  file.kind = reader.kind();
  file.notes.push_back(absl::StrCat(reader.kind_note(), ", ", reader.rows().size(), " rows"));
  NoteSessions(reader.rows(), &file.notes);
  NoteIgnoredKeys(reader.rows(), &file.notes);
  std::vector<int64_t> times_ns;
  const absl::Status times = ApplyTimes(path, options, &reader.rows(), &times_ns, &file.notes);
  if (!times.ok()) return times;
  if (file.kind == v1::DATASET_MOONCAKE) {
    const auto block_size = FindBlockSize(path, options, reader.rows(), &file.notes);
    if (!block_size.ok()) return block_size.status();
    file.block_size = *block_size;
  }
  file.rows = ToColumns(std::move(reader.rows()), times_ns, options.tokenizer);
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
