// Decides whether the numbers can be believed: VALID, SUSPECT or INVALID. Each reason has a text, a
// figure, a bound, and a source of the fault. Only the client's own faults make a run INVALID.
// docs/verdict.md explains the bounds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace drumfire {

// kFailed: no request succeeded, so there are no figures.
enum class VerdictStatus { kValid, kSuspect, kInvalid, kFailed };
// kServerOrPath: the server or something on the path, which the client cannot distinguish.
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
  std::string cure;  // one thing to try, to follow "Try: "; empty = none
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
// The mean over a shorter time depends on a few waits.
constexpr double kLeastConcurrencyWindowMs = 1000;
// Open loop: shares of the response time (TTFT, or latency without one), kept within these bounds.
constexpr double kInvalidSendDelayShare = 0.1;
constexpr double kLeastInvalidSendDelayMs = 5;
constexpr double kMostInvalidSendDelayMs = 50;
constexpr double kSuspectSendDelayShare = 0.05;
constexpr double kLeastSuspectSendDelayMs = 2;
// The p99 is judged only if at least this many requests exceed it; otherwise the value that this
// many exceed.
constexpr double kLeastLateRequests = 3;
// Closed loop: share of the slots' time for which the client left them empty, if its waits are at
// least kLeastSlotWaitMs.
constexpr double kSuspectSlotLossShare = 0.05;
constexpr double kInvalidSlotLossShare = 0.1;
constexpr double kLeastSlotWaitMs = 1;
// At least kLeastHiccups, or one of kLongHiccupMs: a single short hiccup in a short run proves
// nothing.
constexpr double kSuspectHiccupShare = 0.01;
constexpr uint64_t kLeastHiccups = 3;
constexpr double kLongHiccupMs = 100;
constexpr double kInvalidOwnCoalescedShare = 0.05;
// From these on, cores used by others or taken by the hypervisor are named as a cause.
constexpr double kBusyHostShare = 0.85;
constexpr double kNamedStolenShare = 0.02;
constexpr double kInvalidRefusedStampShare = 0.05;
constexpr double kSuspectCpuShare = 0.85;
constexpr double kSuspectThrottledShare = 0.01;
constexpr double kSuspectCoalescedShare = 0.05;
// Share of streams that show it clearly, or, if at most two chunks follow the silence, of all.
constexpr double kSuspectClearDelayedAckShare = 0.1;
constexpr double kSuspectDelayedAckShare = 0.5;
constexpr double kSuspectConnectShare = 0.01;
constexpr double kSuspectErrorShare = 0.01;
constexpr double kSuspectSegmentLossShare = 0.01;
constexpr uint64_t kLeastLossyRequests = 3;
constexpr double kInvalidClientErrorShare = 0.01;
constexpr double kSuspectUnplannedCachedShare = 0.05;
}  // namespace verdict_bounds

// The judged figures. Shares and ratios are 0..1; a ratio of 0 means "not measured".
struct VerdictInputs {
  std::vector<std::string> open_sums;             // sums that do not close
  std::vector<std::string> record_faults;         // per worker: why they cannot be trusted
  std::vector<std::string> different_histograms;  // tags
  bool histograms_compared = false;
  uint64_t lost_requests = 0;         // in flight at lost workers
  uint64_t fate_unknown = 0;          // of the other requests granted to them
  uint64_t unsent_turns_of_lost = 0;  // that would have followed in their conversations
  uint64_t lost_workers = 0;
  bool loss_is_allowed = false;  // the run was meant to continue without them
  uint64_t completed = 0;
  bool nothing_measured = false;  // no request of the profiling phase was completed or failed
  bool clock_stepped = false;
  std::string journal_fault;  // empty = none
  std::string unknown_end;    // why it is not known how the run ended; empty = it is

  double rate_ratio = 0;         // reached / requested, whatever the cause
  double client_rate_ratio = 0;  // the part that is the client's own
  uint64_t unsent = 0;           // open-loop requests not sent for lack of a connection
  double concurrency_ratio = 0;  // reached / requested while work was left
  double sending_ms = 0;         // closed loop: from t = 0 to the last begin
  bool is_closed_loop = false;
  bool has_cap = false;            // a concurrency was requested
  double slot_loss_share = 0;      // closed loop: time that the client left slots empty
  double send_delay_p99_ms = 0;    // sent minus ready, without connect time
  double connect_wait_p99_ms = 0;  // sent minus ready, including connect time
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
  uint64_t records_missing = 0;
  uint64_t damaged_frames = 0;  // on the record links
  uint64_t tokenizer_overflows = 0;

  uint64_t stamps = 0;
  uint64_t refused_stamps = 0;
  double coalesced_share = 0;          // of the gaps between content chunks
  double own_coalesced_share = 0;      // of the gaps, lost in late reads of the client
  double delayed_ack_share = 0;        // of the streams on reused connections
  double clear_delayed_ack_share = 0;  // with at least three chunks after the silence
  double delayed_ack_median_ms = 0;    // silence
  bool quick_ack = false;              // asked for
  uint64_t lossy_requests = 0;         // with TCP segments lost or out of order
  uint64_t requests = 0;               // that ended, whether or not they could be sent
  uint64_t replaced = 0;        // of these, on a connection replacing one closed by the other side
  std::string first_cause;      // of the most frequent failure
  uint64_t errors = 0;          // failed, without the client's own
  uint64_t network_errors = 0;  // of these: refused, reset, connect timeout, TLS, DNS, truncated
  uint64_t client_errors = 0;   // no descriptor, no port
  bool tokenizer_assumed = false;  // and token counts come from it

  double cached_share = 0;            // of the prompt tokens, as reported by the server
  double unplanned_cached_share = 0;  // the part of it that the plan does not explain
  bool seed_makes_prompts = false;    // whether another seed gives other prompts
};

Verdict Judge(const VerdictInputs& inputs);

}  // namespace drumfire
