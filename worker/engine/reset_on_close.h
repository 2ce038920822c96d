// Keeps the kernel from sending buffered data after a socket is closed.
#pragma once

namespace drumfire {

// Makes the close of the socket discard unsent and unacknowledged data and reset the connection.
// Otherwise the kernel would keep sending it, even over a link that recovers minutes after the
// worker's lease expired.
void ResetOnClose(int fd);

}  // namespace drumfire
