// Groups error messages that differ only by a time, a port or an id.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

// The message with every number, and every word that looks like an id (eight characters or more, at
// least two of them digits), replaced by '#'. IPv4 addresses stay, as does the target of our own
// connects ("connect to host:port: ...").
std::string ErrorGroupOf(absl::string_view message);

}  // namespace drumfire
