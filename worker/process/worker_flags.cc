#include "worker/process/worker_flags.h"

#include <CLI/CLI.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/status/status_macros.h"

namespace drumfire {
namespace {

// ZeroMQ's endpoint beside the control address: any port of the same host, or a socket file beside
// the Unix one.
std::string RecordsEndpoint(const WorkerFlags& flags) {
  if (!flags.records.empty()) return flags.records;
  absl::string_view listen = flags.listen;
  if (absl::ConsumePrefix(&listen, "unix:")) return absl::StrCat("ipc://", listen, ".records");
  return absl::StrCat("tcp://", listen.substr(0, listen.rfind(':')), ":*");
}

// Whoever reaches a worker without credentials can make it send load anywhere.
absl::Status CheckExposure(const WorkerFlags& flags, const FleetCredentials& credentials) {
  if (credentials.has_tls() || credentials.has_token()) return absl::OkStatus();
  if (flags.insecure_fleet || IsLocalAddress(flags.listen)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "--listen ", flags.listen,
      " can be reached by other hosts and requires --tls-cert, --tls-key and --tls-ca, or "
      "--fleet-token-file, or --insecure-fleet"));
}

// Whoever asks there shows no credentials.
absl::Status CheckHealthListen(const std::string& address) {
  if (address.empty() || IsLocalAddress(address)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("--health-listen ", address,
                   " may be reachable by other hosts; use a loopback address or unix:/path"));
}

}  // namespace

void AddWorkerFlags(CLI::App* app, WorkerFlags* flags) {
  app->add_option("--listen", flags->listen,
                  "host:port (port 0 = any free port) or unix:/path; required");
  app->add_option("--records", flags->records,
                  "ZeroMQ endpoint to bind for records, for example tcp://0.0.0.0:5557");
  app->add_option("--health-listen", flags->health_listen,
                  "Address for `drumfire-worker health`, without credentials: loopback or "
                  "unix:/path, for example 127.0.0.1:7071");
  app->add_flag("--once", flags->once,
                "Serve one run, then exit; also exit when the parent process exits");
  app->add_option("--parent", flags->parent,
                  "Process id of the worker's parent; exit when it does, also between runs");
  app->add_option("--tls-cert", flags->credentials.tls_cert,
                  "PEM file of this worker's certificate; coordinators must present one too");
  app->add_option("--tls-key", flags->credentials.tls_key, "PEM file of its private key");
  app->add_option(
      "--tls-ca", flags->credentials.tls_ca,
      "PEM file of the certificate authorities trusted to sign coordinators' certificates");
  app->add_option("--fleet-token-file", flags->credentials.token,
                  "File with a token that coordinators must present");
  app->add_flag("--insecure-fleet", flags->insecure_fleet,
                "Listen without credentials, for anyone who can reach --listen");
}

absl::StatusOr<WorkerServerOptions> ReadWorkerOptions(const WorkerFlags& flags,
                                                      const FileReader& read, absl::Time now) {
  if (flags.listen.empty()) return absl::InvalidArgumentError("--listen is required");
  DRUMFIRE_RETURN_IF_ERROR(CheckHealthListen(flags.health_listen));
  DRUMFIRE_ASSIGN_OR_RETURN(auto credentials, ReadFleetCredentials(flags.credentials, read, now));
  DRUMFIRE_RETURN_IF_ERROR(CheckExposure(flags, credentials));
  WorkerServerOptions options;
  options.listen = flags.listen;
  options.credentials = std::move(credentials);
  options.records_bind = RecordsEndpoint(flags);
  // A coordinator's own worker shares its terminal.
  options.log_runs = flags.parent == 0;
  return options;
}

}  // namespace drumfire
