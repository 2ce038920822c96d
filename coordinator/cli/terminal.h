// A run on the user's terminal: progress and lines for the user on standard error while it goes,
// the result on standard output at its end.
#pragma once

#include <optional>
#include <string>

#include "coordinator/run/profile_request.h"
#include "coordinator/run/run_listener.h"
#include "coordinator/run/run_profile.h"
#include "coordinator/ui/progress_line.h"
#include "coordinator/ui/screen_log.h"

namespace drumfire {

class Terminal : public RunListener {
 public:
  explicit Terminal(UiMode ui);

  // For the standard error of processes that the run starts; they must end before this does.
  int worker_log() const;

  void OnProgress(const std::string& phase, const MakeFigures& figures) override;
  void OnPhaseEnd(const PhaseOutcome& outcome, const ProgressSnapshot& closing) override;
  void OnNote(absl::string_view note) override;

 private:
  ProgressLine progress_;
  std::optional<ScreenLog> log_;  // beside a line that is redrawn
};

// One screen, or all tables.
std::string ResultText(const RunReport& report, bool full_tables);

}  // namespace drumfire
