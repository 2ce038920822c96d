// Workers started by the coordinator, on Unix sockets in a private directory. They are always
// cleaned up: they exit when the coordinator dies, and at the latest when this object is destroyed.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace drumfire {

class LocalFleet {
 public:
  // kOneRun: each exits when its stream ends. kManyRuns: each serves one run after the other.
  enum class Serves { kOneRun, kManyRuns };

  // program: path of drumfire-worker. Starts count processes; their sockets may take a moment to
  // respond. log: descriptor for their standard error.
  static absl::StatusOr<std::unique_ptr<LocalFleet>> Start(const std::string& program,
                                                           uint32_t count, int log, Serves serves);
  // Gives each process time to exit after its run, then sends SIGTERM, then SIGKILL; removes the
  // directory.
  ~LocalFleet();

  // No run came about: the destructor waits for none to end.
  void GiveUpRun() { awaits_run_ = false; }

  // "unix:/..." addresses, one per worker.
  const std::vector<std::string>& addresses() const { return addresses_; }
  const std::vector<pid_t>& pids() const { return pids_; }

 private:
  explicit LocalFleet(Serves serves) : serves_(serves), awaits_run_(serves == Serves::kOneRun) {}
  absl::Status StartWorker(const std::string& program, const std::string& socket_path, int log);
  void WaitForAll(int milliseconds);
  void SignalAll(int signal);

  const Serves serves_;
  bool awaits_run_;  // each process leaves by itself once its run has ended
  std::string folder_;
  std::vector<std::string> addresses_;
  std::vector<pid_t> pids_;  // 0 once reaped
};

// Finds drumfire-worker next to the running program or on the PATH; NOT_FOUND names the places
// searched.
absl::StatusOr<std::string> FindWorkerProgram();

}  // namespace drumfire
