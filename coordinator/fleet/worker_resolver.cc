#include "coordinator/fleet/worker_resolver.h"

#include <arpa/inet.h>

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status/status_macros.h"
#include "coordinator/fleet/host_range.h"

namespace drumfire {
namespace {

constexpr absl::Duration kFirstPause = absl::Milliseconds(100);
constexpr absl::Duration kLongestPause = absl::Seconds(1);

// Sorts addresses as numbers, IPv4 first, and others by their text.
std::pair<int, std::string> SortKey(const std::string& address) {
  char bytes[sizeof(in6_addr)];
  if (inet_pton(AF_INET, address.c_str(), bytes) == 1) return {4, {bytes, sizeof(in_addr)}};
  if (inet_pton(AF_INET6, address.c_str(), bytes) == 1) return {6, {bytes, sizeof(in6_addr)}};
  return {7, address};
}

std::vector<std::string> Sorted(std::vector<std::string> addresses) {
  std::sort(addresses.begin(), addresses.end(),
            [](const std::string& a, const std::string& b) { return SortKey(a) < SortKey(b); });
  addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  return addresses;
}

std::string WithPort(const std::string& host, uint32_t port) {
  return absl::StrContains(host, ':') ? absl::StrCat("[", host, "]:", port)
                                      : absl::StrCat(host, ":", port);
}

// For the last look, so that it is one like the others.
constexpr absl::Duration kLookUpGrace = absl::Seconds(1);

// The time that is left for names.
class Patience {
 public:
  Patience(absl::Duration patience, const Clock& clock)
      : clock_(clock), deadline_ns_(clock.MonotonicNs() + absl::ToInt64Nanoseconds(patience)) {}
  absl::Duration Left() const { return AtLeastZero(Until()); }
  absl::Duration ForLookUp() const { return AtLeastZero(Until() + kLookUpGrace); }

 private:
  static absl::Duration AtLeastZero(absl::Duration time) {
    return std::max(time, absl::ZeroDuration());
  }
  absl::Duration Until() const { return absl::Nanoseconds(deadline_ns_ - clock_.MonotonicNs()); }

  const Clock& clock_;
  const int64_t deadline_ns_;
};

// One look at all names.
class Resolution {
 public:
  Resolution(WorkerNames* names, const Patience& patience) : names_(names), patience_(&patience) {}

  absl::Status Add(const WorkerSource& source) {
    switch (source.kind) {
      case WorkerSource::Kind::kDnsName:
        return AddDnsName(source);
      case WorkerSource::Kind::kSlurmJob:
        return AddSlurmJob(source);
      default:
        return AddWorker({source.text, ""});
    }
  }

  std::vector<WorkerAddress>& workers() { return workers_; }
  // The addresses found, as text.
  std::string answers() const { return absl::StrJoin(answers_, "; "); }
  bool is_silent() const { return is_silent_; }

 private:
  absl::Status AddDnsName(const WorkerSource& source) {
    const auto addresses = names_->AddressesOf(source.text, patience_->ForLookUp());
    if (!addresses.ok() || addresses->empty()) {
      is_silent_ = true;
      const absl::string_view why = addresses.ok() ? "" : addresses.status().message();
      answers_.push_back(absl::StrCat("no address for ", ToString(source),
                                      why.empty() ? "" : absl::StrCat(" (", why, ")")));
      return absl::OkStatus();
    }
    const auto sorted = Sorted(*addresses);
    answers_.push_back(absl::StrCat(ToString(source), " has ", absl::StrJoin(sorted, ", ")));
    for (const std::string& address : sorted) {
      DRUMFIRE_RETURN_IF_ERROR(AddWorker({WithPort(address, source.port), source.text}));
    }
    return absl::OkStatus();
  }

