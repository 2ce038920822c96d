#include "coordinator/ui/progress_line.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

// Back to the first column, then erase to the end of the line (ECMA-48 EL).
constexpr absl::string_view kErase = "\r\x1b[K";

}  // namespace

ProgressStyle StyleFor(int file_descriptor) {
  return isatty(file_descriptor) != 0 ? ProgressStyle::kRedrawn : ProgressStyle::kPlain;
}

size_t TerminalWidth(int file_descriptor) {
  winsize size{};
  return ioctl(file_descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

ProgressLine::ProgressLine(Options options, const Clock* clock, Write write)
    : options_(options), clock_(clock), write_(std::move(write)) {}

bool ProgressLine::IsDue(const std::string& phase) const {
  if (options_.style == ProgressStyle::kNone) return false;
  return phase != phase_ || clock_->MonotonicNs() >= next_ns_;
}

void ProgressLine::Update(const ProgressSnapshot& snapshot) {
  if (!IsDue(snapshot.phase)) return;
  phase_ = snapshot.phase;
  next_ns_ = clock_->MonotonicNs() + options_.interval_ns;
  Draw(snapshot);
}

void ProgressLine::EndPhase(const ProgressSnapshot& snapshot) {
  if (options_.style == ProgressStyle::kNone) return;
  Draw(snapshot);
  phase_.clear();
  const MutexLock lock(&mutex_);
  if (options_.style == ProgressStyle::kRedrawn) write_("\n");
  drawn_.clear();
}

void ProgressLine::Print(absl::string_view message) {
  const MutexLock lock(&mutex_);
  const std::string missing =
      untaken_ == 0 ? "" : absl::StrCat(untaken_, " messages could not be shown\n");
  const absl::string_view erase = drawn_.empty() ? "" : kErase;
  const bool taken = write_(absl::StrCat(erase, missing, message, "\n", drawn_));
  untaken_ = taken ? 0 : untaken_ + 1;
}

void ProgressLine::Draw(const ProgressSnapshot& snapshot) {
  std::string text = ProgressText(snapshot, options_.width > 1 ? options_.width - 1 : 0);
  const MutexLock lock(&mutex_);
  if (options_.style == ProgressStyle::kPlain) {
    write_(absl::StrCat(text, "\n"));
    return;
  }
  // A line that wraps cannot be redrawn.
  if (options_.width > 1 && text.size() >= options_.width) text.resize(options_.width - 1);
  write_(absl::StrCat(kErase, text));
  drawn_ = std::move(text);
}

}  // namespace drumfire
