#include "coordinator/cli/fleet_certs.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/credentials/certificate_authority.h"
#include "common/files/new_file.h"
#include "coordinator/cli/flag_values.h"
#include "coordinator/cli/numbers.h"
#include "coordinator/fleet/host_range.h"

namespace drumfire {
namespace {

constexpr uint64_t kDefaultDays = 30;
constexpr uint64_t kMostDays = 3650;
constexpr size_t kMostHosts = 10'000;
constexpr mode_t kForAll = 0644;
constexpr mode_t kForOwner = 0600;
// Hosts whose clocks are a little behind take the certificates at once, too.
constexpr absl::Duration kClockSlack = absl::Hours(1);

struct Request {
  std::string folder;
  std::vector<std::string> hosts;
  uint64_t days = kDefaultDays;
};

struct NewFile {
  std::string name;
  std::string bytes;
  mode_t mode;
};

absl::Status AddHost(const std::string& host, std::vector<std::string>* hosts) {
  if (!IsCertificateHost(host)) {
    return FlagError("--hosts", Quoted(host),
                     "names or IP addresses of workers, without ports; a wildcard as in "
                     "*.workers.load.svc");
  }
  if (hosts->size() == kMostHosts) {
    return FlagError("--hosts", absl::StrCat("more than ", kMostHosts, " hosts"), "fewer");
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
    if (absl::Status added = AddHost(host, hosts); !added.ok()) return added;
  }
  return absl::OkStatus();
}

absl::Status ReadHosts(const std::string& text, std::vector<std::string>* hosts) {
  for (const absl::string_view word : SplitHosts(text)) {
    absl::Status added =
        absl::StrContains(word, '[') ? AddRange(word, hosts) : AddHost(std::string(word), hosts);
    if (!added.ok()) return added;
  }
  return absl::OkStatus();
}

absl::Status ReadDays(const std::string& text, uint64_t* days) {
  const std::optional<uint64_t> given = ParseWhole(text);
  if (!given || *given < 1 || *given > kMostDays) {
    return FlagError("--days", Quoted(text), absl::StrCat("a whole number from 1 to ", kMostDays));
  }
  *days = *given;
  return absl::OkStatus();
}

absl::StatusOr<Request> Parse(const std::vector<std::string>& arguments) {
  Request request;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--hosts" || argument == "--days") {
      if (++i == arguments.size()) return FlagError(argument, "nothing after it", "a value");
      absl::Status read = argument == "--hosts" ? ReadHosts(arguments[i], &request.hosts)
                                                : ReadDays(arguments[i], &request.days);
      if (!read.ok()) return read;
    } else if (absl::StartsWith(argument, "-") || !request.folder.empty()) {
      return FlagError("fleet certs", Quoted(argument), "one folder, --hosts and --days only");
    } else {
      request.folder = argument;
    }
  }
  if (request.folder.empty()) return FlagError("fleet certs", "no folder", "a folder to fill");
  if (request.hosts.empty()) return FlagError("--hosts", "none", "the workers' hosts");
  return request;
}

absl::StatusOr<std::vector<NewFile>> MakeFiles(const Request& request) {
  const absl::Time now = absl::Now();
  const Validity validity{now - kClockSlack,
                          now + absl::Hours(24 * static_cast<int64_t>(request.days))};
  const auto authority = CertificateAuthority::Create("Drumfire test fleet", validity);
  if (!authority.ok()) return authority.status();
  const auto coordinator = authority->Issue("coordinator", CertificateUse::kClient, {}, validity);
  if (!coordinator.ok()) return coordinator.status();
  const auto worker = authority->Issue("worker", CertificateUse::kServer, request.hosts, validity);
  if (!worker.ok()) return worker.status();
  return std::vector<NewFile>{{"ca.pem", authority->pem(), kForAll},
                              {"coordinator.pem", coordinator->certificate_pem, kForAll},
                              {"coordinator-key.pem", coordinator->key_pem, kForOwner},
                              {"worker.pem", worker->certificate_pem, kForAll},
                              {"worker-key.pem", worker->key_pem, kForOwner}};
}

absl::Status Write(const std::string& folder, const std::vector<NewFile>& files) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return FlagError("fleet certs", absl::StrCat(Quoted(folder), " (", error.message(), ")"),
                     "a folder that can be made");
  }
  for (const NewFile& file : files) {
    const std::string path = absl::StrCat(folder, "/", file.name);
    if (std::filesystem::symlink_status(path, error).type() ==
        std::filesystem::file_type::not_found) {
      continue;
    }
    return FlagError("fleet certs", absl::StrCat(path, " already there"), "a folder without it");
  }
  for (const NewFile& file : files) {
    absl::Status written =
        WriteNewFile(absl::StrCat(folder, "/", file.name), file.bytes, file.mode);
    if (!written.ok()) return FlagError("fleet certs", written.message(), "room for it");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<int> FleetCertsCommand(const std::vector<std::string>& arguments,
                                      const ProfileInputs&, std::ostream& out) {
  const absl::StatusOr<Request> request = Parse(arguments);
  if (!request.ok()) return request.status();
  const auto files = MakeFiles(*request);
  if (!files.ok()) return files.status();
  if (absl::Status written = Write(request->folder, *files); !written.ok()) return written;
  const std::string& folder = request->folder;
  out << "Certificates for " << request->days << " days are in " << folder << ":\n"
      << "  drumfire-worker --listen HOST:PORT --tls-cert " << folder << "/worker.pem --tls-key "
      << folder << "/worker-key.pem --tls-ca " << folder << "/ca.pem\n"
      << "  drumfire profile --workers HOST:PORT,... --tls-cert " << folder
      << "/coordinator.pem --tls-key " << folder << "/coordinator-key.pem --tls-ca " << folder
      << "/ca.pem ...\n";
  return 0;
}

}  // namespace drumfire
