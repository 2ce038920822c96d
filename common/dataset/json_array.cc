// One JSON array of objects, over as many lines as it likes. Only the ends of its items are looked
// for here; whether an item is valid JSON is found out when it is parsed.
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/dataset/row_source.h"

namespace drumfire {
namespace {

class JsonArray : public RowSource {
 public:
  explicit JsonArray(absl::string_view bytes) : bytes_(bytes) {
    SkipBlanks();
    ++at_;  // the opening bracket
  }

  absl::StatusOr<std::optional<RawRow>> Next() override {
    if (is_closed_) return std::nullopt;
    SkipBlanks();
    if (!AtEnd() && Front() == ']') return Close();
    if (has_rows_) {
      if (absl::Status comma = TakeComma(); !comma.ok()) return comma;
    }
    if (AtEnd()) return Wrong("the end of the file", "the array's ]");
    has_rows_ = true;
    const size_t line = line_;
    return RawRow{absl::StripTrailingAsciiWhitespace(TakeItem()), line};
  }

 private:
  bool AtEnd() const { return at_ >= bytes_.size(); }
  char Front() const { return bytes_[at_]; }

  void Step() {
    if (bytes_[at_] == '\n') ++line_;
    ++at_;
  }

  void SkipBlanks() {
    while (!AtEnd() && absl::ascii_isspace(static_cast<unsigned char>(Front()))) Step();
  }

  absl::Status Wrong(absl::string_view found, absl::string_view expected) const {
    return absl::InvalidArgumentError(
        absl::StrCat(line_, ": found ", found, ", expected ", expected));
  }

  absl::Status TakeComma() {
    if (AtEnd()) return Wrong("the end of the file", "the array's ]");
    if (Front() != ',') return Wrong("no comma after a row", "one between two rows");
    Step();
    SkipBlanks();
    if (!AtEnd() && Front() == ']') return Wrong("]", "a row after the comma");
    return absl::OkStatus();
  }

  absl::StatusOr<std::optional<RawRow>> Close() {
    Step();
    SkipBlanks();
    if (!AtEnd()) return Wrong("more after the array", "one array of JSON objects");
    is_closed_ = true;
    return std::nullopt;
  }

  // A whole object or array, or any other text up to the next comma or bracket.
  absl::string_view TakeItem() {
    const size_t begin = at_;
    size_t depth = 0;
    while (!AtEnd()) {
      const char c = Front();
      const bool closes = c == '}' || c == ']';
      if (depth == 0 && (c == ',' || closes)) break;
      if (c == '{' || c == '[') ++depth;
      if (closes) --depth;
      if (c == '"') {
        SkipString();
      } else {
        Step();
      }
      if (closes && depth == 0) break;
    }
    return bytes_.substr(begin, at_ - begin);
  }

  // Past its closing quote.
  void SkipString() {
    Step();
    while (!AtEnd() && Front() != '"') {
      if (Front() == '\\') Step();
      if (!AtEnd()) Step();
    }
    if (!AtEnd()) Step();
  }

  const absl::string_view bytes_;
  size_t at_ = 0;
  size_t line_ = 1;
  bool has_rows_ = false;
  bool is_closed_ = false;
};

bool SniffArray(absl::string_view bytes) {
  const absl::string_view start = absl::StripLeadingAsciiWhitespace(bytes);
  return !start.empty() && start.front() == '[';
}

std::unique_ptr<RowSource> OpenArray(absl::string_view bytes) {
  return std::make_unique<JsonArray>(bytes);
}

}  // namespace

extern constexpr RowLayout kJsonArrayLayout = {.name = "JSON array",
                                               .row = "an array of JSON objects",
                                               .sniff = &SniffArray,
                                               .open = &OpenArray};

}  // namespace drumfire
