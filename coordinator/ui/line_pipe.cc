#include "coordinator/ui/line_pipe.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

// What has no end by then is given out as it is.
constexpr size_t kLongestLineBytes = 64 << 10;

}  // namespace

absl::StatusOr<std::unique_ptr<LinePipe>> LinePipe::Create(
    std::function<void(absl::string_view)> on_line) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return absl::InternalError(absl::StrCat("cannot make a pipe: ", strerror(errno)));
  }
  const int stop = eventfd(0, EFD_CLOEXEC);
  if (stop < 0) {
    const std::string cause = strerror(errno);
    close(ends[0]);
    close(ends[1]);
    return absl::InternalError(absl::StrCat("cannot make an eventfd: ", cause));
  }
  return std::unique_ptr<LinePipe>(new LinePipe(ends[0], ends[1], stop, std::move(on_line)));
}

LinePipe::LinePipe(int read, int write, int stop, std::function<void(absl::string_view)> on_line)
    : read_(read), write_(write), stop_(stop), on_line_(std::move(on_line)) {
  fcntl(read_, F_SETFL, O_NONBLOCK);
  thread_ = std::thread([this] { Run(); });
}

LinePipe::~LinePipe() {
  close(write_);
  eventfd_write(stop_, 1);
  thread_.join();
  if (!partial_.empty()) on_line_(partial_);
  close(read_);
  close(stop_);
}

void LinePipe::Run() {
  pollfd waited[2] = {{read_, POLLIN, 0}, {stop_, POLLIN, 0}};
  for (;;) {
    if (poll(waited, 2, -1) < 0) continue;  // EINTR
    while (ReadSome()) {
    }
    if (waited[1].revents != 0) return;
    // All writers have gone; only the destructor has something to say.
    if ((waited[0].revents & POLLHUP) != 0) waited[0].fd = -1;
  }
}

bool LinePipe::ReadSome() {
  char bytes[4096];
  const ssize_t count = read(read_, bytes, sizeof(bytes));
  if (count <= 0) return count < 0 && errno == EINTR;
  partial_.append(bytes, static_cast<size_t>(count));
  size_t begin = 0;
  for (size_t end; (end = partial_.find('\n', begin)) != std::string::npos; begin = end + 1) {
    on_line_(absl::string_view(partial_).substr(begin, end - begin));
  }
  partial_.erase(0, begin);
  if (partial_.size() > kLongestLineBytes) on_line_(std::exchange(partial_, ""));
  return true;
}

}  // namespace drumfire