  absl::Status AddSlurmJob(const WorkerSource& source) {
    auto nodes = names_->Variable("SLURM_JOB_NODELIST");
    if (!nodes.has_value()) nodes = names_->Variable("SLURM_NODELIST");
    if (!nodes.has_value()) {
      return WorkerListError("slurm: without SLURM_JOB_NODELIST in the environment",
                             "a command inside of a Slurm job");
    }
    const auto parts = SplitHosts(*nodes);
    if (parts.empty()) return WorkerListError("no node in SLURM_JOB_NODELIST", "at least one");
    for (absl::string_view part : parts) {
      const auto hosts = ExpandHosts(part, kMaxWorkers);
      if (!hosts.ok()) {
        return WorkerListError(
            absl::StrCat("a Slurm node list that cannot be read (", hosts.status().message(), ")"),
            "one like gpu[01-03,07],login1");
      }
      for (const std::string& host : *hosts) {
        DRUMFIRE_RETURN_IF_ERROR(AddWorker({WithPort(host, source.port), ""}));
      }
    }
    return absl::OkStatus();
  }

  absl::Status AddWorker(WorkerAddress worker) {
    if (workers_.size() >= kMaxWorkers) {
      return WorkerListError("more workers", absl::StrCat("at most ", kMaxWorkers));
    }
    if (!seen_.insert(worker.dial).second) {
      return WorkerListError(absl::StrCat("\"", worker.dial, "\" twice"), "each worker once");
    }
    workers_.push_back(std::move(worker));
    return absl::OkStatus();
  }

  WorkerNames* const names_;
  const Patience* const patience_;
  std::vector<WorkerAddress> workers_;
  std::set<std::string> seen_;
  std::vector<std::string> answers_;
  bool is_silent_ = false;
};

bool HasNames(const WorkerList& list) {
  return std::any_of(list.begin(), list.end(), [](const WorkerSource& source) {
    return source.kind == WorkerSource::Kind::kDnsName;
  });
}

absl::StatusOr<Resolution> LookOnce(const WorkerList& list, WorkerNames* names,
                                    const Patience& patience) {
  Resolution resolution(names, patience);
  for (const WorkerSource& source : list) {
    DRUMFIRE_RETURN_IF_ERROR(resolution.Add(source));
  }
  return resolution;
}

absl::StatusOr<std::vector<WorkerAddress>> TakeAsTheyAre(Resolution resolution) {
  if (resolution.is_silent()) {
    return WorkerListError(resolution.answers(), "at least one (--worker-count N waits for it)");
  }
  return std::move(resolution.workers());
}

absl::Status WrongNumber(Resolution resolution, const ResolveOptions& options, bool waited) {
  const std::string answers = resolution.answers();
  return WorkerListError(
      absl::StrCat(resolution.workers().size(), " workers",
                   answers.empty() ? "" : absl::StrCat(" (", answers, ")")),
      absl::StrCat(
          options.worker_count, " as --worker-count says",
          waited ? absl::StrCat(", within ", absl::FormatDuration(options.patience)) : ""));
}

}  // namespace

absl::StatusOr<std::vector<WorkerAddress>> ResolveWorkers(const WorkerList& list,
                                                          const ResolveOptions& options,
                                                          WorkerNames* names, const Clock& clock) {
  const Patience patience(options.patience, clock);
  for (absl::Duration pause = kFirstPause;; pause = std::min(2 * pause, kLongestPause)) {
    DRUMFIRE_ASSIGN_OR_RETURN(Resolution resolution, LookOnce(list, names, patience));
    if (options.worker_count == 0) return TakeAsTheyAre(std::move(resolution));
    const bool all_answered = !resolution.is_silent();
    if (all_answered && resolution.workers().size() == options.worker_count) {
      return std::move(resolution.workers());
    }
    if (options.stop()) return absl::CancelledError("stopped before the start");
    const absl::Duration left = patience.Left();
    if (!HasNames(list)) return WrongNumber(std::move(resolution), options, false);
    if (left == absl::ZeroDuration()) return WrongNumber(std::move(resolution), options, true);
    // Between half of the pause and all of it, so that many coordinators do not ask in step.
    names->Sleep(std::min(left, pause * (0.5 + 0.5 * names->Draw())));
  }
}

}  // namespace drumfire
