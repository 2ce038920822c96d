#include "coordinator/cli/command_help.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "coordinator/cli/fleet_commands.h"

namespace drumfire {
namespace {

constexpr absl::string_view kReport = R"(drumfire report FOLDER [--records] [--ui full]

Writes every result file of a run again, from the journal in its folder, and
prints the report. It works after a crash of the coordinator, too: the report
then covers what had arrived.

  FOLDER      the folder of a run (--artifact-dir, or below artifacts/)
  --records   write profile_export.jsonl even if --export-level summary left it
              out, and without the bound on its size
  --ui full   print AIPerf's tables instead of one screen

Exit codes: as of the run; 2 when the folder holds no run.

Examples
  drumfire report artifacts/my-model-openai-chat-concurrency8
  drumfire report results --records
)";

constexpr absl::string_view kCerts = R"(drumfire fleet certs FOLDER --hosts NAME,... [flags]

Makes a certificate authority, a certificate for the coordinator and one for
the workers: enough for a test fleet. Where an authority exists, use that one
(docs/fleet-security.md).

  FOLDER      where the files go; it must not hold them already, unless --renew
  --hosts     names and addresses by which the coordinator dials the workers:
              node[01-04], 10.0.0.7, *.workers.load.svc
  --days N    how long the certificates are valid (default: 30); the authority
              is valid for three years, or as long as they are
  --renew     new certificates in the place of those in FOLDER, under the same
              authority; hosts and days as before, unless they are given

Examples
  drumfire fleet certs certs --hosts 'node[01-04],localhost' --days 90
  drumfire fleet certs certs --renew
)";

constexpr absl::string_view kQuestionFlags =
    R"(  --workers LIST          host:port, node[01-04]:port, dns:///name:port,
                          slurm:port, @file (docs/fleet.md)
  --worker-count N        how many workers LIST must give
  --timeout SECONDS       how long to wait for names and answers (default: 5)
  --tls-cert FILE, --tls-key FILE, --tls-ca FILE, --fleet-token-file FILE
                          credentials, as for a run (docs/fleet-security.md)
)";

constexpr absl::string_view kCheck = R"(drumfire fleet check --workers LIST [flags]

Asks every worker for its version, clock and limits, and says whether a run
could use them together. No run is disturbed.

)";
constexpr absl::string_view kCheckEnd = R"(
Exit codes: 0 when all workers answered and agree, 1 when not, 2 for bad input.

Example
  drumfire fleet check --workers 'node[01-04]:7070' --worker-count 4
)";

constexpr absl::string_view kStatus = R"(drumfire fleet status --workers LIST [flags]

Says for every worker which run uses it, whose it is, and since when. No run is
disturbed.

)";
constexpr absl::string_view kStatusEnd = R"(
Exit codes: 0 when all workers answered, 1 when not, 2 for bad input.

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
  return absl::StrCat(text, "\nEach has a --help of its own.\n");
}

std::string FleetCommandHelp(absl::string_view name) {
  if (name == "certs") return std::string(kCerts);
  if (name == "check") return absl::StrCat(kCheck, kQuestionFlags, kCheckEnd);
  if (name == "status") return absl::StrCat(kStatus, kQuestionFlags, kStatusEnd);
  return FleetHelp();
}

}  // namespace drumfire
