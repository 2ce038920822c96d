#include "coordinator/cli/command_help.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "coordinator/cli/fleet_commands.h"

namespace drumfire {
namespace {

constexpr absl::string_view kReport = R"(drumfire report DIR [--records] [--ui full]

Rewrites every result file of a run from the journal in its directory, and
prints the report. After a crash of the coordinator, the report covers the
records that had arrived.

  DIR         the directory of a run (--artifact-dir, or one in artifacts/)
  --records   write profile_export.jsonl even if --export-level summary skipped
              it, and without a limit on its size
  --ui full   print AIPerf's tables instead of one screen

Exit codes: those of the run; 2 if the directory contains no run.

Examples
  drumfire report artifacts/my-model-openai-chat-concurrency8
  drumfire report results --records
)";

constexpr absl::string_view kCerts = R"(drumfire fleet certs DIR --hosts NAME,... [flags]

Makes a certificate authority, a certificate for the coordinator and one for
the workers, for use in a test fleet. If you have an authority, use it instead
(docs/fleet-security.md).

  DIR         directory for the files; only --renew replaces existing ones
  --hosts     names and addresses that the coordinator dials:
              node[01-04], 10.0.0.7, *.workers.load.svc
  --days N    validity of the certificates (default: 30); the authority is
              valid for three years, or as long as they are
  --renew     replace the certificates in DIR, under the same authority; hosts
              and days stay the same unless they are given

Examples
  drumfire fleet certs certs --hosts 'node[01-04],localhost' --days 90
  drumfire fleet certs certs --renew
)";

constexpr absl::string_view kQuestionFlags =
    R"(  --workers LIST          host:port, node[01-04]:port, dns:///name:port,
                          slurm:port, @file (docs/fleet.md)
  --worker-count N        require exactly N workers
  --timeout SECONDS       time limit for DNS and answers (default: 5)
  --tls-cert FILE, --tls-key FILE, --tls-ca FILE, --fleet-token-file FILE
                          credentials, as for a run (docs/fleet-security.md)
)";

constexpr absl::string_view kCheck = R"(drumfire fleet check --workers LIST [flags]

Queries the version, clock and limits of every worker, and says whether a run
could use them together. This does not disturb a run.

)";
constexpr absl::string_view kCheckEnd = R"(
Exit codes: 0 if all workers answered and agree, 1 if not, 2 for bad input.

Example
  drumfire fleet check --workers 'node[01-04]:7070' --worker-count 4
)";

constexpr absl::string_view kStatus = R"(drumfire fleet status --workers LIST [flags]

Prints the run, owner and start time of every worker. This does not disturb a
run.

)";
constexpr absl::string_view kStatusEnd = R"(
Exit codes: 0 if all workers answered, 1 if not, 2 for bad input.

Example
  drumfire fleet status --workers @workers.txt
)";

}  // namespace

std::string ReportHelp() { return std::string(kReport); }

std::string FleetHelp() {
  std::string text = "drumfire fleet COMMAND [flags]\n\n";
  for (const FleetCommand& command : FleetCommands()) {
    absl::StrAppendFormat(&text, "  %-8s  %s\n", command.name, command.help);
  }
  return absl::StrCat(text, "\nEach command accepts --help.\n");
}

std::string FleetCommandHelp(absl::string_view name) {
  if (name == "certs") return std::string(kCerts);
  if (name == "check") return absl::StrCat(kCheck, kQuestionFlags, kCheckEnd);
  if (name == "status") return absl::StrCat(kStatus, kQuestionFlags, kStatusEnd);
  return FleetHelp();
}

}  // namespace drumfire
