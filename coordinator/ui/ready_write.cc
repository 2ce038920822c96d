#include "coordinator/ui/ready_write.h"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

namespace drumfire {

bool WriteIfReady(int file_descriptor, absl::string_view text) {
  while (!text.empty()) {
    pollfd ready{file_descriptor, POLLOUT, 0};
    if (poll(&ready, 1, 0) <= 0 || (ready.revents & POLLOUT) == 0) return false;
    // A pipe that is ready takes so much without waiting (pipe(7)).
    const absl::string_view part = text.substr(0, PIPE_BUF);
    const ssize_t written = write(file_descriptor, part.data(), part.size());
    if (written <= 0) return false;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace drumfire
