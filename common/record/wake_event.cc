#include "common/record/wake_event.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace drumfire {

absl::StatusOr<WakeEvent> WakeEvent::Create() {
  const int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (descriptor < 0) {
    return absl::ResourceExhaustedError(absl::StrCat("eventfd: ", std::strerror(errno)));
  }
  return WakeEvent(descriptor);
}

WakeEvent::WakeEvent(WakeEvent&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

WakeEvent::~WakeEvent() {
  if (descriptor_ >= 0) close(descriptor_);
}

// Neither call can fail in a way that matters: a full counter is readable, an empty one is clear.
void WakeEvent::Signal() { (void)eventfd_write(descriptor_, 1); }

void WakeEvent::Clear() {
  eventfd_t count = 0;
  (void)eventfd_read(descriptor_, &count);
}

}  // namespace drumfire
