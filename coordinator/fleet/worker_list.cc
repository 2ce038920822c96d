#include "coordinator/fleet/worker_list.h"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status/status_macros.h"
#include "coordinator/fleet/host_range.h"

namespace drumfire {
namespace {

constexpr char kForms[] = "HOST:PORT, dns:///NAME:PORT, slurm:PORT, @FILE or unix:PATH";
constexpr size_t kLongestQuote = 80;
constexpr size_t kLongestPath = 107;  // of a Unix socket
constexpr uint32_t kHighestPort = 65535;

// Quoted, on one line.
std::string Quoted(absl::string_view text) {
  const bool is_long = text.size() > kLongestQuote;
  return absl::StrCat("\"", absl::CEscape(text.substr(0, kLongestQuote)), is_long ? "...\"" : "\"");
}

std::optional<uint32_t> ReadPort(absl::string_view text) {
  uint32_t port = 0;
  const bool is_number = !text.empty() && text.size() <= 5 &&
                         std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
  if (!is_number || !absl::SimpleAtoi(text, &port) || port < 1 || port > kHighestPort) {
    return std::nullopt;
  }
  return port;
}

bool IsNumericV6(absl::string_view host) {
  if (!absl::ConsumePrefix(&host, "[") || !absl::ConsumeSuffix(&host, "]")) return false;
  in6_addr ignored{};
  const absl::string_view scope = host.substr(std::min(host.size(), host.find('%')));
  const bool is_plain = std::all_of(scope.begin(), scope.end(), absl::ascii_isgraph);
  const std::string number(host.substr(0, host.size() - scope.size()));
  return is_plain && inet_pton(AF_INET6, number.c_str(), &ignored) == 1;
}

// Reads the words of one place: the flag, or a line of a file.
class WordReader {
 public:
  // where: empty, or "FILE:LINE: ". list is not owned.
  WordReader(std::string where, WorkerList* list) : where_(std::move(where)), list_(list) {}

  absl::Status Read(absl::string_view word) {
    absl::string_view rest = word;
    if (absl::StartsWith(word, "unix:")) return ReadUnixSocket(word);
    if (absl::ConsumePrefix(&rest, "slurm:")) return ReadSlurm(word, rest);
    if (absl::ConsumePrefix(&rest, "dns:")) return ReadDnsName(word, rest);
    return ReadHosts(word);
  }

  absl::Status Error(absl::string_view found, absl::string_view expected) const {
    return absl::InvalidArgumentError(
        absl::StrCat("--workers: ", where_, "found ", found, ", expected ", expected));
  }

 private:
  absl::Status ReadUnixSocket(absl::string_view word) {
    const size_t path_bytes = word.size() - absl::string_view("unix:").size();
    if (path_bytes == 0 || path_bytes > kLongestPath) {
      return Error(Quoted(word), absl::StrCat("a path of 1 to ", kLongestPath, " bytes"));
    }
    return Add({WorkerSource::Kind::kAddress, std::string(word)});
  }

  absl::Status ReadSlurm(absl::string_view word, absl::string_view port_text) {
    const std::optional<uint32_t> port = ReadPort(port_text);
    if (!port) return Error(Quoted(word), "slurm:PORT");
    return Add({WorkerSource::Kind::kSlurmJob, "", *port});
  }

  absl::Status ReadDnsName(absl::string_view word, absl::string_view rest) {
    const bool has_slashes = absl::ConsumePrefix(&rest, "///");
    const size_t colon = rest.rfind(':');
    const absl::string_view name = rest.substr(0, colon);
    const auto port = colon == rest.npos ? std::nullopt : ReadPort(rest.substr(colon + 1));
    if (!has_slashes || !port || absl::StrContains(name, '[') || !ExpandHosts(name, 1).ok()) {
      return Error(Quoted(word), "dns:///NAME:PORT");
    }
    return Add({WorkerSource::Kind::kDnsName, std::string(name), *port});
  }

