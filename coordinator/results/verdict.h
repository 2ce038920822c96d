// Can the numbers be believed? VALID, SUSPECT or INVALID, with every reason in words, its figure
// and its bound, and whose fault it is. Only the client's own faults make a run INVALID. The bounds
// are explained in docs/verdict.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace drumfire {

// kFailed: no request succeeded, so there are no figures.
enum class VerdictStatus { kValid, kSuspect, kInvalid, kFailed };
// kServerOrPath: the server or something on the way, which cannot be told apart from here.
enum class FaultSource { kClient, kNetwork, kServerOrPath, kServer, kUnknown };

absl::string_view NameOf(VerdictStatus status);
absl::string_view NameOf(FaultSource fault);

struct VerdictReason {
  VerdictStatus level;
  FaultSource fault;
  std::string check;  // stable name for programs, for example send_delay_p99_ms
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
constexpr double kSuspectConcurrencyRatio = 0.95;
// Open loop: shares of the response time (TTFT, or latency without one), kept within these bounds.
constexpr double kInvalidSendDelayShare = 0.1;
constexpr double kLeastInvalidSendDelayMs = 5;
constexpr double kMostInvalidSendDelayMs = 50;
constexpr double kSuspectSendDelayShare = 0.05;
constexpr double kLeastSuspectSendDelayMs = 2;
// The p99 is only judged where at least so many requests lie above it; else the worst but so many.
constexpr double kLeastLateRequests = 3;
// Closed loop: share of the slots' time that the client left them empty, while its waits are at
// least so long.
constexpr double kSuspectSlotLossShare = 0.05;
constexpr double kInvalidSlotLossShare = 0.1;
constexpr double kLeastSlotWaitMs = 1;
// So many of them, or one so long: a single short one in a short run is no rule.
constexpr double kSuspectHiccupShare = 0.01;
constexpr uint64_t kLeastHiccups = 3;
constexpr double kLongHiccupMs = 100;
constexpr double kInvalidOwnCoalescedShare = 0.05;
// Cores used by others or taken by the hypervisor: from here on they are named as a cause.
constexpr double kBusyHostShare = 0.85;
constexpr double kNamedStolenShare = 0.02;
constexpr double kInvalidRefusedStampShare = 0.05;
constexpr double kSuspectCpuShare = 0.85;
constexpr double kSuspectThrottledShare = 0.01;
constexpr double kSuspectCoalescedShare = 0.05;
// Of streams that show it clearly, or, where two chunks at most meet behind the silence, of all.
constexpr double kSuspectClearDelayedAckShare = 0.1;
constexpr double kSuspectDelayedAckShare = 0.5;
constexpr double kSuspectConnectShare = 0.01;
constexpr double kSuspectErrorShare = 0.01;
constexpr double kSuspectSegmentLossShare = 0.01;
constexpr uint64_t kLeastLossyRequests = 3;
constexpr double kInvalidClientErrorShare = 0.01;
constexpr double kSuspectUnplannedCachedShare = 0.05;
}  // namespace verdict_bounds

// The figures that are judged. Shares and ratios are 0..1; a ratio of 0 means "not measured".
struct VerdictInputs {
  std::vector<std::string> open_sums;             // sums that do not close
  std::vector<std::string> different_histograms;  // tags
  bool histograms_compared = false;
  uint64_t lost_requests = 0;  // in flight at lost workers
  uint64_t fate_unknown = 0;   // of the others that those were granted
  uint64_t lost_workers = 0;
  bool loss_is_allowed = false;  // the run was to go on without them
  uint64_t completed = 0;
  bool nothing_measured = false;  // no request of the profiling phase was completed or failed
  bool clock_stepped = false;
  std::string journal_fault;  // empty = none

  double rate_ratio = 0;         // reached / asked, whatever the cause
  double client_rate_ratio = 0;  // the part that is the client's own
  uint64_t unsent = 0;           // of an open loop's requests, without a connection to be sent on
  double concurrency_ratio = 0;  // reached / asked while work was left
  bool is_closed_loop = false;
  bool has_cap = false;            // concurrency was asked for
  double slot_loss_share = 0;      // closed loop: time that the client left slots empty
  double send_delay_p99_ms = 0;    // send minus the moment it could have been sent and its connect
  double connect_wait_p99_ms = 0;  // the same with its connect
  double response_p50_ms = 0;      // TTFT, or latency in a run without one; 0 = neither

  // Hiccups of the I/O loops (worker/health/hiccup_meter.h), of the worst worker.
  uint64_t loop_stalls = 0;  // turns in which a loop had work for over 10 ms
  bool hiccups_measured = false;
  uint64_t hiccups = 0;
  double hiccup_share = 0;  // of the wall time
  double longest_hiccup_ms = 0;
  // Of the worst worker's host.
  double other_cpu_share = 0;   // used by other processes, of all that the worker may use
  double other_cpu_cores = 0;   // the same in cores
  double stolen_cpu_share = 0;  // taken by the hypervisor
  double cpu_share = 0;         // of what it may use, of the busiest worker
  double throttled_share = 0;   // of the wall time, of the most throttled worker
  uint64_t records_dropped = 0;
  uint64_t tokenizer_overflows = 0;

  uint64_t stamps = 0;
  uint64_t refused_stamps = 0;
  double coalesced_share = 0;      // of the gaps between content chunks
  double own_coalesced_share = 0;  // of the gaps too: lost in reads that the client was late for
  double delayed_ack_share = 0;    // of the streams on connections that were used before
  double clear_delayed_ack_share = 0;  // with three chunks or more behind the silence
  double delayed_ack_median_ms = 0;    // silence
  bool quick_ack = false;              // asked for
  uint64_t lossy_requests = 0;         // that met TCP segments lost or out of order
  uint64_t requests = 0;               // that came to an end, whether or not they could be sent
  uint64_t replaced = 0;    // of these, on a new connection for one that the other side had closed
  std::string first_cause;  // of the most frequent failure
  uint64_t errors = 0;      // failed, without the client's own
  uint64_t network_errors = 0;  // of these: refused, reset, connect time-out, TLS, DNS, truncated
  uint64_t client_errors = 0;   // no descriptor, no port
  bool tokenizer_assumed = false;  // and token counts come from it

  double cached_share = 0;            // of the prompt tokens, as the server says
  double unplanned_cached_share = 0;  // the part of it that the plan does not explain
  bool seed_makes_prompts = false;    // another seed gives other prompts
};

Verdict Judge(const VerdictInputs& inputs);

}  // namespace drumfire
