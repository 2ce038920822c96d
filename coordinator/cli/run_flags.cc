#include "coordinator/cli/flags.h"

namespace drumfire {
namespace {

using enum FlagKind;
using enum FlagSupport;

constexpr FlagSpec kRunFlags[] = {
    {"--goodput", "Goals", kList, kSupported, "TAG:VALUE...", "",
     "What a good request is, in display units or with a unit: request_latency:250, ttft:0.5s"},
    {"--fail-if", "Goals", kList, kSupported, "TAG:STAT>VALUE...", "",
     "Exit with code 4 when it holds: time_to_first_token:p99>500, ttft:p99>500ms"},
    {"--failed-request-threshold", "Goals", kValue, kSupported, "SHARE", "",
     "End the run, with exit code 1, when more than this share (0..1) of the finished requests "
     "failed; looked at once max(concurrency, 10) are finished"},
    {"--max-consecutive-errors", "Goals", kValue, kSupported, "N", "",
     "End the run, with exit code 1, after N failed requests in a row, over all workers"},

    {"--artifact-dir --output-artifact-dir", "Results", kValue, kSupported, "FOLDER",
     "artifacts/MODEL-openai-TYPE-LOAD", "Where the results go"},
    {"--overwrite", "Results", kSwitch, kSupported, "", "off",
     "Replace the results of an earlier run in --artifact-dir"},
    {"--profile-export-prefix --profile-export-file", "Results", kValue, kSupported, "NAME",
     "profile_export", "Prefix of the result files' names"},
    {"--export-level --profile-export-level", "Results", kValue, kSupported, "summary|records",
     "records", "Whether single requests are exported as well"},
    {"--slice-duration", "Results", kValue, kSupported, "SECONDS", "",
     "Results by slices of this width, too"},
    {"--record-detail", "Results", kValue, kSupported, "chunks|requests", "chunks",
     "Whether records hold the gaps between chunks"},
    {"--ui --ui-type", "Results", kValue, kSupported, "dashboard|simple|none|full", "dashboard",
     "Progress line while the run goes (dashboard and simple), or none; full prints AIPerf's "
     "tables "
     "at the end"},
    {"--num-profile-runs --multi-run-count", "Results", kValue, kSupported, "N", "1",
     "Only 1: several runs in one command are not there yet"},

    {"--workers", "Fleet", kList, kSupported, "LIST", "",
     "Running drumfire-worker processes to use: host:port, node[01-04]:port, dns:///name:port, "
     "slurm:port, @file; see docs/fleet.md"},
    {"--worker-count --expect-workers", "Fleet", kValue, kSupported, "N",
     "as many as --workers gives", "Require exactly N workers; wait for DNS up to --ready-timeout"},
    {"--local-workers --workers-max --max-workers", "Fleet", kValue, kSupported, "N",
     "one per two cores",
     "Worker processes to start here; by default as many as affinity and CPU quota allow"},
    {"--ready-timeout", "Fleet", kValue, kSupported, "SECONDS", "60",
     "A worker that is not ready by then ends the start"},
    {"--lease", "Fleet", kValue, kSupported, "SECONDS", "5",
     "A worker that hears nothing for so long stops sending"},
    {"--on-worker-loss", "Fleet", kValue, kSupported, "abort|continue", "abort",
     "End the run early, or hand what a lost worker had not sent to the others"},
    {"--max-lost-share", "Fleet", kValue, kSupported, "SHARE", "0.5",
     "With --on-worker-loss continue: end the run when more of the workers are lost, 0..1"},
    {"--elastic", "Fleet", kSwitch, kSupported, "", "off",
     "With --on-worker-loss continue: a worker that comes back takes part at once, not only in the "
     "next phase"},
    {"--record-buffer", "Fleet", kValue, kSupported, "BYTES", "67108864",
     "Unacknowledged records a worker keeps; K, M and G are understood"},

    {"--tls-cert", "Fleet", kValue, kSupported, "FILE", "",
     "PEM file of the certificate to show to --workers; see docs/fleet-security.md"},
    {"--tls-key", "Fleet", kValue, kSupported, "FILE", "", "PEM file of its key"},
    {"--tls-ca", "Fleet", kValue, kSupported, "FILE", "",
     "PEM file of the authorities whose workers are trusted"},
    {"--fleet-token-file", "Fleet", kValue, kSupported, "FILE", "",
     "File with the token that --workers want to be shown"},

    {"--engine", "Engine", kValue, kSupported, "auto|native|curl", "auto",
     "How a worker talks to the server"},
    {"--poll-interval-us", "Engine", kValue, kSupported, "US|auto", "auto",
     "Minimum interval between socket polls; 0 = immediately"},
    {"--spin-us", "Engine", kValue, kSupported, "US", "0",
     "Busy-wait this long before each scheduled send"},

    {"--dry-run", "Commands", kSwitch, kSupported, "", "off", "Check everything and send nothing"},
    {"--schedule-out", "Commands", kValue, kSupported, "FILE", "",
     "With --dry-run: write the schedule as JSON lines; - is standard output"},
    {"--help -h", "Commands", kSwitch, kSupported, "", "", "This text"},
};

}  // namespace

absl::Span<const FlagSpec> RunFlags() { return kRunFlags; }

}  // namespace drumfire
