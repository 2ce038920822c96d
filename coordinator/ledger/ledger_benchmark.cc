// How many credits a second can the control path hand out to a thousand workers? Prints CPU time of
// this process: for a bare gRPC stream that carries the same messages and does nothing with them
// (the floor), and for the ledger with the making of its messages, whose blocks grow with what a
// worker has had. The stream's other end is a process of its own.
//   coordinator_ledger_benchmark [workers]
#include <grpcpp/grpcpp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/ledger/ledger.h"
#include "drumfire/v1/control.grpc.pb.h"

namespace drumfire {
namespace {

constexpr uint32_t kDefaultWorkers = 1000;
constexpr int kRounds = 200;
constexpr int kFloorTrips = 20'000;
constexpr uint64_t kManyCredits = uint64_t{1} << 50;

double CpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// --- the floor: a demand out, a grant back, over one stream ---

class EchoService : public v1::Worker::Service {
  grpc::Status Run(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::WorkerMessage, v1::CoordinatorMessage>* stream) override {
    v1::CoordinatorMessage grant;
    v1::WorkerMessage demand;
    demand.mutable_demand()->set_free_slots(1);
    demand.set_plan_hash(std::string(32, 'x'));
    while (stream->Read(&grant) && stream->Write(demand)) {
    }
    return grpc::Status::OK;
  }
};

[[noreturn]] void Serve(int tell_port) {
  EchoService service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  if (server == nullptr || write(tell_port, &port, sizeof(port)) != sizeof(port)) std::abort();
  server->Wait();
  std::abort();
}

void PrintFloor() {
  int port_pipe[2];
  if (pipe(port_pipe) != 0) std::abort();
  const pid_t server = fork();
  if (server == 0) Serve(port_pipe[1]);
  int port = 0;
  if (server < 0 || read(port_pipe[0], &port, sizeof(port)) != sizeof(port)) std::abort();
  const auto stub = v1::Worker::NewStub(
      grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  const auto stream = stub->Run(&context);
  v1::CoordinatorMessage message;
  message.mutable_grant()->set_count(kMinFullBlock);
  message.set_plan_hash(std::string(32, 'x'));
  v1::WorkerMessage demand;
  const double before_s = CpuSeconds();
  for (int trip = 0; trip < kFloorTrips; ++trip) {
    if (!stream->Write(message) || !stream->Read(&demand)) std::abort();
  }
  const double trip_us = (CpuSeconds() - before_s) / kFloorTrips * 1e6;
  std::printf("bare gRPC stream (floor): %.1f us a demand and its grant\n", trip_us);
  for (const uint64_t block : {kMinFullBlock, kMaxBlock}) {
    std::printf("  which is %.1f M credits/s in blocks of %llu\n",
                static_cast<double>(block) / trip_us, static_cast<unsigned long long>(block));
  }
  context.TryCancel();
  kill(server, SIGKILL);
  waitpid(server, nullptr, 0);
}

// --- the ledger ---

struct Handed {
  uint64_t credits = 0;
  uint64_t bytes = 0;
};

// What the run's thread does for a grant before gRPC takes it, and gRPC's own encoding.
void Encode(const std::vector<WorkerGrant>& grants, Handed* handed) {
  for (const WorkerGrant& grant : grants) {
    v1::CoordinatorMessage message;
    *message.mutable_grant() = grant.grant;
    message.set_epoch(1);
    message.set_sequence(handed->credits + 1);
    message.set_plan_hash(std::string(32, 'x'));
    handed->bytes += message.SerializeAsString().size();
    handed->credits += grant.grant.count();
  }
}

// A round is one demand of every worker, which has sent all it had, and tells so twice a second.
void PrintLedger(uint32_t workers, uint32_t slots, const char* what, bool hold_final) {
  const auto ledger =
      MakeClosedLoopLedger({0, hold_final}, std::vector<uint32_t>(workers, slots), kManyCredits);
  Handed handed;
  Encode(ledger->Advance(0), &handed);
  handed = {};
  const double before_s = CpuSeconds();
  for (int round = 0; round < kRounds; ++round) {
    for (uint32_t worker = 0; worker < workers; ++worker) {
      Encode(ledger->OnDemand(worker, 0, slots), &handed);
      ledger->Settle(worker, kUnboundedCredits, ledger->granted(worker));
    }
  }
  const double seconds = CpuSeconds() - before_s;
  const double demands = static_cast<double>(kRounds) * workers;
  std::printf("ledger, %u workers, %s: %.2f us a demand, %.0f M credits/s (%.0f a grant)\n",
              workers, what, seconds / demands * 1e6,
              static_cast<double>(handed.credits) / seconds / 1e6,
              static_cast<double>(handed.credits) / demands);
}

int Main(int argc, char** argv) {
  const auto workers = argc > 1 ? static_cast<uint32_t>(std::atoi(argv[1])) : kDefaultWorkers;
  if (workers == 0) {
    std::fprintf(stderr, "usage: coordinator_ledger_benchmark [workers]\n");
    return 2;
  }
  PrintFloor();
  PrintLedger(workers, 1, "one slot each", false);
  PrintLedger(workers, 1, "one slot each, last grant held back", true);
  PrintLedger(workers, 1024, "1,024 slots each", false);
  return 0;
}

}  // namespace
}  // namespace drumfire

int main(int argc, char** argv) { return drumfire::Main(argc, argv); }
