#include "worker/engine/reset_on_close.h"

#include <sys/socket.h>

namespace drumfire {

// socket(7): l_linger 0 drops the send buffer at close.
void ResetOnClose(int fd) {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

}  // namespace drumfire
