// One of the plan's urls, as far as connecting needs it.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

struct Target {
  std::string url;      // as given
  std::string address;  // "host:port", for messages
  bool is_tls = false;
  bool is_loopback = false;  // by its name: no proxy is asked for it
};

// InvalidArgument when url is not http or https with a host.
absl::StatusOr<Target> ParseTarget(absl::string_view url);
// All urls of the plan, in its order; InvalidArgument when there is none or one is wrong.
absl::StatusOr<std::vector<Target>> ParseTargets(const v1::Plan& plan);

}  // namespace drumfire
