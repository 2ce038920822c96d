// drumfire-worker: serves one run at a time until it is told to stop (SIGTERM, SIGINT), or, with
// --once, until its run is over. `drumfire-worker health ADDRESS` asks one that does.
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "common/files/read_file.h"
#include "common/plan/version.h"
#include "glog/logging.h"
#include "worker/process/health_command.h"
#include "worker/process/worker_flags.h"
#include "worker/session/status_listener.h"
#include "worker/session/worker_server.h"

namespace drumfire {
namespace {

constexpr int kBadInput = 2;

int BadInput(absl::string_view message) {
  std::cerr << "drumfire-worker: " << message << "\n";
  return kBadInput;
}

bool StopSignalPending(const sigset_t& stop_signals) {
  const timespec no_wait{};
  return sigtimedwait(&stop_signals, nullptr, &no_wait) > 0;
}

// Each connection takes one, and a plan that wants more than there are is refused.
void TakeAllDescriptors() {
  rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

void SayWhere(absl::string_view what, absl::string_view address, int port) {
  std::cout << what << " " << address;
  if (port > 0) std::cout << " (port " << port << ")";
  std::cout << std::endl;
}

int Serve(const WorkerServerOptions& options, const WorkerFlags& flags) {
  // Blocked before any thread exists, so that only this one takes them.
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGTERM);
  sigaddset(&stop_signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  TakeAllDescriptors();

  auto server = WorkerServer::Create(options, SystemClock());
  if (!server.ok()) return BadInput(server.status().message());
  std::unique_ptr<StatusListener> health;
  if (!flags.health_listen.empty()) {
    auto listener = StatusListener::Create(flags.health_listen,
                                           [server = server->get()] { return server->Status(); });
    if (!listener.ok()) return BadInput(listener.status().message());
    health = *std::move(listener);
  }
  SayWhere("listening on", options.listen, (*server)->port());
  if (health != nullptr) SayWhere("health on", flags.health_listen, health->port());
  const pid_t parent = flags.parent == 0 ? getppid() : flags.parent;
  while (!StopSignalPending(stop_signals)) {
    if (flags.once && getppid() != parent) break;
    if ((*server)->WaitForRunEnd(absl::Milliseconds(50)) && flags.once) break;
  }
  return 0;
}

int Main(int argc, char** argv) {
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);  // what matters stands in our own line
  google::InitGoogleLogging(argv[0]);
  FLAGS_logtostderr = true;
  CLI::App app("Drumfire worker: sends the load that a coordinator plans.");
  app.set_version_flag("--version", std::string(kVersion));
  WorkerFlags flags;
  AddWorkerFlags(&app, &flags);
  HealthFlags health_flags;
  const CLI::App* const health = AddHealthCommand(&app, &health_flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::CallForVersion& version) {
    return app.exit(version);
  } catch (const CLI::ParseError& error) {
    return BadInput(error.what());
  }
  if (health->parsed()) return RunHealthCommand(health_flags, std::cout, std::cerr);
  const auto read = [](const std::string& path) {
    return ReadSmallFile(path, kMaxCredentialFileBytes);
  };
  const auto options = ReadWorkerOptions(flags, read, absl::Now());
  return options.ok() ? Serve(*options, flags) : BadInput(options.status().message());
}

}  // namespace
}  // namespace drumfire

int main(int argc, char** argv) { return drumfire::Main(argc, argv); }
