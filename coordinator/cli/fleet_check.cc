#include "coordinator/cli/fleet_check.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/clock/clock.h"
#include "common/status/status_macros.h"
#include "coordinator/cli/fleet_flags.h"
#include "coordinator/cli/fleet_tables.h"
#include "coordinator/export/text_table.h"
#include "coordinator/fleet/fleet_consistency.h"
#include "coordinator/fleet/worker_resolver.h"

namespace drumfire {
namespace {

struct Answers {
  std::vector<WorkerStatus> workers;
  OwnCertificates own;
};

absl::StatusOr<Answers> Ask(const std::string& command, const std::vector<std::string>& arguments,
                            const ProfileInputs& inputs) {
  DRUMFIRE_ASSIGN_OR_RETURN(const FleetQuestion question,
                            ParseFleetFlags(command, arguments, inputs));
  ResolveOptions resolving;
  resolving.worker_count = question.worker_count;
  resolving.patience = question.timeout;
  DRUMFIRE_ASSIGN_OR_RETURN(
      const auto workers,
      ResolveWorkers(question.list, resolving, SystemWorkerNames().get(), SystemClock()));
  StatusOptions asking;
  asking.timeout = question.timeout;
  return Answers{AskWorkers(workers, question.credentials, asking),
                 ReadOwnCertificates(question.credentials.tls, absl::Now())};
}

WorkerDescription Describe(const WorkerStatus& worker) {
  return {worker.address.dial,        worker.reply.version(), worker.reply.protocol_version(),
          worker.reply.instance_id(), worker.reply.limits(),  worker.wall_clock};
}

// The text in lines of a terminal.
std::string Lines(const std::string& text) {
  constexpr size_t kColumns = 80;
  constexpr size_t kMostLines = 50;
  return absl::StrCat(Wrapped(text, kColumns, kMostLines), "\n");
}

std::string Workers(size_t count) {
  return absl::StrCat(count, count == 1 ? " worker" : " workers");
}

}  // namespace

int ReportCheck(const std::vector<WorkerStatus>& workers, const OwnCertificates& own,
                std::ostream& out) {
  std::vector<WorkerDescription> reached;
  for (const WorkerStatus& worker : workers) {
    if (worker.fault.empty()) reached.push_back(Describe(worker));
  }
  const std::vector<std::string> faults = FaultLines(workers);
  const std::vector<std::string> inconsistencies = FindInconsistencies(reached);
  out << CheckTable(workers, own.now);
  if (const std::string state = StateLine(workers); !state.empty()) out << Lines(state);
  if (const std::string ends = OwnEndsLine(own); !ends.empty()) out << Lines(ends);
  for (const std::string& line : EndWarnings(workers, own)) out << Lines(line);
  for (const std::string& line : faults) out << Lines(line);
  for (const std::string& line : inconsistencies) out << Lines(line);
  if (!faults.empty()) {
    out << faults.size() << " of " << Workers(workers.size()) << " not reached\n";
  }
  if (faults.empty() && inconsistencies.empty()) {
    out << Workers(workers.size()) << " reached; they agree\n";
  }
  return faults.empty() && inconsistencies.empty() ? 0 : 1;
}

int ReportOwners(const std::vector<WorkerStatus>& workers, std::ostream& out) {
  out << OwnerTable(workers);
  const std::vector<std::string> faults = FaultLines(workers);
  for (const std::string& line : faults) out << Lines(line);
  return faults.empty() ? 0 : 1;
}

absl::StatusOr<int> FleetCheckCommand(const std::vector<std::string>& arguments,
                                      const ProfileInputs& inputs, std::ostream& out) {
  DRUMFIRE_ASSIGN_OR_RETURN(const auto answers, Ask("check", arguments, inputs));
  return ReportCheck(answers.workers, answers.own, out);
}

absl::StatusOr<int> FleetStatusCommand(const std::vector<std::string>& arguments,
                                       const ProfileInputs& inputs, std::ostream& out) {
  DRUMFIRE_ASSIGN_OR_RETURN(const auto answers, Ask("status", arguments, inputs));
  return ReportOwners(answers.workers, out);
}

}  // namespace drumfire
