// The flags of drumfire-worker, and the options they set.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/credentials/credential_files.h"
#include "worker/session/worker_server.h"

namespace CLI {
class App;
}

namespace drumfire {

struct WorkerFlags {
  std::string listen;
  std::string records;        // empty = derived from listen
  std::string health_listen;  // empty = no health checks
  bool once = false;
  int parent = 0;  // process id; 0 = the parent at the first check
  CredentialFiles credentials;
  bool insecure_fleet = false;
};

// Registers the flags; flags must outlive the parse.
void AddWorkerFlags(CLI::App* app, WorkerFlags* flags);

// Reads the credentials and checks that the worker is not open to everyone by mistake.
// InvalidArgument is one line that begins with the flag.
absl::StatusOr<WorkerServerOptions> ReadWorkerOptions(const WorkerFlags& flags,
                                                      const FileReader& read, absl::Time now);

}  // namespace drumfire
