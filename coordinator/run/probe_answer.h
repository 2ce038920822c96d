// What a server's answer to a probe says about a model: pure text, any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/dialect/dialect.h"

namespace drumfire {

struct ProbeAnswer {
  std::string error;    // of the transport; empty = there was an answer
  bool is_tls = false;  // the error came from TLS
  long status = 0;
  std::string body;  // its beginning
};

// Why the model is not ready, in words for a message; empty = it is. Inference: 2xx and at least
// one choice or embedding, as a whole or as events, and no error among them.
std::string WhyNoInference(const ProbeAnswer& answer, const Dialect& dialect);
std::string WhyNotListed(const ProbeAnswer& answer, absl::string_view model,
                         const Dialect& dialect);

// What the user can try, by what the server said last.
std::string AdviceFor(const ProbeAnswer& answer, bool asked_for_list);

// `"a", "b" and 3 more`.
std::string QuotedNames(const std::vector<std::string>& names);

}  // namespace drumfire
