// A throw-away certificate authority and a server certificate signed by it, for TLS tests.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

struct TestCertificate {
  std::string ca_pem;
  std::string certificate_pem;
  std::string key_pem;
};

// names: subjectAltName as OpenSSL writes it, "DNS:localhost,IP:127.0.0.1". Dies when OpenSSL
// fails.
TestCertificate MakeTestCertificate(absl::string_view names);

}  // namespace drumfire
