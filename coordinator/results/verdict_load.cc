// Does the load that was sent match the requested load?
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "coordinator/results/judgement.h"

namespace drumfire {
namespace {

using namespace verdict_bounds;

// The rate was not reached, though what could be sent left in time.
void JudgeReachedRate(const VerdictInputs& in, Judgement* out) {
  FaultSource fault = in.has_cap ? FaultSource::kServer : FaultSource::kUnknown;
  std::string cause =
      in.has_cap ? "requests waited for slots, all held by the server" : "the cause is unknown";
  std::string cure = in.has_cap ? "a higher --concurrency, or a lower rate" : "a lower rate";
  if (in.unsent > 0) {
    fault = 2 * in.client_errors > in.unsent ? FaultSource::kClient : FaultSource::kNetwork;
    cause = absl::StrCat(in.unsent, " requests could not be sent for lack of a connection");
    cure = "see the table of errors for why connections failed";
  }
  out->Add(kSuspect, fault, "rate_ratio", in.rate_ratio, kSuspectRateRatio,
           absl::StrFormat("only %.1f %% of the requested rate was reached: %s",
                           100 * in.rate_ratio, cause),
           cure);
}

void JudgeRate(const VerdictInputs& in, Judgement* out) {
  if (in.client_rate_ratio > 0 && in.client_rate_ratio < kSuspectRateRatio) {
    const bool is_invalid = in.client_rate_ratio < kInvalidRateRatio;
    out->Add(is_invalid ? kInvalid : kSuspect, FaultSource::kClient, "client_rate_ratio",
             in.client_rate_ratio, is_invalid ? kInvalidRateRatio : kSuspectRateRatio,
             absl::StrFormat("the client sent at only %.1f %% of the requested rate, so the server "
                             "met a lighter load: %s",
                             100 * in.client_rate_ratio, OwnCause(in)),
             OwnCure(in));
  } else if (in.rate_ratio > 0 && in.rate_ratio < kSuspectRateRatio) {
    JudgeReachedRate(in, out);
  }
}

bool LosesSlots(const VerdictInputs& in) {
  return in.is_closed_loop && in.slot_loss_share > kSuspectSlotLossShare &&
         in.send_delay_p99_ms > kLeastSlotWaitMs;
}

void JudgeConcurrency(const VerdictInputs& in, Judgement* out) {
  // Requests that fail at once leave slots empty by themselves.
  if (in.requests > 0 && in.completed == 0) return;
  if (in.sending_ms < kLeastConcurrencyWindowMs) return;
  // Lost slots have a separate reason, and so do those of a lost worker.
  if (LosesSlots(in) || in.lost_workers > 0 || in.concurrency_ratio <= 0 ||
      in.concurrency_ratio >= kSuspectConcurrencyRatio)
    return;
  out->Add(kSuspect, FaultSource::kClient, "concurrency_ratio", in.concurrency_ratio,
           kSuspectConcurrencyRatio,
           absl::StrFormat("only %.1f %% of the requested concurrency was in flight while work was "
                           "left, so the server met a lighter load",
                           100 * in.concurrency_ratio),
           OwnCure(in));
}

double InvalidSendDelayMs(double response_ms) {
  if (response_ms <= 0) return kMostInvalidSendDelayMs;
  return std::clamp(kInvalidSendDelayShare * response_ms, kLeastInvalidSendDelayMs,
                    kMostInvalidSendDelayMs);
}

double SuspectSendDelayMs(double response_ms) {
  return std::clamp(kSuspectSendDelayShare * response_ms, kLeastSuspectSendDelayMs,
                    InvalidSendDelayMs(response_ms));
}

void JudgeOpenLoop(const VerdictInputs& in, Judgement* out) {
  const double invalid_ms = InvalidSendDelayMs(in.response_p50_ms);
  const double suspect_ms = SuspectSendDelayMs(in.response_p50_ms);
  if (in.send_delay_p99_ms <= suspect_ms) return;
  const bool is_invalid = in.send_delay_p99_ms > invalid_ms;
  out->Add(
      is_invalid ? kInvalid : kSuspect, FaultSource::kClient, "send_delay_p99_ms",
      in.send_delay_p99_ms, is_invalid ? invalid_ms : suspect_ms,
      absl::StrFormat("requests left the client up to %.2f ms (p99) after they could have been "
                      "sent, so arrivals did not follow the schedule: %s",
                      in.send_delay_p99_ms, OwnCause(in)),
      OwnCure(in));
}

// Response times count from the send, so an empty slot only costs concurrency.
void JudgeClosedLoop(const VerdictInputs& in, Judgement* out) {
  if (!LosesSlots(in)) return;
  const bool is_invalid = in.slot_loss_share > kInvalidSlotLossShare;
  out->Add(is_invalid ? kInvalid : kSuspect, FaultSource::kClient, "slot_loss_share",
           in.slot_loss_share, is_invalid ? kInvalidSlotLossShare : kSuspectSlotLossShare,
           absl::StrFormat("the client left slots empty for %.1f %% of their time, so the "
                           "concurrency was lower than requested: %s",
                           100 * in.slot_loss_share, OwnCause(in)),
           OwnCure(in));
}

void JudgeConnectWait(const VerdictInputs& in, Judgement* out) {
  const double bound_ms = InvalidSendDelayMs(in.response_p50_ms);
  const bool is_own = in.send_delay_p99_ms > SuspectSendDelayMs(in.response_p50_ms);
  if (in.is_closed_loop || is_own || in.connect_wait_p99_ms <= bound_ms) return;
  out->Add(kSuspect, FaultSource::kNetwork, "connect_wait_p99_ms", in.connect_wait_p99_ms, bound_ms,
           absl::StrFormat("requests waited for new connections: the p99 was sent %.2f ms after it "
                           "could have been%s",
                           in.connect_wait_p99_ms, SegmentLossText(in)),
           "open connections ahead (a --concurrency cap or a warmup at the same rate)");
}

void JudgeHiccups(const VerdictInputs& in, Judgement* out) {
  const bool is_rule = in.hiccups >= kLeastHiccups || in.longest_hiccup_ms > kLongHiccupMs;
  if (in.hiccup_share <= kSuspectHiccupShare || !is_rule) return;
  out->Add(kSuspect, FaultSource::kClient, "hiccup_share", in.hiccup_share, kSuspectHiccupShare,
           absl::StrFormat("an I/O loop stalled %d time(s) for over 10 ms (%.1f %% of the time, at "
                           "most %.1f ms), delaying its sends and reads: %s",
                           in.hiccups, 100 * in.hiccup_share, in.longest_hiccup_ms, OwnCause(in)),
           OwnCure(in));
}

}  // namespace

void JudgeLoad(const VerdictInputs& in, Judgement* out) {
  JudgeRate(in, out);
  JudgeConcurrency(in, out);
  in.is_closed_loop ? JudgeClosedLoop(in, out) : JudgeOpenLoop(in, out);
  JudgeConnectWait(in, out);
  JudgeHiccups(in, out);
}

}  // namespace drumfire
