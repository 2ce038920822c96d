// Servers that refuse stream_options, by which usage is asked for: once one did, this request and
// those after it are sent without. One thread.
#pragma once

#include <memory>

#include "worker/engine/exchange.h"

namespace drumfire {

class UsageRefusal {
 public:
  // A response that refuses the field of a body that holds it as the request builder writes it.
  bool IsRefusal(const Exchange& exchange) const;
  // The request once more, to be sent without the field, as if it had not been sent.
  std::unique_ptr<Exchange> Again(const Exchange& refused);
  // Takes the field out of a request that is about to be sent, when a server has refused it before.
  void Prepare(Exchange* exchange) const;

 private:
  bool has_refused_ = false;
};

}  // namespace drumfire
