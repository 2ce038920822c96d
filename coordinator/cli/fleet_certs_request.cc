#include "coordinator/cli/fleet_certs_request.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/credentials/certificate_authority.h"
#include "common/status/status_macros.h"
#include "coordinator/cli/flag_values.h"
#include "coordinator/cli/numbers.h"
#include "coordinator/fleet/host_range.h"

namespace drumfire {
namespace {

constexpr uint64_t kMostDays = 3650;
constexpr size_t kMostHosts = 10'000;

absl::Status AddHost(const std::string& host, std::vector<std::string>* hosts) {
  if (!IsCertificateHost(host)) {
    return FlagError("--hosts", Quoted(host),
                     "names or IP addresses of workers, without ports; a wildcard as in "
                     "*.workers.load.svc");
  }
  if (hosts->size() == kMostHosts) {
    return UsageError("--hosts", absl::StrCat("names more than ", kMostHosts, " hosts"));
  }
  hosts->push_back(host);
  return absl::OkStatus();
}

absl::Status AddRange(absl::string_view range, std::vector<std::string>* hosts) {
  const auto names = ExpandHosts(range, kMostHosts);
  if (!names.ok()) {
    return FlagError("--hosts", absl::StrCat(Quoted(range), ": ", names.status().message()),
                     "names of workers, such as node[01-04]");
  }
  for (const std::string& host : *names) {
    DRUMFIRE_RETURN_IF_ERROR(AddHost(host, hosts));
  }
  return absl::OkStatus();
}

absl::Status ReadHosts(const std::string& text, std::vector<std::string>* hosts) {
  for (const absl::string_view word : SplitHosts(text)) {
    DRUMFIRE_RETURN_IF_ERROR(absl::StrContains(word, '[') ? AddRange(word, hosts)
                                                          : AddHost(std::string(word), hosts));
  }
  return absl::OkStatus();
}

absl::Status ReadDays(const std::string& text, std::optional<uint64_t>* days) {
  const std::optional<uint64_t> given = ParseWhole(text);
  if (!given || *given < 1 || *given > kMostDays) {
    return FlagError("--days", Quoted(text), absl::StrCat("a whole number from 1 to ", kMostDays));
  }
  *days = *given;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CertsRequest> ParseCertsRequest(const std::vector<std::string>& arguments) {
  CertsRequest request;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--renew") {
      request.renew = true;
    } else if (argument == "--hosts" || argument == "--days") {
      if (++i == arguments.size()) return ValueMissing(argument);
      DRUMFIRE_RETURN_IF_ERROR(argument == "--hosts" ? ReadHosts(arguments[i], &request.hosts)
                                                     : ReadDays(arguments[i], &request.days));
    } else if (absl::StartsWith(argument, "-") || !request.folder.empty()) {
      return FlagError("fleet certs", Quoted(argument),
                       "one directory, --hosts, --days and --renew");
    } else {
      request.folder = argument;
    }
  }
  if (request.folder.empty()) return UsageError("fleet certs", "requires a directory to write to");
  if (request.hosts.empty() && !request.renew)
    return UsageError("fleet certs", "requires --hosts with the workers' hosts");
  return request;
}

}  // namespace drumfire
