#include "coordinator/cli/fleet_flags.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "common/status/status_macros.h"
#include "coordinator/cli/credential_flags.h"
#include "coordinator/cli/flag_reader.h"
#include "coordinator/cli/flag_values.h"
#include "coordinator/cli/worker_flags.h"

namespace drumfire {
namespace {

constexpr int64_t kDefaultTimeoutNs = 5 * kNsPerSecond;
constexpr absl::string_view kFleetFlagTable[] = {"--workers",         "--worker-count", "--timeout",
                                                 "--tls-cert",        "--tls-key",      "--tls-ca",
                                                 "--fleet-token-file"};

using GivenFlags = std::map<std::string, GivenFlag>;  // by primary name

std::string PrimaryOf(const std::string& name) {
  return name == "--expect-workers" ? "--worker-count" : name;
}

bool IsFlag(absl::string_view word) { return absl::StartsWith(word, "--"); }

// Takes the flag at *next with its values: --flag=VALUE, or all words up to the next flag.
absl::Status TakeFlag(const std::string& command, const std::vector<std::string>& arguments,
                      size_t* next, GivenFlags* flags) {
  const std::string& word = arguments[(*next)++];
  const size_t equals = word.find('=');
  const std::string spelled = word.substr(0, equals);
  const std::string name = PrimaryOf(spelled);
  if (std::find(std::begin(kFleetFlagTable), std::end(kFleetFlagTable), name) ==
      std::end(kFleetFlagTable)) {
    return FlagError(absl::StrCat("fleet ", command), Quoted(word), kFleetFlagsUsage);
  }
  GivenFlag& given = flags->try_emplace(name, GivenFlag{spelled, {}}).first->second;
  const size_t before = given.values.size();
  if (equals != word.npos) given.values.push_back(word.substr(equals + 1));
  const bool is_list = name == "--workers";
  while (equals == word.npos && *next < arguments.size() && !IsFlag(arguments[*next]) &&
         (is_list || given.values.size() == before)) {
    given.values.push_back(arguments[(*next)++]);
  }
  if (given.values.size() == before) return ValueMissing(spelled);
  if (!is_list && before > 0) return TooManyValues(spelled, 2);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FleetQuestion> ParseFleetFlags(const std::string& command,
                                              const std::vector<std::string>& arguments,
                                              const ProfileInputs& inputs) {
  GivenFlags given;
  for (size_t next = 0; next < arguments.size();) {
    DRUMFIRE_RETURN_IF_ERROR(TakeFlag(command, arguments, &next, &given));
  }
  FlagValues values;
  for (auto& [name, flag] : given) values.Add(name, std::move(flag));
  if (!values.Has("--workers"))
    return UsageError(absl::StrCat("fleet ", command), "requires --workers");
  FlagReader flags(values);
  FleetQuestion question;
  question.list = ReadWorkerFlags(&flags, inputs);
  question.worker_count = ReadWorkerCount(&flags);
  question.timeout =
      absl::Nanoseconds(flags.TimeNs("--timeout", kNsPerSecond, kNsPerMs, kDefaultTimeoutNs));
  question.credentials = ReadCredentialFlags(&flags, inputs);
  if (!flags.status().ok()) return flags.status();
  return question;
}

}  // namespace drumfire
