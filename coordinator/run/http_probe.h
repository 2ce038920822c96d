// One HTTP request before a run, with the run's headers, certificates and proxy rule. No part of
// what is measured.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "coordinator/run/probe_answer.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

struct ProbeQuestion {
  std::string url;   // without secrets
  int plan_url = 0;  // index of the plan's URL that it belongs to: its secret query is sent
  std::string body;  // JSON for a POST; empty = GET
  int64_t timeout_ns = 0;
};

// Blocks until the answer is there, its time is over, or stop() is true (asked about once a
// second). The answer holds no secret of the request.
ProbeAnswer AskServer(const ProfileRequest& request, const ProbeQuestion& question,
                      const std::function<bool()>& stop);

}  // namespace drumfire
