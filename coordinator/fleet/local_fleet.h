// Workers that the coordinator starts itself, on Unix sockets in a private folder. None is left
// behind: they end with their stream, with the coordinator's death, and at the latest with this
// object.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace drumfire {

class LocalFleet {
 public:
  // program: path of drumfire-worker. Starts count processes; their sockets may take a moment to
  // answer. log: descriptor that becomes their standard error.
  static absl::StatusOr<std::unique_ptr<LocalFleet>> Start(const std::string& program,
                                                           uint32_t count, int log);
  // Gives each a moment to leave, then SIGTERM, then SIGKILL; removes the folder.
  ~LocalFleet();

  // "unix:/..." addresses, one a worker.
  const std::vector<std::string>& addresses() const { return addresses_; }
  const std::vector<pid_t>& pids() const { return pids_; }

 private:
  LocalFleet() = default;
  absl::Status StartWorker(const std::string& program, const std::string& socket_path, int log);
  void WaitForAll(int milliseconds);
  void SignalAll(int signal);

  std::string folder_;
  std::vector<std::string> addresses_;
  std::vector<pid_t> pids_;  // 0 once reaped
};

// drumfire-worker beside the running program, or on the PATH; NOT_FOUND names where was looked.
absl::StatusOr<std::string> FindWorkerProgram();

}  // namespace drumfire
