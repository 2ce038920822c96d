// drumfire-worker health ADDRESS: does the worker that listens there with --health-listen serve?
// For the probes of container platforms and service managers; needs no shell and no credentials.
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

// Asks once. Unavailable, in words that follow "ADDRESS: ", when nobody there serves within
// timeout.
absl::StatusOr<v1::StatusReply> AskHealth(const std::string& address, absl::Duration timeout);

// One line: what the worker does on out, or what is wrong on err. Gives the exit code: 0 when it
// serves, else 1.
int RunHealthCommand(const HealthFlags& flags, std::ostream& out, std::ostream& err);

}  // namespace drumfire
