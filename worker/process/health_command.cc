#include "worker/process/health_command.h"

#include <grpcpp/grpcpp.h>

#include <CLI/CLI.hpp>

#include "absl/strings/str_cat.h"
#include "common/control/keep_grpc.h"
#include "drumfire/v1/control.grpc.pb.h"

namespace drumfire {
namespace {

constexpr double kLongestTimeoutS = 3600;

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  // A worker of this host is reached directly.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

std::string WhatItDoes(const v1::StatusReply& status) {
  if (status.run_id().empty()) return "idle";
  return absl::StrCat("run ", status.run_id(),
                      status.phase().empty() ? "" : absl::StrCat(", phase ", status.phase()));
}

}  // namespace

CLI::App* AddHealthCommand(CLI::App* app, HealthFlags* flags) {
  CLI::App* const health = app->add_subcommand(
      "health", "Check that a worker on this host serves; exit code 0 if it does, 1 if not");
  health->add_option("address", flags->address, "Address given to --health-listen")->required();
  health->add_option("--timeout", flags->timeout_s, "Time limit in seconds")
      ->check(CLI::Range(0.001, kLongestTimeoutS))
      ->capture_default_str();
  return health;
}

absl::StatusOr<v1::StatusReply> AskHealth(const std::string& address, absl::Duration timeout) {
  KeepGrpc();
  const auto stub = v1::Worker::NewStub(MakeChannel(address));
  grpc::ClientContext call;
  call.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  v1::StatusReply reply;
  const grpc::Status status = stub->GetStatus(&call, {}, &reply);
  if (status.ok()) return reply;
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return absl::UnavailableError(absl::StrCat("no answer in ", absl::FormatDuration(timeout)));
  }
  return absl::UnavailableError(absl::StrCat("no worker serves: ", status.error_message()));
}

int RunHealthCommand(const HealthFlags& flags, std::ostream& out, std::ostream& err) {
  const auto status = AskHealth(flags.address, absl::Seconds(flags.timeout_s));
  if (!status.ok()) {
    err << "drumfire-worker: health " << flags.address << ": " << status.status().message() << "\n";
    return 1;
  }
  out << "serves, version " << status->version() << ", " << WhatItDoes(*status) << "\n";
  return 0;
}

}  // namespace drumfire
