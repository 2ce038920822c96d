#include "coordinator/cli/flags.h"

namespace drumfire {
namespace {

using enum FlagKind;
using enum FlagSupport;

constexpr FlagSpec kRunFlags[] = {
    {"--goodput", "Goals", kList, kSupported, "TAG:VALUE...", "",
     "Goals that a good request meets, in display units or with a unit: request_latency:250, "
     "ttft:0.5s"},
    {"--fail-if", "Goals", kList, kSupported, "TAG:STAT>VALUE...", "",
     "Exit with code 4 if this holds: time_to_first_token:p99>500, ttft:p99>500ms"},
    {"--failed-request-threshold", "Goals", kValue, kSupported, "SHARE", "",
     "End the run with exit code 1 when more than this share (0..1) of finished requests failed; "
     "checked once max(concurrency, 10) have finished"},
    {"--max-consecutive-errors", "Goals", kValue, kSupported, "N", "",
     "End the run with exit code 1 after N consecutive failed requests over all workers"},

    {"--artifact-dir --output-artifact-dir", "Results", kValue, kSupported, "DIR",
     "artifacts/MODEL-openai-TYPE-LOAD", "Directory for the results"},
    {"--overwrite", "Results", kSwitch, kSupported, "", "off",
     "Replace the results of an earlier run in --artifact-dir"},
    {"--profile-export-prefix --profile-export-file", "Results", kValue, kSupported, "NAME",
     "profile_export", "Prefix of the result files"},
    {"--export-level --profile-export-level", "Results", kValue, kSupported, "summary|records",
     "records", "Whether to export each request as well"},
    {"--slice-duration", "Results", kValue, kSupported, "SECONDS", "",
     "Also export results in time slices of this length"},
    {"--record-detail", "Results", kValue, kSupported, "chunks|requests", "chunks",
     "Whether records contain the gaps between chunks"},
    {"--ui --ui-type", "Results", kValue, kSupported, "dashboard|simple|none|full", "dashboard",
     "Show a progress line during the run (dashboard, simple) or nothing (none); full also prints "
     "AIPerf's tables at the end"},
    {"--num-profile-runs --multi-run-count", "Results", kValue, kSupported, "N", "1",
     "Must be 1: repeated runs are not supported yet"},

    {"--workers", "Fleet", kList, kSupported, "LIST", "",
     "Running drumfire-worker processes to use: host:port, node[01-04]:port, dns:///name:port, "
     "slurm:port, @file; see docs/fleet.md"},
    {"--worker-count --expect-workers", "Fleet", kValue, kSupported, "N",
     "as many as --workers gives", "Require exactly N workers; wait for DNS up to --ready-timeout"},
    {"--local-workers --workers-max --max-workers", "Fleet", kValue, kSupported, "N",
     "one per two cores",
     "Number of local worker processes; by default as many as CPU affinity and quota allow"},
    {"--ready-timeout", "Fleet", kValue, kSupported, "SECONDS", "60",
     "Fail the start if a worker is not ready by then"},
    {"--lease", "Fleet", kValue, kSupported, "SECONDS", "5",
     "Time without contact after which a worker stops sending"},
    {"--on-worker-loss", "Fleet", kValue, kSupported, "abort|continue", "abort",
     "End the run early, or give a lost worker's unsent requests to the other workers"},
    {"--max-lost-share", "Fleet", kValue, kSupported, "SHARE", "0.5",
     "With --on-worker-loss continue: end the run when more than this share of workers (0..1) is "
     "lost"},
    {"--elastic", "Fleet", kSwitch, kSupported, "", "off",
     "With --on-worker-loss continue: a returning worker joins the current phase instead of the "
     "next one"},
    {"--record-buffer", "Fleet", kValue, kSupported, "BYTES", "67108864",
     "Buffer for unacknowledged records on a worker; suffixes K, M and G are accepted"},

    {"--tls-cert", "Fleet", kValue, kSupported, "FILE", "",
     "PEM file of the certificate presented to --workers; see docs/fleet-security.md"},
    {"--tls-key", "Fleet", kValue, kSupported, "FILE", "", "PEM file of its private key"},
    {"--tls-ca", "Fleet", kValue, kSupported, "FILE", "",
     "PEM file of the certificate authorities trusted to sign workers' certificates"},
    {"--fleet-token-file", "Fleet", kValue, kSupported, "FILE", "",
     "File with the token that --workers require"},

    {"--engine", "Engine", kValue, kSupported, "auto|native|curl", "auto",
     "HTTP engine of the workers"},
    {"--poll-interval-us", "Engine", kValue, kSupported, "US|auto", "auto",
     "Minimum interval between socket polls; 0 = immediately"},
    {"--spin-us", "Engine", kValue, kSupported, "US", "0",
     "Busy-wait this long before each scheduled send"},

    {"--dry-run", "Commands", kSwitch, kSupported, "", "off", "Check everything but send nothing"},
    {"--schedule-out", "Commands", kValue, kSupported, "FILE", "",
     "With --dry-run: write the schedule as JSON lines; - is standard output"},
    {"--help -h", "Commands", kSwitch, kSupported, "", "", "Show this help"},
};

}  // namespace

absl::Span<const FlagSpec> RunFlags() { return kRunFlags; }

}  // namespace drumfire
