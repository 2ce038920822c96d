#include "coordinator/results/verdict.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "coordinator/results/judgement.h"
#include "coordinator/results/share.h"

namespace drumfire {
namespace {

using namespace verdict_bounds;

constexpr size_t kNamedProblems = 3;

std::string FirstOf(const std::vector<std::string>& problems) {
  const size_t shown = std::min(problems.size(), kNamedProblems);
  const std::string text = absl::StrJoin(problems.begin(), problems.begin() + shown, "; ");
  return shown == problems.size() ? text
                                  : absl::StrCat(text, " and ", problems.size() - shown, " more");
}

constexpr VerdictStatus kFailed = VerdictStatus::kFailed;

std::string LossText(const VerdictInputs& in) {
  std::string text = absl::StrCat(in.lost_workers, " worker(s) lost, with ", in.lost_requests,
                                  " requests in flight there");
  if (in.fate_unknown > 0) {
    absl::StrAppend(&text, "; the fate of ", in.fate_unknown, " more of their requests is unknown");
  }
  if (in.unsent_turns_of_lost > 0) {
    absl::StrAppend(&text, "; ", in.unsent_turns_of_lost,
                    " further turns of their conversations were never sent");
  }
  return text;
}

// A batch that arrived damaged is sent again: without missing records it did no harm.
void JudgeDamage(const VerdictInputs& in, Judgement* out) {
  if (in.damaged_frames == 0 || in.records_missing == 0) return;
  out->Add(
      kInvalid, FaultSource::kClient, "damaged_frames", static_cast<double>(in.damaged_frames), 0,
      absl::StrCat(in.damaged_frames, " messages of records arrived damaged and were refused, and ",
                   in.records_missing, " records never came"),
      "the same version on all workers, and a look at their memory; report it with the "
      "journal");
}

void JudgeSums(const VerdictInputs& in, Judgement* out) {
  if (!in.open_sums.empty()) {
    out->Add(kInvalid, FaultSource::kClient, "open_sums", static_cast<double>(in.open_sums.size()),
             0, absl::StrCat("sums do not close: ", FirstOf(in.open_sums)),
             "run again; if it recurs, report it with the journal");
  }
  if (!in.different_histograms.empty()) {
    out->Add(kInvalid, FaultSource::kClient, "different_histograms",
             static_cast<double>(in.different_histograms.size()), 0,
             absl::StrCat("the workers' own histograms differ from those of their records: ",
                          FirstOf(in.different_histograms)),
             "run again; if it recurs, report it with the journal");
  }
  if (!in.record_faults.empty()) {
    out->Add(kInvalid, FaultSource::kClient, "record_faults",
             static_cast<double>(in.record_faults.size()), 0,
             absl::StrCat("records cannot be trusted: ", FirstOf(in.record_faults)),
             "leave that worker out, or install the same version everywhere; report it with the "
             "journal");
  }
  JudgeDamage(in, out);
  if (in.lost_workers > 0) {
    out->Add(in.loss_is_allowed ? kSuspect : kInvalid, FaultSource::kClient, "lost_workers",
             static_cast<double>(in.lost_workers), 0, LossText(in),
             "`drumfire fleet check`, and the log of the lost worker");
  }
  if (!in.unknown_end.empty()) {
    out->Add(kInvalid, FaultSource::kClient, "unknown_end", 1, 0,
             absl::StrCat(in.unknown_end, "; how many requests were in flight then is not known"),
             "a run that goes to its end, on a disk with free space");
  }
  if (in.nothing_measured) {
    out->Add(kFailed, FaultSource::kUnknown, "nothing_measured", 0, 1,
             "the run ended before any response, so there are no figures",
             "a longer run, or a higher --request-timeout-seconds if the server needs it");
  }
  if (!in.journal_fault.empty()) {
    out->Add(kSuspect, FaultSource::kClient, "incomplete_journal", 1, 0,
             absl::StrCat("the journal is incomplete, so files made from it lack requests: ",
                          in.journal_fault),
             "an --artifact-dir on a disk with free space");
  }
  if (in.records_dropped > 0) {
    out->Add(
        kSuspect, FaultSource::kClient, "records_dropped", static_cast<double>(in.records_dropped),
        0,
        absl::StrCat(in.records_dropped, " records were dropped at a worker whose buffer was full"),
        "a faster link to the coordinator, or fewer requests per second per worker");
  }
}

void JudgeMachine(const VerdictInputs& in, Judgement* out) {
  if (in.cpu_share > kSuspectCpuShare) {
    out->Add(
        kSuspect, FaultSource::kClient, "cpu_share", in.cpu_share, kSuspectCpuShare,
        absl::StrFormat("a worker used %.0f %% of its CPU allowance, so its sends and reads queued",
                        100 * in.cpu_share),
        "more workers (--workers), or fewer requests per worker");
  }
  if (in.throttled_share > kSuspectThrottledShare) {
    out->Add(kSuspect, FaultSource::kClient, "throttled_share", in.throttled_share,
             kSuspectThrottledShare,
             absl::StrFormat(
                 "a CPU quota stopped a worker for %.1f %% of the time, delaying sends and reads",
                 100 * in.throttled_share),
             "a higher CPU quota for the worker (cpu.max, or the limit of its pod)");
  }
  if (in.clock_stepped) {
    out->Add(kInvalid, FaultSource::kClient, "clock_stepped", 1, 0,
             "a wall clock was set during the run",
             "slew the clock instead of stepping it (chrony: no makestep after start-up)");
  }
  if (in.tokenizer_overflows > 0) {
    out->Add(kSuspect, FaultSource::kClient, "tokenizer_overflows",
             static_cast<double>(in.tokenizer_overflows), 0,
             absl::StrCat("the tokenizer fell behind: ", in.tokenizer_overflows,
                          " responses were counted by the server's usage instead"),
             "--use-server-token-count, or more workers");
  }
  if (in.tokenizer_assumed) {
    out->Add(kSuspect, FaultSource::kClient, "tokenizer_assumed", 1, 0,
             "no tokenizer was given, so token counts come from the built-in one, not the model's",
             "--tokenizer with the name or directory of the model's tokenizer");
  }
}

bool ShowsDelayedAck(const VerdictInputs& in) {
  return in.clear_delayed_ack_share > kSuspectClearDelayedAckShare ||
         in.delayed_ack_share > kSuspectDelayedAckShare;
}

// The second segment of an answer waits for the acknowledgement of the first.
void JudgeDelayedAck(const VerdictInputs& in, Judgement* out) {
  if (!ShowsDelayedAck(in)) return;
  const bool is_clear = in.clear_delayed_ack_share > kSuspectClearDelayedAckShare;
  out->Add(kSuspect, FaultSource::kServer, "delayed_ack_share", in.delayed_ack_share,
           is_clear ? kSuspectClearDelayedAckShare : kSuspectDelayedAckShare,
           absl::StrFormat(
               "in %.0f %% of the streams on reused connections the server was silent for %.0f ms "
               "(median) after the head and then sent several chunks at once: it leaves Nagle's "
               "algorithm on and waits for the client's delayed acknowledgement, so TTFT is too "
               "long by up to that time and the next gaps are too short",
               100 * in.delayed_ack_share, in.delayed_ack_median_ms),
           in.quick_ack ? "TCP_NODELAY at the server or at the proxy in front of it"
                        : "--quick-ack, or TCP_NODELAY at the server");
}

void JudgeOwnCoalescedChunks(const VerdictInputs& in, Judgement* out) {
  if (in.own_coalesced_share <= kInvalidOwnCoalescedShare) return;
  out->Add(kInvalid, FaultSource::kClient, "own_coalesced_chunk_share", in.own_coalesced_share,
           kInvalidOwnCoalescedShare,
           absl::StrFormat("%.1f %% of the gaps between chunks were lost in late reads of this "
                           "client, so inter-chunk latencies are wrong: %s",
                           100 * in.own_coalesced_share, OwnCause(in)),
           OwnCure(in));
}

void JudgeCoalescedChunks(const VerdictInputs& in, Judgement* out) {
  JudgeOwnCoalescedChunks(in, out);
  // Chunks that waited together for an acknowledgement have a separate reason.
  const bool is_explained = ShowsDelayedAck(in);
  const double others_share = in.coalesced_share - in.own_coalesced_share;
  if (others_share <= kSuspectCoalescedShare || is_explained) return;
  // Where this client was late for many, it may have been late for these.
  const bool is_own = in.own_coalesced_share > kInvalidOwnCoalescedShare;
  const bool is_known = in.hiccups_measured && !is_own;
  const char* cause = is_known ? "the server or something on the path sends them together"
                      : is_own ? "the cause is unknown, since this client was late for others"
                               : "the cause is unknown, since hiccups were not measured";
  out->Add(kSuspect, is_known ? FaultSource::kServerOrPath : FaultSource::kUnknown,
           "coalesced_chunk_share", others_share, kSuspectCoalescedShare,
           absl::StrFormat("%.1f %% of chunks arrived in the same read as the previous one, so "
                           "inter-chunk latencies are too coarse (TTFT is not affected); %s%s",
                           100 * others_share, cause, SegmentLossText(in)),
           is_own ? OwnCure(in) : "bypass the proxy, or turn off its buffering");
}

void JudgeStamps(const VerdictInputs& in, Judgement* out) {
  const double refused = Share(in.refused_stamps, in.stamps);
  if (refused > kInvalidRefusedStampShare) {
    out->Add(kInvalid, FaultSource::kClient, "refused_stamp_share", refused,
             kInvalidRefusedStampShare,
             absl::StrFormat("%.1f %% of the kernel's time stamps are impossible, so response "
                             "times fall back to the "
                             "time of the read",
                             100 * refused),
             "make sure that no program sets the wall clock during a run");
  }
  JudgeCoalescedChunks(in, out);
}

FaultSource FaultOfErrors(const VerdictInputs& in) {
  if (in.client_errors > in.errors) return FaultSource::kClient;
  return 2 * in.network_errors > in.errors ? FaultSource::kNetwork : FaultSource::kServer;
}

// Streams over a path that loses segments are measured well, but they are the path's as much as the
// server's.
void JudgeSegmentLoss(const VerdictInputs& in, Judgement* out) {
  const double share = Share(in.lossy_requests, in.requests);
  if (in.lossy_requests < kLeastLossyRequests || share <= kSuspectSegmentLossShare) return;
  out->Add(kSuspect, FaultSource::kNetwork, "segment_loss_share", share, kSuspectSegmentLossShare,
           absl::StrFormat("TCP lost or reordered segments of %.1f %% of the requests: each delays "
                           "the following text by a round trip, or by 200 ms and more if "
                           "nothing follows",
                           100 * share),
           "a path without loss (ip -s link shows drops at either end), or workers nearer to the "
           "server");
}

void JudgeErrors(const VerdictInputs& in, Judgement* out) {
  const uint64_t failed = in.errors + in.client_errors;
  if (in.completed == 0 && failed > 0) {
    out->Add(kFailed, FaultOfErrors(in), "none_succeeded", static_cast<double>(failed), 0,
             absl::StrCat("none of ", failed, " requests succeeded; first cause: ", in.first_cause),
             "one request with `curl` against the same URL and model");
    return;
  }
  const double errors = Share(in.errors, in.requests);
  if (errors <= kSuspectErrorShare) return;
  out->Add(kSuspect, FaultOfErrors(in), "error_share", errors, kSuspectErrorShare,
           absl::StrFormat("%.1f %% of the requests failed, so the others met a lighter load; most "
                           "frequent: %s%s",
                           100 * errors, in.first_cause, SegmentLossText(in)),
           "a lower rate or concurrency; the table of errors names each cause");
}

void JudgeConnections(const VerdictInputs& in, Judgement* out) {
  const double replaced = Share(in.replaced, in.requests);
  if (replaced > kSuspectConnectShare) {
    out->Add(
        kSuspect, FaultSource::kNetwork, "connect_share", replaced, kSuspectConnectShare,
        absl::StrFormat("%.1f %% of the requests needed a new connection because the other side "
                        "had closed theirs; a server busy accepting connections behaves "
                        "differently",
                        100 * replaced),
        "a longer keep-alive at the server or balancer, or a lower --max-idle here");
  }
  const double own_errors = Share(in.client_errors, in.requests);
  if (in.client_errors > 0) {
    const bool is_invalid = own_errors > kInvalidClientErrorShare;
    out->Add(is_invalid ? kInvalid : kSuspect, FaultSource::kClient, "client_error_share",
             own_errors, is_invalid ? kInvalidClientErrorShare : 0,
             absl::StrCat(
                 in.client_errors,
                 " requests failed because the client ran out of descriptors, ports or memory for "
                 "whole bodies"),
             "a higher limit of open files (ulimit -n), more ports, or more workers");
  }
  JudgeErrors(in, out);
}

// Prompts that the server knew before the run; tokens served from its cache cost it nothing.
void JudgeCache(const VerdictInputs& in, Judgement* out) {
  if (in.unplanned_cached_share <= kSuspectUnplannedCachedShare) return;
  out->Add(
      kSuspect, FaultSource::kServer, "unplanned_cached_share", in.unplanned_cached_share,
      kSuspectUnplannedCachedShare,
      absl::StrFormat(
          "the server answered %.1f %% of the prompt tokens from its cache, but repeats within "
          "this run explain only %.1f %%: it knew the prompts from before, so TTFT is shorter "
          "than for new ones",
          100 * in.cached_share, 100 * (in.cached_share - in.unplanned_cached_share)),
      in.seed_makes_prompts
          ? "use another --random-seed or none, or empty the server's prefix cache before the run"
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
    case VerdictStatus::kFailed:
      return "FAILED";
  }
  return "";
}

absl::string_view NameOf(FaultSource fault) {
  switch (fault) {
    case FaultSource::kClient:
      return "client";
    case FaultSource::kNetwork:
      return "network";
    case FaultSource::kServerOrPath:
      return "server_or_path";
    case FaultSource::kServer:
      return "server";
    case FaultSource::kUnknown:
      return "unknown";
  }
  return "";
}

Verdict Judge(const VerdictInputs& inputs) {
  Judgement judgement;
  JudgeSums(inputs, &judgement);
  JudgeLoad(inputs, &judgement);
  JudgeMachine(inputs, &judgement);
  JudgeDelayedAck(inputs, &judgement);
  JudgeStamps(inputs, &judgement);
  JudgeConnections(inputs, &judgement);
  JudgeSegmentLoss(inputs, &judgement);
  JudgeCache(inputs, &judgement);
  return judgement.Finish();
}

}  // namespace drumfire
