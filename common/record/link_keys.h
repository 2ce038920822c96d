// Keys of the record stream (CurveZMQ): each end makes a pair per run and sends the public key over
// the control stream. Nothing is written to disk.
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

// UNIMPLEMENTED if ZeroMQ was built without CURVE.
absl::StatusOr<LinkKeys> MakeLinkKeys();

bool IsLinkKey(absl::string_view key);

// Call before bind: a peer must know our public key and prove its own, which the context's ZAP
// handler then checks.
void GuardServer(const LinkKeys& keys, zmq::socket_t* socket);

// Call before each connect: proves our keys, and requires proof that the server holds server_key.
void GuardClient(const LinkKeys& keys, absl::string_view server_key, zmq::socket_t* socket);

}  // namespace drumfire
