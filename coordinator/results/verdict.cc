#include "coordinator/results/verdict.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace drumfire {
namespace {

using namespace verdict_bounds;

constexpr size_t kNamedProblems = 3;

double Share(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string FirstOf(const std::vector<std::string>& problems) {
  const size_t shown = std::min(problems.size(), kNamedProblems);
  const std::string text = absl::StrJoin(problems.begin(), problems.begin() + shown, "; ");
  return shown == problems.size() ? text
                                  : absl::StrCat(text, " and ", problems.size() - shown, " more");
}

class Judgement {
 public:
  void Add(VerdictStatus level, Fault fault, absl::string_view check, double figure, double bound,
           std::string text, std::string cure = "") {
    reasons_.push_back(
        {level, fault, std::string(check), figure, bound, std::move(text), std::move(cure)});
  }
  Verdict Finish() {
    std::stable_sort(
        reasons_.begin(), reasons_.end(),
        [](const VerdictReason& a, const VerdictReason& b) { return a.level > b.level; });
    Verdict verdict;
    if (!reasons_.empty()) verdict.status = reasons_.front().level;
    verdict.reasons = std::move(reasons_);
    return verdict;
  }

 private:
  std::vector<VerdictReason> reasons_;
};

constexpr VerdictStatus kInvalid = VerdictStatus::kInvalid;
constexpr VerdictStatus kSuspect = VerdictStatus::kSuspect;

void JudgeSums(const VerdictInputs& in, Judgement* out) {
  if (!in.open_sums.empty()) {
    out->Add(kInvalid, Fault::kClient, "open_sums", static_cast<double>(in.open_sums.size()), 0,
             absl::StrCat("sums do not close: ", FirstOf(in.open_sums)));
  }
  if (!in.different_histograms.empty()) {
    out->Add(kInvalid, Fault::kClient, "different_histograms",
             static_cast<double>(in.different_histograms.size()), 0,
             absl::StrCat("the workers' own histograms differ from those of their records: ",
                          FirstOf(in.different_histograms)));
  }
  if (in.lost_workers > 0) {
    out->Add(in.loss_is_allowed ? kSuspect : kInvalid, Fault::kClient, "lost_workers",
             static_cast<double>(in.lost_workers), 0,
             absl::StrCat(in.lost_workers, " worker(s) lost, and ", in.lost_requests,
                          " requests with them"));
  }
  if (in.nothing_measured) {
    out->Add(kInvalid, Fault::kClient, "nothing_measured", 0, 1,
             "no request was answered before the run ended: there are no figures to believe");
  }
  if (!in.journal_fault.empty()) {
    out->Add(kSuspect, Fault::kClient, "incomplete_journal", 1, 0,
             absl::StrCat("the journal lacks entries, so files made of it lack requests: ",
                          in.journal_fault));
  }
  if (in.records_dropped > 0) {
    out->Add(kSuspect, Fault::kClient, "records_dropped", static_cast<double>(in.records_dropped),
             0,
             absl::StrCat(in.records_dropped,
                          " records were dropped at a worker whose buffer was full"));
  }
}

// The rate was not reached, though what could be sent left in time.
void JudgeReachedRate(const VerdictInputs& in, Judgement* out) {
  Fault fault = Fault::kServer;
  std::string cause = "requests waited for a slot, all of them held by the server";
  if (in.unsent > 0) {
    fault = 2 * in.client_errors > in.unsent ? Fault::kClient : Fault::kNetwork;
    cause = absl::StrCat(in.unsent, " requests had no connection to be sent on");
  }
  out->Add(kSuspect, fault, "rate_ratio", in.rate_ratio, kSuspectRateRatio,
           absl::StrFormat("only %.1f %% of the rate asked for was reached: %s",
                           100 * in.rate_ratio, cause));
}

void JudgeRate(const VerdictInputs& in, Judgement* out) {
  if (in.client_rate_ratio > 0 && in.client_rate_ratio < kSuspectRateRatio) {
    const bool is_invalid = in.client_rate_ratio < kInvalidRateRatio;
    out->Add(is_invalid ? kInvalid : kSuspect, Fault::kClient, "client_rate_ratio",
             in.client_rate_ratio, is_invalid ? kInvalidRateRatio : kSuspectRateRatio,
             absl::StrFormat("the client reached only %.1f %% of the rate asked for",
                             100 * in.client_rate_ratio));
  } else if (in.rate_ratio > 0 && in.rate_ratio < kSuspectRateRatio) {
    JudgeReachedRate(in, out);
  }
  if (in.concurrency_ratio > 0 && in.concurrency_ratio < kSuspectConcurrencyRatio) {
    out->Add(kSuspect, Fault::kClient, "concurrency_ratio", in.concurrency_ratio,
             kSuspectConcurrencyRatio,
             absl::StrFormat(
                 "only %.1f %% of the concurrency asked for was in flight while work was left",
                 100 * in.concurrency_ratio));
  }
}

// At most a tenth of the TTFT, but a lateness that is not even suspect never makes a run invalid.
double InvalidLatenessMs(double ttft_p50_ms) {
  if (ttft_p50_ms <= 0) return kInvalidLatenessMs;
  return std::clamp(kInvalidLatenessShareOfTtft * ttft_p50_ms, kSuspectLatenessMs,
                    kInvalidLatenessMs);
}

void JudgeLateness(const VerdictInputs& in, Judgement* out) {
  const double invalid_ms = InvalidLatenessMs(in.ttft_p50_ms);
  if (in.lateness_p99_ms <= kSuspectLatenessMs && in.connect_wait_p99_ms > invalid_ms) {
    out->Add(kSuspect, Fault::kNetwork, "connect_wait_p99_ms", in.connect_wait_p99_ms, invalid_ms,
             absl::StrFormat(
                 "requests waited for new connections: p99 left %.2f ms after it could have been "
                 "sent",
                 in.connect_wait_p99_ms));
  }
  if (in.lateness_p99_ms > std::min(invalid_ms, kSuspectLatenessMs)) {
    const bool is_invalid = in.lateness_p99_ms > invalid_ms;
    out->Add(is_invalid ? kInvalid : kSuspect, Fault::kClient, "send_lateness_p99_ms",
             in.lateness_p99_ms, is_invalid ? invalid_ms : kSuspectLatenessMs,
             absl::StrFormat(
                 "requests left the client late: p99 %.2f ms after they could have been sent",
                 in.lateness_p99_ms));
  }
  if (in.loop_stalls > 0) {
    out->Add(kSuspect, Fault::kClient, "loop_stalls", static_cast<double>(in.loop_stalls), 0,
             absl::StrFormat("an I/O loop stalled %d time(s) for over 10 ms, at most %.1f ms",
                             in.loop_stalls, in.longest_stall_ms));
  }
}

void JudgeMachine(const VerdictInputs& in, Judgement* out) {
  if (in.cpu_share > kSuspectCpuShare) {
    out->Add(kSuspect, Fault::kClient, "cpu_share", in.cpu_share, kSuspectCpuShare,
             absl::StrFormat("a worker used %.0f %% of the CPU it may use", 100 * in.cpu_share));
  }
  if (in.throttled_share > kSuspectThrottledShare) {
    out->Add(kSuspect, Fault::kClient, "throttled_share", in.throttled_share,
             kSuspectThrottledShare,
             absl::StrFormat("a worker was throttled by its CPU quota for %.1f %% of the time",
                             100 * in.throttled_share));
  }
  if (in.clock_stepped) {
    out->Add(kInvalid, Fault::kClient, "clock_stepped", 1, 0,
             "a wall clock was set while the run went on");
  }
  if (in.tokenizer_overflows > 0) {
    out->Add(kSuspect, Fault::kClient, "tokenizer_overflows",
             static_cast<double>(in.tokenizer_overflows), 0,
             absl::StrCat("the tokenizer fell behind: ", in.tokenizer_overflows,
                          " answers were counted by the server's usage instead"));
  }
  if (in.tokenizer_assumed) {
    out->Add(kSuspect, Fault::kClient, "tokenizer_assumed", 1, 0,
             "no tokenizer was given: token counts are those of a built-in one, not of the model");
  }
}

bool ShowsDelayedAck(const VerdictInputs& in) {
  return in.delayed_ack_share > kSuspectDelayedAckShare;
}

// The second segment of an answer waits for the acknowledgement of the first.
void JudgeDelayedAck(const VerdictInputs& in, Judgement* out) {
  if (!ShowsDelayedAck(in)) return;
  out->Add(kSuspect, Fault::kServer, "delayed_ack_share", in.delayed_ack_share,
           kSuspectDelayedAckShare,
           absl::StrFormat(
               "in %.0f %% of the streams on reused connections the server was silent behind the "
               "head for %.0f ms (median) and then sent several chunks at once: it leaves Nagle's "
               "algorithm on and waits for this kernel's delayed acknowledgement, so TTFT is up to "
               "that much too long and the next gaps are too short",
               100 * in.delayed_ack_share, in.delayed_ack_median_ms),
           in.quick_ack ? "TCP_NODELAY at the server or at the proxy in front of it"
                        : "--quick-ack, or TCP_NODELAY at the server");
}

void JudgeStamps(const VerdictInputs& in, Judgement* out) {
  const double refused = Share(in.refused_stamps, in.stamps);
  if (refused > kInvalidRefusedStampShare) {
    out->Add(
        kInvalid, Fault::kClient, "refused_stamp_share", refused, kInvalidRefusedStampShare,
        absl::StrFormat("%.1f %% of the kernel's time stamps could not be true", 100 * refused));
  }
  // Chunks that waited together for an acknowledgement have a reason of their own.
  const bool is_explained = ShowsDelayedAck(in) && !in.reads_are_late;
  if (in.unseen_share > kSuspectUnseenShare && !is_explained) {
    out->Add(kSuspect, in.reads_are_late ? Fault::kClient : Fault::kServerOrPath,
             "unseen_gap_share", in.unseen_share, kSuspectUnseenShare,
             absl::StrFormat(
                 "%.1f %% of the gaps between chunks cannot be seen: several came in one read%s",
                 100 * in.unseen_share,
                 in.reads_are_late ? ", which was late"
                                   : " (the server or something on the way sends them together)"));
  }
}

void JudgeConnections(const VerdictInputs& in, Judgement* out) {
  const double connects = Share(in.connects, in.requests);
  if (connects > kSuspectConnectShare) {
    out->Add(
        kSuspect, Fault::kNetwork, "connect_share", connects, kSuspectConnectShare,
        absl::StrFormat("%.1f %% of the requests needed a new connection inside the measured time",
                        100 * connects));
  }
  const double own_errors = Share(in.client_errors, in.requests);
  if (in.client_errors > 0) {
    const bool is_invalid = own_errors > kInvalidClientErrorShare;
    out->Add(is_invalid ? kInvalid : kSuspect, Fault::kClient, "client_error_share", own_errors,
             is_invalid ? kInvalidClientErrorShare : 0,
             absl::StrCat(in.client_errors,
                          " requests failed for want of a descriptor or port of our own"));
  }
  const double errors = Share(in.errors, in.requests);
  if (errors > kSuspectErrorShare) {
    const bool is_network = 2 * in.network_errors > in.errors;
    out->Add(kSuspect, is_network ? Fault::kNetwork : Fault::kServer, "error_share", errors,
             kSuspectErrorShare, absl::StrFormat("%.1f %% of the requests failed", 100 * errors));
  }
}

// Prompts that the server knew before the run: what it answered from its cache cost it nothing.
void JudgeCache(const VerdictInputs& in, Judgement* out) {
  if (in.unplanned_cached_share <= kSuspectUnplannedCachedShare) return;
  out->Add(
      kSuspect, Fault::kServer, "unplanned_cached_share", in.unplanned_cached_share,
      kSuspectUnplannedCachedShare,
      absl::StrFormat(
          "the server answered %.1f %% of the prompt tokens from its cache, and repeats inside "
          "this run explain only %.1f %%: it knew the prompts from before, so TTFT is shorter "
          "than for new ones",
          100 * in.cached_share, 100 * (in.cached_share - in.unplanned_cached_share)),
      in.seed_makes_prompts
          ? "another --random-seed or none, or empty the server's prefix cache before the run"
          : "empty the server's prefix cache before the run, for example by a restart");
}

}  // namespace

absl::string_view NameOf(VerdictStatus status) {
  switch (status) {
    case VerdictStatus::kValid:
      return "VALID";
    case VerdictStatus::kSuspect:
      return "SUSPECT";
    case VerdictStatus::kInvalid:
      return "INVALID";
  }
  return "";
}

absl::string_view NameOf(Fault fault) {
  switch (fault) {
    case Fault::kClient:
      return "client";
    case Fault::kNetwork:
      return "network";
    case Fault::kServerOrPath:
      return "server_or_path";
    case Fault::kServer:
      return "server";
    case Fault::kUnknown:
      return "unknown";
  }
  return "";
}

Verdict Judge(const VerdictInputs& inputs) {
  Judgement judgement;
  JudgeSums(inputs, &judgement);
  JudgeRate(inputs, &judgement);
  JudgeLateness(inputs, &judgement);
  JudgeMachine(inputs, &judgement);
  JudgeDelayedAck(inputs, &judgement);
  JudgeStamps(inputs, &judgement);
  JudgeConnections(inputs, &judgement);
  JudgeCache(inputs, &judgement);
  return judgement.Finish();
}

}  // namespace drumfire
