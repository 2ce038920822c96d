// What the kernel took of us and has not sent yet.
#pragma once

namespace drumfire {

// When the socket is closed, what is still unsent or unacknowledged is thrown away and the peer
// hears of a reset: without this the kernel would go on sending it by itself, over a link that
// comes back minutes after the worker's lease ended.
void ResetOnClose(int fd);

}  // namespace drumfire
