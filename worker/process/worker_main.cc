// drumfire-worker: serves one run at a time until it is told to stop (SIGTERM, SIGINT), or, with
// --once, until its run is over.
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <string>

#include "common/plan/version.h"
#include "glog/logging.h"
#include "worker/session/worker_server.h"

namespace drumfire {
namespace {

constexpr int kBadInput = 2;

struct Flags {
  std::string listen;
  std::string records;
  bool once = false;
};

// ZeroMQ's endpoint beside the control address: any port of the same host, or a socket file beside
// the Unix one.
std::string RecordsEndpoint(const Flags& flags) {
  if (!flags.records.empty()) return flags.records;
  const std::string unix_prefix = "unix:";
  if (flags.listen.starts_with(unix_prefix)) {
    return "ipc://" + flags.listen.substr(unix_prefix.size()) + ".records";
  }
  return "tcp://" + flags.listen.substr(0, flags.listen.rfind(':')) + ":*";
}

bool StopSignalPending(const sigset_t& stop_signals) {
  const timespec no_wait{};
  return sigtimedwait(&stop_signals, nullptr, &no_wait) > 0;
}

int Serve(const Flags& flags) {
  // Blocked before any thread exists, so that only this one takes them.
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGTERM);
  sigaddset(&stop_signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);
  signal(SIGPIPE, SIG_IGN);

  auto server = WorkerServer::Create(
      {.listen = flags.listen, .load = {.records_bind = RecordsEndpoint(flags)}}, SystemClock());
  if (!server.ok()) {
    std::cerr << "drumfire-worker: " << server.status().message() << "\n";
    return kBadInput;
  }
  std::cout << "listening on " << flags.listen;
  if ((*server)->port() > 0) std::cout << " (port " << (*server)->port() << ")";
  std::cout << std::endl;
  const pid_t parent = getppid();
  while (!StopSignalPending(stop_signals)) {
    if (flags.once && getppid() != parent) break;
    if ((*server)->WaitForRunEnd(absl::Milliseconds(50)) && flags.once) break;
  }
  return 0;
}

int Main(int argc, char** argv) {
  google::InitGoogleLogging(argv[0]);
  FLAGS_logtostderr = true;
  CLI::App app("Drumfire worker: sends the load that a coordinator plans.");
  app.set_version_flag("--version", std::string(kVersion));
  Flags flags;
  app.add_option("--listen", flags.listen, "host:port (port 0 = any) or unix:/path")->required();
  app.add_option("--records", flags.records,
                 "ZeroMQ endpoint to bind for records, for example tcp://0.0.0.0:5557");
  app.add_flag("--once", flags.once,
               "Serve one run, then exit; also exit when the parent process does");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::CallForVersion& version) {
    return app.exit(version);
  } catch (const CLI::ParseError& error) {
    std::cerr << "drumfire-worker: " << error.what() << "\n";
    return kBadInput;
  }
  return Serve(flags);
}

}  // namespace
}  // namespace drumfire

int main(int argc, char** argv) { return drumfire::Main(argc, argv); }