  absl::Status ReadHosts(absl::string_view word) {
    const size_t colon = word.rfind(':');
    const absl::string_view host = word.substr(0, colon);
    const auto port = colon == word.npos ? std::nullopt : ReadPort(word.substr(colon + 1));
    if (!port) return Error(Quoted(word), kForms);
    if (IsNumericV6(host)) return Add({WorkerSource::Kind::kAddress, std::string(word)});
    if (absl::StrContains(host, ':')) {
      return Error(Quoted(word), "an IPv6 address in brackets, [::1]:PORT");
    }
    const auto hosts = ExpandHosts(host, kMaxWorkers);
    if (!hosts.ok())
      return Error(absl::StrCat(Quoted(word), " (", hosts.status().message(), ")"), kForms);
    for (const std::string& name : *hosts) {
      DRUMFIRE_RETURN_IF_ERROR(
          Add({WorkerSource::Kind::kAddress, absl::StrCat(name, word.substr(colon))}));
    }
    return absl::OkStatus();
  }

  absl::Status Add(WorkerSource source) {
    if (list_->size() >= kMaxWorkers) {
      return Error("more workers", absl::StrCat("at most ", kMaxWorkers));
    }
    list_->push_back(std::move(source));
    return absl::OkStatus();
  }

  const std::string where_;
  WorkerList* const list_;
};

absl::Status ReadFileWord(const std::string& path, const ReadWorkerFile& read_file,
                          WorkerList* list) {
  if (path.empty()) return WorkerListError("\"@\"", "a file's name behind it");
  const absl::StatusOr<std::string> text = read_file(path);
  if (!text.ok()) return WorkerListError(text.status().message(), "a list of workers");
  size_t number = 0;
  for (absl::string_view line : absl::StrSplit(*text, '\n')) {
    ++number;
    const auto words = SplitHosts(line.substr(0, line.find('#')));
    WordReader reader(absl::StrCat(absl::CHexEscape(path), ":", number, ": "), list);
    if (words.size() > 1) return reader.Error(absl::StrCat(words.size(), " words"), "one per line");
    if (words.empty()) continue;
    if (absl::StartsWith(words[0], "@")) {
      return reader.Error(Quoted(words[0]), "no file named in a file");
    }
    DRUMFIRE_RETURN_IF_ERROR(reader.Read(words[0]));
  }
  return absl::OkStatus();
}

absl::Status CheckListedOnce(const WorkerList& list) {
  std::set<std::string> seen;
  for (const WorkerSource& source : list) {
    if (seen.insert(ToString(source)).second) continue;
    return WorkerListError(absl::StrCat(Quoted(ToString(source)), " twice"), "each worker once");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status WorkerListError(absl::string_view found, absl::string_view expected) {
  return absl::InvalidArgumentError(
      absl::StrCat("--workers: found ", found, ", expected ", expected));
}

std::string ToString(const WorkerSource& source) {
  switch (source.kind) {
    case WorkerSource::Kind::kDnsName:
      return absl::StrCat("dns:///", source.text, ":", source.port);
    case WorkerSource::Kind::kSlurmJob:
      return absl::StrCat("slurm:", source.port);
    default:
      return source.text;
  }
}

absl::StatusOr<WorkerList> ParseWorkerList(absl::Span<const std::string> values,
                                           const ReadWorkerFile& read_file) {
  WorkerList list;
  for (const std::string& value : values) {
    for (absl::string_view word : SplitHosts(value)) {
      absl::string_view path = word;
      DRUMFIRE_RETURN_IF_ERROR(absl::ConsumePrefix(&path, "@")
                                   ? ReadFileWord(std::string(path), read_file, &list)
                                   : WordReader("", &list).Read(word));
    }
  }
  if (list.empty()) return WorkerListError("none", kForms);
  DRUMFIRE_RETURN_IF_ERROR(CheckListedOnce(list));
  return list;
}

}  // namespace drumfire
