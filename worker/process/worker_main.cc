// drumfire-worker: serves one run at a time until SIGTERM or SIGINT, or, with --once, until its run
// ends. SIGHUP makes it reload its credential files; without such files it ends the worker.
// `drumfire-worker health ADDRESS` asks one that serves.
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "common/files/read_file.h"
#include "common/host/address_space.h"
#include "common/host/core_dumps.h"
#include "common/plan/version.h"
#include "glog/logging.h"
#include "worker/process/credential_reload.h"
#include "worker/process/health_command.h"
#include "worker/process/worker_flags.h"
#include "worker/session/status_listener.h"
#include "worker/session/worker_server.h"

namespace drumfire {
namespace {

constexpr int kBadInput = 2;
constexpr unsigned kLongestEndSeconds = 30;

int BadInput(absl::string_view message) {
  std::cerr << "drumfire-worker: " << message << "\n";
  return kBadInput;
}

// Blocked before any thread exists, so that only the main one takes them.
sigset_t BlockSignals(const WorkerFlags& flags) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  if (flags.credentials.any()) sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  return signals;
}

// 0 = none.
int PendingSignal(const sigset_t& signals) {
  const timespec no_wait{};
  return std::max(0, sigtimedwait(&signals, nullptr, &no_wait));
}

extern "C" void GiveUp(int) {
  constexpr char kLine[] = "drumfire-worker: did not end within 30 s of the signal; exiting\n";
  (void)!write(STDERR_FILENO, kLine, sizeof(kLine) - 1);
  _exit(1);
}

// From the first signal on: a second one ends the process at once, and so does time.
void BoundTheEnd(const sigset_t& signals) {
  for (const int number : {SIGTERM, SIGINT}) signal(number, SIG_DFL);
  signal(SIGHUP, SIG_IGN);
  signal(SIGALRM, &GiveUp);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  alarm(kLongestEndSeconds);
}

absl::StatusOr<std::string> ReadCredentialFile(const std::string& path) {
  return ReadSmallFile(path, kMaxCredentialFileBytes);
}

void Reload(const WorkerFlags& flags, WorkerServer* server) {
  ReloadCredentials(flags.credentials, &ReadCredentialFile, absl::Now(),
                    [server](FleetCredentials credentials) {
                      server->ReplaceCredentials(std::move(credentials));
                    });
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
  const sigset_t signals = BlockSignals(flags);
  TakeAllDescriptors();
  if (const absl::Status enough = CheckAddressSpace(); !enough.ok()) {
    return BadInput(enough.message());
  }
  if (flags.credentials.any()) LeaveMemoryOutOfCoreDumps();

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
  while (true) {
    const int signal = PendingSignal(signals);
    if (signal == SIGHUP) Reload(flags, server->get());
    if (signal == SIGTERM || signal == SIGINT) break;
    if ((flags.once || flags.parent != 0) && getppid() != parent) break;
    if ((*server)->WaitForRunEnd(absl::Milliseconds(50)) && flags.once) break;
  }
  BoundTheEnd(signals);
  return 0;
}

int Main(int argc, char** argv) {
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);  // our own line says what matters
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
  const auto options = ReadWorkerOptions(flags, &ReadCredentialFile, absl::Now());
  return options.ok() ? Serve(*options, flags) : BadInput(options.status().message());
}

}  // namespace
}  // namespace drumfire

int main(int argc, char** argv) { return drumfire::Main(argc, argv); }
