#include "coordinator/cli/fleet_certs.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "common/credentials/certificate_authority.h"
#include "common/credentials/credential_files.h"
#include "common/files/new_file.h"
#include "common/files/read_file.h"
#include "common/status/status_macros.h"
#include "coordinator/cli/flag_values.h"
#include "coordinator/cli/fleet_certs_request.h"

namespace drumfire {
namespace {

constexpr int64_t kDefaultDays = 30;
// It outlives many sets of certificates: to change it takes more steps than to renew them.
constexpr int64_t kAuthorityDays = 3 * 365;
constexpr mode_t kForAll = 0644;
constexpr mode_t kForOwner = 0600;
// Hosts whose clocks are a little behind take the certificates at once, too.
constexpr absl::Duration kClockSlack = absl::Hours(1);

absl::Duration Days(int64_t days) { return absl::Hours(24 * days); }

std::string Date(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone());
}

std::string FilePath(const CertsRequest& request, absl::string_view name) {
  return absl::StrCat(request.folder, "/", name);
}

using Files = std::vector<FileContent>;

// What an authority signs: a certificate and a key for either side.
absl::StatusOr<Files> MakeLeaves(const CertsRequest& request, const CertificateAuthority& authority,
                                 const Validity& validity) {
  const auto coordinator = authority.Issue("coordinator", CertificateUse::kClient, {}, validity);
  if (!coordinator.ok()) return coordinator.status();
  const auto worker = authority.Issue("worker", CertificateUse::kServer, request.hosts, validity);
  if (!worker.ok()) return worker.status();
  return Files{{FilePath(request, "coordinator.pem"), coordinator->certificate_pem, kForAll},
               {FilePath(request, "coordinator-key.pem"), coordinator->key_pem, kForOwner},
               {FilePath(request, "worker.pem"), worker->certificate_pem, kForAll},
               {FilePath(request, "worker-key.pem"), worker->key_pem, kForOwner}};
}

absl::Status WriteNew(const CertsRequest& request, const Files& files) {
  std::error_code error;
  std::filesystem::create_directories(request.folder, error);
  if (error) {
    return UsageError("fleet certs", absl::StrCat("cannot create the directory ",
                                                  Quoted(request.folder), ": ", error.message()));
  }
  for (const FileContent& file : files) {
    if (std::filesystem::symlink_status(file.path, error).type() ==
        std::filesystem::file_type::not_found) {
      continue;
    }
    return UsageError("fleet certs", absl::StrCat("would overwrite ", file.path,
                                                  "; choose another directory or --renew"));
  }
  for (const FileContent& file : files) {
    absl::Status written = WriteNewFile(file.path, file.bytes, file.mode);
    if (!written.ok())
      return UsageError("fleet certs", absl::StrCat("cannot write: ", written.message()));
  }
  return absl::OkStatus();
}

absl::StatusOr<int> MakeFleet(const CertsRequest& request, std::ostream& out) {
  const absl::Time now = absl::Now();
  const int64_t days = static_cast<int64_t>(request.days.value_or(kDefaultDays));
  const Validity validity{now - kClockSlack, now + Days(days)};
  const auto authority = CertificateAuthority::Create(
      "Drumfire test fleet", {validity.from, now + Days(std::max(days, kAuthorityDays))});
  if (!authority.ok()) return authority.status();
  DRUMFIRE_ASSIGN_OR_RETURN(auto files, MakeLeaves(request, *authority, validity));
  files.push_back({FilePath(request, "ca.pem"), authority->pem(), kForAll});
  files.push_back({FilePath(request, "ca-key.pem"), authority->key_pem(), kForOwner});
  DRUMFIRE_RETURN_IF_ERROR(WriteNew(request, files));
  const std::string& folder = request.folder;
  out << "Certificates for " << days << " days are in " << folder << " (authority: until "
      << Date(authority->end()) << "):\n"
      << "  drumfire-worker --listen HOST:PORT --tls-cert " << folder << "/worker.pem --tls-key "
      << folder << "/worker-key.pem --tls-ca " << folder << "/ca.pem\n"
      << "  drumfire profile --workers HOST:PORT,... --tls-cert " << folder
      << "/coordinator.pem --tls-key " << folder << "/coordinator-key.pem --tls-ca " << folder
      << "/ca.pem ...\n"
      << "Whoever has " << folder << "/ca-key.pem can join the fleet: only --renew needs it.\n";
  return 0;
}

absl::StatusOr<std::string> ReadPem(const std::string& path, absl::string_view remedy) {
  auto pem = ReadSmallFile(path, kMaxCredentialFileBytes);
  if (pem.ok()) return pem;
  return UsageError("--renew",
                    absl::StrCat("cannot read a file: ", pem.status().message(), "; ", remedy));
}

absl::StatusOr<CertificateAuthority> LoadAuthority(const CertsRequest& request, absl::Time now) {
  const std::string key_path = FilePath(request, "ca-key.pem");
  DRUMFIRE_ASSIGN_OR_RETURN(
      const auto certificates,
      ReadPem(FilePath(request, "ca.pem"), "give the directory that `drumfire fleet certs` wrote"));
  DRUMFIRE_ASSIGN_OR_RETURN(
      const auto key,
      ReadPem(key_path,
              "without the authority's key, make a new authority (docs/fleet-security.md)"));
  auto authority = CertificateAuthority::Load(certificates, key);
  if (!authority.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--renew: ", key_path, ": ", authority.status().message()));
  }
  if (authority->end() <= now) {
    return UsageError("--renew", absl::StrCat("is not possible: the authority expired on ",
                                              Date(authority->end()),
                                              "; make a new one (docs/fleet-security.md)"));
  }
  return authority;
}

// Values not given by flags are taken from the previous certificate.
absl::Status TakeFromBefore(CertsRequest* request) {
  if (!request->hosts.empty() && request->days.has_value()) return absl::OkStatus();
  DRUMFIRE_ASSIGN_OR_RETURN(
      const auto pem, ReadPem(FilePath(*request, "worker.pem"),
                              "the certificate to renew; without it give --hosts and --days"));
  const std::vector<CertificatePtr> chain = ReadCertificates(pem);
  if (chain.empty()) {
    return UsageError("--renew",
                      absl::StrCat("found no certificate in ", FilePath(*request, "worker.pem"),
                                   "; give --hosts and --days"));
  }
  X509* const before = chain.front().get();
  if (request->hosts.empty()) request->hosts = HostsOf(before);
  if (request->hosts.empty())
    return UsageError("fleet certs", "requires --hosts with the workers' hosts");
  const absl::Duration length = EndOf(before) - StartOf(before) - kClockSlack;
  if (!request->days) request->days = std::max<int64_t>(1, (length + absl::Hours(12)) / Days(1));
  return absl::OkStatus();
}

absl::StatusOr<int> RenewFleet(CertsRequest request, std::ostream& out) {
  const absl::Time now = absl::Now();
  const auto authority = LoadAuthority(request, now);
  if (!authority.ok()) return authority.status();
  DRUMFIRE_RETURN_IF_ERROR(TakeFromBefore(&request));
  const absl::Time wanted = now + Days(static_cast<int64_t>(*request.days));
  const absl::Time end = std::min(wanted, authority->end());
  DRUMFIRE_ASSIGN_OR_RETURN(const auto files,
                            MakeLeaves(request, *authority, {now - kClockSlack, end}));
  if (absl::Status replaced = ReplaceFiles(files); !replaced.ok()) {
    return UsageError("--renew", absl::StrCat("cannot replace a file: ", replaced.message()));
  }
  out << "Renewed in " << request.folder << " until " << Date(end)
      << ", under the same authority (until " << Date(authority->end()) << "):\n"
      << "  worker.pem, worker-key.pem for " << absl::StrJoin(request.hosts, ",") << "\n"
      << "  coordinator.pem, coordinator-key.pem\n";
  if (end < wanted) out << "They end with the authority: it is time for a new one.\n";
  out << "Order of a rotation: docs/fleet-security.md\n";
  return 0;
}

}  // namespace

absl::StatusOr<int> FleetCertsCommand(const std::vector<std::string>& arguments,
                                      const ProfileInputs&, std::ostream& out) {
  DRUMFIRE_ASSIGN_OR_RETURN(const CertsRequest request, ParseCertsRequest(arguments));
  return request.renew ? RenewFleet(request, out) : MakeFleet(request, out);
}

}  // namespace drumfire
