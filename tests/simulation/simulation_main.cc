// Runs seeds of the simulated fleet: simulation --seeds N --from S. Exits 1 with the first seed
// whose run violates an invariant. --trace prints every event of the seed S.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "glog/logging.h"
#include "tests/simulation/mutation.h"
#include "tests/simulation/scenario.h"
#include "tests/simulation/simulation.h"

namespace drumfire::simulation {
namespace {

struct Options {
  uint64_t seeds = 1000;
  uint64_t from = 1;
  bool keeps_going = false;
  bool traces = false;
  Mutation mutation = Mutation::kNone;
};

Mutation MutationOf(const std::string& name) {
  for (const MutationRow& row : Mutations()) {
    if (row.name == name) return row.mutation;
  }
  std::fprintf(stderr, "simulation: --mutation: found \"%s\", expected one of docs/simulation.md\n",
               name.c_str());
  std::exit(2);
}

Options Parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    if (flag == "--trace") {
      options.traces = true;
    } else if (flag == "--keep-going") {
      options.keeps_going = true;
    } else if (i + 1 < argc && flag == "--mutation") {
      options.mutation = MutationOf(argv[++i]);
    } else if (i + 1 < argc && (flag == "--seeds" || flag == "--from")) {
      (flag == "--seeds" ? options.seeds : options.from) = std::strtoull(argv[++i], nullptr, 10);
    } else {
      std::fprintf(stderr,
                   "simulation: found \"%s\", expected --seeds N, --from S, --keep-going, "
                   "--trace or --mutation NAME\n",
                   flag.c_str());
      std::exit(2);
    }
  }
  if (options.traces) options.seeds = 1;
  return options;
}

std::string FaultsOf(uint64_t seed) {
  const FaultPlan faults = DrawScenario(seed).faults;
  std::string names;
  for (uint32_t kind = 0; kind < static_cast<uint32_t>(Fault::kCount); ++kind) {
    if (!faults.Has(static_cast<Fault>(kind))) continue;
    names += " ";
    names += std::string(NameOf(static_cast<Fault>(kind)));
  }
  return names.empty() ? " none" : names;
}

int Run(const Options& options) {
  uint64_t failures = 0, steps = 0, requests = 0, lost = 0, taken_over = 0, returned = 0,
           joined = 0;
  for (uint64_t seed = options.from; seed < options.from + options.seeds; ++seed) {
    const Outcome outcome = Simulate(seed, options.mutation, options.traces);
    steps += outcome.steps;
    requests += outcome.requests;
    lost += outcome.lost_workers;
    taken_over += outcome.taken_over;
    returned += outcome.returned_workers;
    joined += outcome.joined_workers;
    if (outcome.ok()) continue;
    ++failures;
    std::printf("seed %llu: %s: %s; faults:%s\n", static_cast<unsigned long long>(seed),
                outcome.invariant.c_str(), outcome.text.c_str(), FaultsOf(seed).c_str());
    if (!options.keeps_going) return 1;
  }
  std::printf(
      "%llu seeds, %llu failed; %llu events, %llu requests, %llu workers lost, %llu requests "
      "sent by a second worker, %llu workers came back, %llu of them into a running phase\n",
      static_cast<unsigned long long>(options.seeds), static_cast<unsigned long long>(failures),
      static_cast<unsigned long long>(steps), static_cast<unsigned long long>(requests),
      static_cast<unsigned long long>(lost), static_cast<unsigned long long>(taken_over),
      static_cast<unsigned long long>(returned), static_cast<unsigned long long>(joined));
  return failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace drumfire::simulation

int main(int argc, char** argv) {
  google::InitGoogleLogging(argv[0]);
  setvbuf(stdout, nullptr, _IOLBF, 0);
  FLAGS_minloglevel = google::GLOG_FATAL;  // losses are what this is about
  return drumfire::simulation::Run(drumfire::simulation::Parse(argc, argv));
}
