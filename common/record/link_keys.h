// Keys of the record stream (CurveZMQ): each end makes a pair for one run and tells the other the
// public half over the control stream. Nothing is written to disk.
#pragma once

#include <string>
#include <zmq.hpp>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire {

constexpr size_t kLinkKeyBytes = 32;

// kLinkKeyBytes raw bytes each.
struct LinkKeys {
  std::string public_key;
  std::string secret_key;
};

// UNIMPLEMENTED when ZeroMQ was built without CURVE.
absl::StatusOr<LinkKeys> MakeLinkKeys();

bool IsLinkKey(absl::string_view key);

// Before bind: who connects must know our public key and prove one of its own, which the context's
// ZAP handler then judges.
void GuardServer(const LinkKeys& keys, zmq::socket_t* socket);

// Before each connect: prove our keys, and want proof that the server holds server_key.
void GuardClient(const LinkKeys& keys, absl::string_view server_key, zmq::socket_t* socket);

}  // namespace drumfire
