// drumfire-fleet-sim: many fake workers in one process, for a real coordinator
// (docs/performance.md, "Control side at scale"). Listens on loopback only. Ends on SIGTERM or
// SIGINT, and then prints what its workers saw as one JSON object.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <iostream>

#include "absl/strings/str_join.h"
#include "common/files/atomic_file.h"
#include "tools/fleet_sim/fake_fleet.h"
#include "tools/fleet_sim/fleet_server.h"

namespace drumfire::fleet_sim {
namespace {

constexpr int kBadInput = 2;
constexpr uint32_t kMostWorkers = 4096;

struct Flags {
  uint32_t workers = 1;
  std::string addresses_file;
  double service_ms = 0;
  uint32_t chunks = 1;
  double speed_up = 1;
  bool no_records = false;
  double drop_all_after_seconds = -1;
};

void AddFlags(CLI::App* app, Flags* flags) {
  app->add_option("--workers", flags->workers, "How many")->check(CLI::Range(1u, kMostWorkers));
  app->add_option("--addresses-file", flags->addresses_file,
                  "Written once all listen: HOST:PORT of each, a line each")
      ->required();
  app->add_option("--service-ms", flags->service_ms, "From a request's send to its answer's end")
      ->check(CLI::NonNegativeNumber);
  app->add_option("--chunks", flags->chunks, "Content chunks of an answer, one token each")
      ->check(CLI::Range(1u, 100'000u));
  app->add_option("--speed-up", flags->speed_up,
                  "Seconds of requests in a second (closed loops only)")
      ->check(CLI::Range(1.0, 1e6));
  app->add_flag("--no-records", flags->no_records,
                "Credits cost nothing; every record counts as dropped (closed loops only)");
  app->add_option("--drop-all-after-seconds", flags->drop_all_after_seconds,
                  "Break all streams off so long after the first start");
}

FleetSettings SettingsOf(const Flags& flags) {
  FleetSettings settings;
  settings.host = "127.0.0.1";
  settings.answer.service_ns = static_cast<int64_t>(flags.service_ms * kNsPerMs);
  settings.answer.chunks = flags.chunks;
  settings.speed_up = flags.speed_up;
  settings.keep_records = !flags.no_records;
  if (flags.drop_all_after_seconds >= 0) {
    settings.drop_all_after_ns = static_cast<int64_t>(flags.drop_all_after_seconds * kNsPerSecond);
  }
  return settings;
}

// As many descriptors as we are allowed.
void RaiseDescriptorLimit() {
  rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

std::atomic<bool> stop_requested = false;

void CatchSignals() {
  struct sigaction action = {};
  action.sa_handler = [](int) { stop_requested = true; };
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

absl::Status Serve(const Flags& flags) {
  auto loop = SharedThread::Create(SystemClock());
  if (!loop.ok()) return loop.status();
  FakeFleet fleet(SettingsOf(flags), SystemClock(), loop->get());
  auto server = FleetServer::Create(flags.workers, &fleet);
  if (!server.ok()) return server.status();
  const std::string list = absl::StrJoin((*server)->addresses(), "\n") + "\n";
  if (absl::Status written = WriteFileAtomically(flags.addresses_file, list); !written.ok())
    return written;
  (*loop)->Run([] { return stop_requested.load(); });
  std::cout << ToJson(fleet.figures()) << std::endl;
  server->reset();
  (*loop)->RunTasks();  // the streams' ends
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  CLI::App app("Many fake Drumfire workers in one process.");
  Flags flags;
  AddFlags(&app, &flags);
  CLI11_PARSE(app, argc, argv);
  RaiseDescriptorLimit();
  CatchSignals();
  const absl::Status served = Serve(flags);
  if (served.ok()) return 0;
  std::cerr << "drumfire-fleet-sim: " << served.message() << "\n";
  return kBadInput;
}

}  // namespace
}  // namespace drumfire::fleet_sim

int main(int argc, char** argv) { return drumfire::fleet_sim::Main(argc, argv); }
