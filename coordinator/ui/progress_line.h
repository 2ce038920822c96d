// Shows progress on a stream: one line redrawn in place on a terminal, a plain line now and then
// elsewhere.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/strings/string_view.h"
#include "common/clock/clock.h"
#include "common/sync/mutex.h"
#include "coordinator/ui/progress.h"

namespace drumfire {

enum class ProgressStyle {
  kNone,     // nothing at all
  kRedrawn,  // a terminal
  kPlain,    // a file, a pipe, a container's log
};

// Redrawn for a terminal, plain otherwise.
ProgressStyle StyleFor(int file_descriptor);

constexpr int64_t kRedrawIntervalNs = 200 * kNsPerMs;
constexpr int64_t kPlainIntervalNs = 5 * kNsPerSecond;

// Print: any thread. The rest: one thread, the run's.
class ProgressLine {
 public:
  struct Options {
    ProgressStyle style = ProgressStyle::kPlain;
    int64_t interval_ns = kPlainIntervalNs;  // at least so long between two lines of a phase
    size_t width = 0;                        // columns of the terminal; 0 = do not cut
  };
  // False: the reader has stalled and did not take it.
  using Write = std::function<bool(absl::string_view)>;

  // clock: not owned. write gets whole pieces of text and flushes them, one call at a time. It must
  // not wait for the reader: the run's thread answers heartbeats. Messages that it did not take are
  // counted, and the next one says so.
  ProgressLine(Options options, const Clock* clock, Write write);

  bool is_redrawn() const { return options_.style == ProgressStyle::kRedrawn; }
  // Whether Update would show a snapshot of that phase now: whoever makes it need not for nothing.
  bool IsDue(const std::string& phase) const;
  // Shows the snapshot when the interval has passed or the phase is another one.
  void Update(const ProgressSnapshot& snapshot);
  // Shows the phase's closing figures, whatever the time, and ends the line.
  void EndPhase(const ProgressSnapshot& snapshot);
  // A line of its own for a message while a run goes; the progress line is drawn below it again, in
  // the same write.
  void Print(absl::string_view message);

 private:
  void Draw(const ProgressSnapshot& snapshot);

  const Options options_;
  const Clock* const clock_;
  const Write write_;

  // The run's thread.
  std::string phase_;
  int64_t next_ns_ = 0;

  Mutex mutex_;                                   // held during each write, too
  std::string drawn_ ABSL_GUARDED_BY(mutex_);     // the text on the open line
  uint64_t untaken_ ABSL_GUARDED_BY(mutex_) = 0;  // messages
};

// Columns of the terminal behind the descriptor; 0 when it is none.
size_t TerminalWidth(int file_descriptor);

}  // namespace drumfire
