#include "coordinator/cli/certificate_ends.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/control/printable.h"
#include "common/credentials/x509.h"

namespace drumfire {
namespace {

constexpr size_t kLongestAddress = 80;
constexpr char kWhatToDo[] = ": renew, `drumfire fleet certs --renew` or docs/fleet-security.md";

std::string InText(absl::Duration left) {
  const int64_t hours = std::max<int64_t>(0, absl::ToInt64Hours(left));
  const int64_t days = hours < 24 ? 0 : (hours + 12) / 24;
  const int64_t count = days > 0 ? days : hours;
  return absl::StrCat("in ", count, days > 0 ? " day" : " hour", count == 1 ? "" : "s");
}

bool EndsSoon(absl::Time end, absl::Time now) { return end - now < kEndsSoon; }

void Warn(absl::string_view whose, absl::Time end, absl::Time now,
          std::vector<std::string>* warnings) {
  if (!EndsSoon(end, now)) return;
  warnings->push_back(absl::StrCat("warning: ", whose, " ends ", InText(end - now), kWhatToDo));
}

void WarnOfWorkers(const std::vector<WorkerStatus>& workers, absl::Time now,
                   std::vector<std::string>* warnings) {
  const WorkerStatus* first = nullptr;
  size_t count = 0;
  for (const WorkerStatus& worker : workers) {
    if (!worker.certificate_end || !EndsSoon(*worker.certificate_end, now)) continue;
    ++count;
    if (first == nullptr || *worker.certificate_end < *first->certificate_end) first = &worker;
  }
  if (first == nullptr) return;
  std::string whose =
      absl::StrCat("the certificate of worker ", Printable(first->address.dial, kLongestAddress));
  if (count > 1) absl::StrAppend(&whose, ", the first of ", count, " that end soon,");
  Warn(whose, *first->certificate_end, now, warnings);
}

}  // namespace

OwnCertificates ReadOwnCertificates(const TlsIdentity& tls, absl::Time now) {
  OwnCertificates own;
  own.now = now;
  const std::vector<CertificatePtr> chain = ReadCertificates(tls.certificate);
  if (!chain.empty()) own.certificate_end = EndOf(chain.front().get());
  for (const CertificatePtr& authority : ReadCertificates(tls.ca)) {
    own.authority_ends.push_back(EndOf(authority.get()));
  }
  return own;
}

std::string EndText(absl::Time end, absl::Time now) {
  return absl::StrCat(absl::FormatTime("%Y-%m-%d", end, absl::UTCTimeZone()), ", ",
                      InText(end - now));
}

std::string OwnEndsLine(const OwnCertificates& own) {
  if (!own.certificate_end) return "";
  std::vector<std::string> parts = {
      absl::StrCat("coordinator ", EndText(*own.certificate_end, own.now))};
  for (const absl::Time end : own.authority_ends) {
    parts.push_back(absl::StrCat("authority ", EndText(end, own.now)));
  }
  return absl::StrCat("Certificates until: ", absl::StrJoin(parts, "; "));
}

std::vector<std::string> EndWarnings(const std::vector<WorkerStatus>& workers,
                                     const OwnCertificates& own) {
  std::vector<std::string> warnings;
  WarnOfWorkers(workers, own.now, &warnings);
  if (own.certificate_end) {
    Warn("the coordinator's certificate", *own.certificate_end, own.now, &warnings);
  }
  for (const absl::Time end : own.authority_ends) {
    Warn("an authority of --tls-ca", end, own.now, &warnings);
  }
  return warnings;
}

}  // namespace drumfire
