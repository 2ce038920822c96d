// One of the plan's urls, as far as connecting needs it.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/net/url.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

struct Target {
  std::string url;      // normalised
  std::string origin;   // scheme and authority: the url up to its path
  std::string address;  // "host:port", for messages
  bool is_tls = false;
  bool is_loopback = false;  // by its name: no proxy is asked for it
};

Target MakeTarget(const Url& url);
// All urls of the plan, in its order; InvalidArgument when there is none or one is wrong.
absl::StatusOr<std::vector<Target>> ParseTargets(const v1::Plan& plan);

}  // namespace drumfire
