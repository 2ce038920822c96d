// JSON lines: one object per line. Blank lines are skipped.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "common/dataset/row_source.h"

namespace drumfire {
namespace {

class JsonLines : public RowSource {
 public:
  explicit JsonLines(absl::string_view bytes) : left_(bytes) {}

  absl::StatusOr<std::optional<RawRow>> Next() override {
    while (!left_.empty()) {
      const size_t end = std::min(left_.find('\n'), left_.size());
      const absl::string_view text = left_.substr(0, end);
      left_.remove_prefix(std::min(end + 1, left_.size()));
      ++line_;
      if (!absl::StripAsciiWhitespace(text).empty()) return RawRow{text, line_};
    }
    return std::nullopt;
  }

 private:
  absl::string_view left_;
  size_t line_ = 0;
};

bool Sniff(absl::string_view) { return true; }

std::unique_ptr<RowSource> Open(absl::string_view bytes) {
  return std::make_unique<JsonLines>(bytes);
}

}  // namespace

extern constexpr RowLayout kJsonLinesLayout = {.name = "JSON lines",
                                               .is_usual = true,
                                               .row = "one JSON object per line",
                                               .sniff = &Sniff,
                                               .open = &Open};

}  // namespace drumfire
