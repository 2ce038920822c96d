#include "common/record/link_keys.h"

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

// ZeroMQ's text form of a key: Z85 with a zero byte behind.
constexpr size_t kKeyTextBytes = 41;
constexpr char kZapDomain[] = "drumfire-records";

std::string Decode(const char* text) {
  std::string key(kLinkKeyBytes, '\0');
  zmq_z85_decode(reinterpret_cast<uint8_t*>(key.data()), text);
  return key;
}

void SetKey(int option, absl::string_view key, zmq::socket_t* socket) {
  if (zmq_setsockopt(socket->handle(), option, key.data(), key.size()) != 0) throw zmq::error_t();
}

}  // namespace

absl::StatusOr<LinkKeys> MakeLinkKeys() {
  char public_text[kKeyTextBytes];
  char secret_text[kKeyTextBytes];
  if (zmq_has("curve") == 0 || zmq_curve_keypair(public_text, secret_text) != 0) {
    return absl::UnimplementedError("this ZeroMQ has no CURVE: records cannot be protected");
  }
  return LinkKeys{Decode(public_text), Decode(secret_text)};
}

bool IsLinkKey(absl::string_view key) { return key.size() == kLinkKeyBytes; }

void GuardServer(const LinkKeys& keys, zmq::socket_t* socket) {
  socket->set(zmq::sockopt::curve_server, true);
  SetKey(ZMQ_CURVE_SECRETKEY, keys.secret_key, socket);
  socket->set(zmq::sockopt::zap_domain, kZapDomain);
}

void GuardClient(const LinkKeys& keys, absl::string_view server_key, zmq::socket_t* socket) {
  SetKey(ZMQ_CURVE_SERVERKEY, server_key, socket);
  SetKey(ZMQ_CURVE_PUBLICKEY, keys.public_key, socket);
  SetKey(ZMQ_CURVE_SECRETKEY, keys.secret_key, socket);
}

}  // namespace drumfire
