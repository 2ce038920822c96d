// A request head as a proxy that forwards http wants it.
#pragma once

#include <string>

#include "worker/engine/target.h"

namespace drumfire {

// Puts the origin before the path of "POST /path HTTP/1.1" and adds the proxy's credentials. A head
// that was through this is left alone: a request may be sent again.
void AddressThroughProxy(const Target& target, std::string* head);

}  // namespace drumfire
