// Can the numbers be believed? VALID, SUSPECT or INVALID, with every reason in words, its figure
// and its bound, and whose fault it is. Only the client's own faults make a run INVALID. The bounds
// are explained in docs/verdict.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace drumfire {

enum class VerdictStatus { kValid, kSuspect, kInvalid };
// kServerOrPath: the server or something on the way, which cannot be told apart from here.
enum class Fault { kClient, kNetwork, kServerOrPath, kServer, kUnknown };

absl::string_view NameOf(VerdictStatus status);
absl::string_view NameOf(Fault fault);

struct VerdictReason {
  VerdictStatus level;
  Fault fault;
  std::string check;  // stable name for programs, for example send_lateness_p99_ms
  double figure;
  double bound;
  std::string text;
  std::string cure;  // one thing to try, in words that follow "Try: "; empty = none
};

struct Verdict {
  VerdictStatus status = VerdictStatus::kValid;
  // Worst first.
  std::vector<VerdictReason> reasons;
};

namespace verdict_bounds {
constexpr double kInvalidRateRatio = 0.95;
constexpr double kSuspectRateRatio = 0.99;
constexpr double kSuspectConcurrencyRatio = 0.98;
constexpr double kInvalidLatenessMs = 50;
constexpr double kInvalidLatenessShareOfTtft = 0.1;
constexpr double kSuspectLatenessMs = 1;
constexpr double kInvalidRefusedStampShare = 0.05;
constexpr double kSuspectCpuShare = 0.85;
constexpr double kSuspectThrottledShare = 0.01;
constexpr double kSuspectUnseenShare = 0.05;
constexpr double kSuspectDelayedAckShare = 0.1;
constexpr double kSuspectConnectShare = 0.01;
constexpr double kSuspectErrorShare = 0.01;
constexpr double kInvalidClientErrorShare = 0.01;
constexpr double kSuspectUnplannedCachedShare = 0.05;
}  // namespace verdict_bounds

// The figures that are judged. Shares and ratios are 0..1; a ratio of 0 means "not measured".
struct VerdictInputs {
  std::vector<std::string> open_sums;             // sums that do not close
  std::vector<std::string> different_histograms;  // tags
  bool histograms_compared = false;
  uint64_t lost_requests = 0;
  uint64_t lost_workers = 0;
  bool loss_is_allowed = false;   // the run was to go on without them
  bool nothing_measured = false;  // no request of the profiling phase was completed or failed
  bool clock_stepped = false;
  std::string journal_fault;  // empty = none

  double rate_ratio = 0;           // reached / asked, whatever the cause
  double client_rate_ratio = 0;    // the part that is the client's own
  uint64_t unsent = 0;             // of an open loop's requests, without a connection to be sent on
  double concurrency_ratio = 0;    // reached / asked while work was left
  double lateness_p99_ms = 0;      // send minus the moment it could have been sent and its connect
  double connect_wait_p99_ms = 0;  // the same with its connect
  double ttft_p50_ms = 0;          // 0 = no TTFT in this run

  uint64_t loop_stalls = 0;
  double longest_stall_ms = 0;
  double cpu_share = 0;        // of what it may use, of the busiest worker
  double throttled_share = 0;  // of the wall time, of the most throttled worker
  uint64_t records_dropped = 0;
  uint64_t tokenizer_overflows = 0;

  uint64_t stamps = 0;
  uint64_t refused_stamps = 0;
  double unseen_share = 0;  // of the gaps between content chunks
  bool reads_are_late =
      false;  // the client read later than the chunks came apart: unseen gaps are its own fault
  double delayed_ack_share = 0;      // of the streams on connections that were used before
  double delayed_ack_median_ms = 0;  // silence
  bool quick_ack = false;            // asked for
  uint64_t requests = 0;             // that came to an end, whether or not they could be sent
  uint64_t connects = 0;             // after t = 0, where reuse was asked for
  uint64_t errors = 0;               // failed, without the client's own
  uint64_t network_errors = 0;  // of these: refused, reset, connect time-out, TLS, DNS, truncated
  uint64_t client_errors = 0;   // no descriptor, no port
  bool tokenizer_assumed = false;  // and token counts come from it

  double cached_share = 0;            // of the prompt tokens, as the server says
  double unplanned_cached_share = 0;  // the part of it that the plan does not explain
  bool seed_makes_prompts = false;    // another seed gives other prompts
};

Verdict Judge(const VerdictInputs& inputs);

}  // namespace drumfire
