#include "coordinator/cli/terminal.h"

#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "coordinator/export/console.h"
#include "coordinator/export/screen.h"
#include "coordinator/ui/ready_write.h"
#include "coordinator/ui/screen_style.h"

namespace drumfire {
namespace {

ProgressLine::Options ProgressOptions(UiMode ui) {
  ProgressLine::Options options;
  options.style = ui == UiMode::kNone ? ProgressStyle::kNone : StyleFor(STDERR_FILENO);
  if (options.style == ProgressStyle::kRedrawn) {
    options.interval_ns = kRedrawIntervalNs;
    options.width = TerminalWidth(STDERR_FILENO);
  }
  return options;
}

bool WriteToStderr(absl::string_view text) { return WriteIfReady(STDERR_FILENO, text); }

}  // namespace

Terminal::Terminal(UiMode ui) : progress_(ProgressOptions(ui), &SystemClock(), WriteToStderr) {
  if (progress_.is_redrawn()) log_.emplace(&progress_);
}

int Terminal::worker_log() const { return log_.has_value() ? log_->descriptor() : STDERR_FILENO; }

void Terminal::OnProgress(const std::string& phase, const MakeFigures& figures) {
  if (progress_.IsDue(phase)) progress_.Update(figures());
}

void Terminal::OnPhaseEnd(const PhaseOutcome&, const ProgressSnapshot& closing) {
  progress_.EndPhase(closing);
}

// Notes come while no progress line is drawn.
void Terminal::OnNote(absl::string_view note) {
  WriteToStderr(absl::StrCat("drumfire: ", note, "\n"));
}

std::string ResultText(const RunReport& report, bool full_tables) {
  return full_tables ? ConsoleText(report.result, report.files.files)
                     : ScreenText(report.result, report.files, ScreenStyleFor(STDOUT_FILENO));
}

}  // namespace drumfire
