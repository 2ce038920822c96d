// drumfire-worker health ADDRESS: checks that the worker whose --health-listen is ADDRESS serves.
// For probes of container platforms and service managers; needs no shell and no credentials.
#pragma once

#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "drumfire/v1/control.pb.h"

namespace CLI {
class App;
}

namespace drumfire {

struct HealthFlags {
  std::string address;  // as given to --health-listen
  double timeout_s = 2;
};

// Registers the command; flags must outlive the parse. The command's app is app's.
CLI::App* AddHealthCommand(CLI::App* app, HealthFlags* flags);

// Queries once. Unavailable, with a message to follow "ADDRESS: ", if no worker there serves within
// timeout.
absl::StatusOr<v1::StatusReply> AskHealth(const std::string& address, absl::Duration timeout);

// Prints one line: the worker's state to out, or the problem to err. Returns the exit code: 0 if it
// serves, otherwise 1.
int RunHealthCommand(const HealthFlags& flags, std::ostream& out, std::ostream& err);

}  // namespace drumfire
