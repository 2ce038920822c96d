// drumfire-mock: see docs/mock-server.md.
#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <iostream>

#include "tools/mock_server/server.h"

namespace {

using drumfire::mock::MockOptions;
using drumfire::mock::Server;

Server* running_server = nullptr;

void StopOnSignal(int) { running_server->Stop(); }

void CatchSignals(Server* server) {
  running_server = server;
  struct sigaction action = {};
  action.sa_handler = StopOnSignal;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
}

// Timers to the ns, and as many descriptors as we are allowed.
void PrepareProcess() {
  prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
  rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

bool WritePort(const std::string& path, int port) {
  if (path.empty()) return true;
  const std::string temporary = path + ".tmp";
  std::ofstream file(temporary);
  file << port << '\n';
  file.close();
  return file.good() && std::rename(temporary.c_str(), path.c_str()) == 0;
}

int Fail(absl::string_view message) {
  std::cerr << "drumfire-mock: " << message << '\n';
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  int exit_code = 0;
  const absl::StatusOr<MockOptions> options =
      drumfire::mock::ParseMockOptions(argc, argv, &exit_code);
  if (!options.ok()) {
    (exit_code == 0 ? std::cout : std::cerr) << options.status().message();
    return exit_code;
  }
  PrepareProcess();
  const absl::StatusOr<std::unique_ptr<Server>> server =
      Server::Create(*options, &drumfire::SystemClock());
  if (!server.ok()) return Fail(server.status().message());
  CatchSignals(server->get());
  if (!WritePort(options->port_file, (*server)->port())) return Fail("cannot write --port-file");
  std::cout << "listening on " << (*server)->Url() << std::endl;
  const absl::Status status = (*server)->Run();
  return status.ok() ? 0 : Fail(status.message());
}
