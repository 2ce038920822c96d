// drumfire-worker: serves one run at a time until it is told to stop (SIGTERM, SIGINT), or, with
// --once, until its run is over.
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <string>

#include "common/files/read_file.h"
#include "common/plan/version.h"
#include "glog/logging.h"
#include "worker/process/worker_flags.h"
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

int Serve(const WorkerServerOptions& options, bool once, pid_t parent) {
  // Blocked before any thread exists, so that only this one takes them.
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGTERM);
  sigaddset(&stop_signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);
  signal(SIGPIPE, SIG_IGN);

  auto server = WorkerServer::Create(options, SystemClock());
  if (!server.ok()) return BadInput(server.status().message());
  std::cout << "listening on " << options.listen;
  if ((*server)->port() > 0) std::cout << " (port " << (*server)->port() << ")";
  std::cout << std::endl;
  if (parent == 0) parent = getppid();
  while (!StopSignalPending(stop_signals)) {
    if (once && getppid() != parent) break;
    if ((*server)->WaitForRunEnd(absl::Milliseconds(50)) && once) break;
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
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::CallForVersion& version) {
    return app.exit(version);
  } catch (const CLI::ParseError& error) {
    return BadInput(error.what());
  }
  const auto read = [](const std::string& path) {
    return ReadSmallFile(path, kMaxCredentialFileBytes);
  };
  const auto options = ReadWorkerOptions(flags, read, absl::Now());
  return options.ok() ? Serve(*options, flags.once, flags.parent)
                      : BadInput(options.status().message());
}

}  // namespace
}  // namespace drumfire

int main(int argc, char** argv) { return drumfire::Main(argc, argv); }
