// Servers that refuse stream_options, by which usage is asked for: once one did, this request and
// those after it are sent without. The preparer takes the field out of requests that it makes from
// then on, the I/O thread out of those that were ready before. Any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "common/sync/mutex.h"
#include "worker/exchange/exchange.h"

namespace drumfire {

class UsageRefusal {
 public:
  // Of bodies without the field that are kept for further requests of their entries.
  static constexpr size_t kMostKeptBytes = 64 << 20;

  // A response that refuses the field of a body that holds it as the request builder writes it.
  bool IsRefusal(const Exchange& exchange) const;
  // The request once more, to be sent without the field, as if it had not been sent.
  std::unique_ptr<Exchange> Again(const Exchange& refused);
  // Takes the field out of a request that is not sent yet, when a server has refused it before.
  void Prepare(Exchange* exchange);

 private:
  using Body = std::shared_ptr<const std::string>;

  void TakeOut(Exchange* exchange);
  Body WithoutField(const Exchange& exchange);

  std::atomic<bool> has_refused_ = false;
  Mutex mutex_;
  size_t kept_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<std::pair<uint64_t, uint32_t>, Body> kept_
      ABSL_GUARDED_BY(mutex_);  // by entry and model
};

}  // namespace drumfire
