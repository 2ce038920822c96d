// What is neither table nor scalar: one line each, under a label.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "coordinator/export/console_lines.h"
#include "coordinator/export/display_width.h"
#include "coordinator/export/json_parts.h"
#include "coordinator/export/screen_parts.h"
#include "coordinator/export/stamp_source.h"
#include "coordinator/export/unit_text.h"

namespace drumfire {
namespace {

constexpr size_t kShownErrors = 3;
constexpr size_t kShownNotes = 4;
// Our own notes are whole within this; only a server's words can be longer.
constexpr size_t kNoteLines = 6;

// What a JSON error says to people; any other text as it is.
std::string MessageOf(const std::string& text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return text;
  for (const char* pointer : {"/error/message", "/message", "/detail", "/error"}) {
    const Json::json_pointer path(pointer);
    if (json.contains(path) && json[path].is_string()) return json[path].get<std::string>();
  }
  return text;
}

// "12 x 503 Service Unavailable: the model is still loading".
std::string ErrorText(const ErrorKind& kind) {
  std::string text = absl::StrCat(kind.count, " x ");
  if (kind.details.code != 0) absl::StrAppend(&text, kind.details.code, " ");
  absl::StrAppend(&text, kind.details.type);
  if (!kind.details.message.empty()) absl::StrAppend(&text, ": ", MessageOf(kind.details.message));
  return text;
}

// Cancelled requests have a figure of their own.
std::string ErrorLines(std::vector<ErrorKind> errors, const ScreenStyle& style) {
  const auto is_cancelled = [](const ErrorKind& kind) { return IsCancellation(kind.details); };
  errors.erase(std::remove_if(errors.begin(), errors.end(), is_cancelled), errors.end());
  std::string out;
  std::string label = "Errors";
  for (size_t i = 0; i < std::min(errors.size(), kShownErrors); ++i) {
    const std::string text = FitEnd(ErrorText(errors[i]), style.width - kLabelColumns);
    absl::StrAppend(&out, LabelledLine({std::exchange(label, ""), text}, 1, style));
  }
  if (errors.size() <= kShownErrors) return out;
  uint64_t others = 0;
  for (size_t i = kShownErrors; i < errors.size(); ++i) others += errors[i].count;
  const std::string rest = absl::StrCat("and ", others, " of ", errors.size() - kShownErrors,
                                        " other kinds, in the console file");
  return absl::StrCat(out, LabelledLine({"", rest}, 2, style));
}

std::string P99Text(int64_t p99_ns) {
  return p99_ns < 0 ? "unknown" : TimeText(static_cast<double>(p99_ns));
}

// One line of 80 columns, whatever the figures.
std::string InstrumentText(const InstrumentFigures& figures) {
  return absl::StrCat(StampSourceOf(figures), " stamps; read p99 ",
                      P99Text(figures.read_delay_p99_ns), ", send p99 ",
                      P99Text(figures.send_uncertainty_p99_ns), "; ",
                      ShortNumber(100 * figures.coalesced_share), " % coalesced");
}

// Notes are many in a bad run; what is not shown here is in the file.
std::string CommonText(const RunResult& result, const ScreenStyle& style) {
  std::string out;
  size_t notes = 0;
  for (const ConsoleLine& line : CommonLines(result)) {
    const bool is_note = line.label == kNoteLabel;
    notes += is_note ? 1 : 0;
    if (!is_note || notes <= kShownNotes)
      absl::StrAppend(&out, LabelledLine(line, kNoteLines, style));
  }
  if (notes <= kShownNotes) return out;
  const ConsoleLine more = {
      "", absl::StrCat("and ", notes - kShownNotes, " more notes, in the console file")};
  return absl::StrCat(out, LabelledLine(more, 2, style));
}

// "DIR (7): name, name" with as many names as fit on the line.
std::string FilesText(const ScreenFiles& files, size_t columns) {
  std::string text = absl::StrCat(files.folder, "/ (", files.files.size(), " files)");
  for (size_t i = 0; i < files.files.size(); ++i) {
    absl::string_view name = files.files[i];
    absl::ConsumePrefix(&name, absl::StrCat(files.folder, "/"));
    const std::string longer = absl::StrCat(text, i == 0 ? ": " : ", ", name);
    const size_t room = i + 1 == files.files.size() ? columns : columns - 5;
    if (DisplayWidth(longer) > room) return absl::StrCat(text, i == 0 ? "" : ", ...");
    text = longer;
  }
  return text;
}

std::string FilesLine(const ScreenFiles& files, const ScreenStyle& style) {
  if (files.files.empty()) return LabelledLine({"Files", "none could be written"}, 1, style);
  constexpr size_t kPathLines = 10;
  return LabelledLine({"Files", FilesText(files, style.width - kLabelColumns)}, kPathLines, style);
}

}  // namespace

std::string ScreenLines(const RunResult& result, const ScreenFiles& files,
                        const ScreenStyle& style) {
  const PhaseResult& phase = result.profiling;
  return absl::StrCat(ErrorLines(phase.errors, style),
                      LabelledLine({"Instrument", InstrumentText(phase.instrument)}, 2, style),
                      CommonText(result, style), FilesLine(files, style));
}

}  // namespace drumfire
