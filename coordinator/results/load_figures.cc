#include "coordinator/results/load_figures.h"

#include <algorithm>
#include <cmath>

#include "common/clock/clock.h"
#include "common/schedule/arrival_shapes.h"

namespace drumfire {
namespace {

// Events a second from the first to the last of them.
double RateOver(uint64_t events, const TimeSpan& span) {
  if (events < 2 || span.length_ns() == 0) return 0;
  return static_cast<double>(events - 1) * kNsPerSecond / static_cast<double>(span.length_ns());
}

double Ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

void MeasureRate(const v1::Phase& phase, const RateSpans& spans, LoadFigures* load) {
  load->asked_rate = phase.mode() == v1::LOAD_RATE ? phase.request_rate() : 0;
  load->scheduled_rate = RateOver(spans.scheduled, spans.intended);
  load->reached_rate = RateOver(spans.sent, spans.sent_at);
  load->rate_ratio = std::min(Ratio(load->reached_rate, load->scheduled_rate), 1.0);
  const double own_stretch = Ratio(static_cast<double>(spans.sent_ready.length_ns()),
                                   static_cast<double>(spans.sent_at_best.length_ns()));
  const double own_drops =
      Ratio(static_cast<double>(spans.client_drops), static_cast<double>(spans.scheduled));
  if (load->rate_ratio > 0) load->client_rate_ratio = std::min(own_stretch, 1.0) * (1 - own_drops);
}

void MeasureConcurrency(const v1::Phase& phase, const PhaseTally& tally, LoadFigures* load) {
  load->reached_concurrency = tally.in_flight.MeanWhileSending();
  if (!IsClosedLoop(phase) || phase.concurrency() == 0) return;
  uint64_t sessions = 0;
  for (const auto& [worker, received] : tally.received) sessions += received.sessions.sessions();
  // With a single wave nothing is left to begin once it is out.
  if (sessions <= phase.concurrency()) return;
  load->concurrency_ratio = load->reached_concurrency / phase.concurrency();
}

}  // namespace

bool IsClosedLoop(const v1::Phase& phase) {
  const ArrivalShape* shape = FindArrivalShape(phase);
  return shape == nullptr || shape->slots_decide;
}

double ExpectedGapVariation(const v1::Phase& phase, const SendGaps& gaps) {
  const ArrivalShape* shape = FindArrivalShape(phase);
  if (shape == nullptr || shape->slots_decide) return -1;
  return shape->gap_variation == nullptr ? gaps.IntendedVariation()
                                         : shape->gap_variation(phase.arrival_smoothness());
}

LoadFigures MeasureLoad(const v1::Phase& phase, const PhaseTally& tally, int64_t window_ns) {
  LoadFigures load;
  load.asked_concurrency = phase.concurrency();
  load.mean_in_flight = tally.in_flight.MeanOver(window_ns);
  MeasureConcurrency(phase, tally, &load);
  if (IsClosedLoop(phase)) {
    load.reached_rate =
        RateOver(tally.stamps.kernel_records + tally.stamps.user_records, tally.sent);
    return load;
  }
  MeasureRate(phase, tally.spans, &load);
  load.expected_gap_cv = ExpectedGapVariation(phase, tally.send_gaps);
  if (tally.send_gaps.gaps() >= 2) load.gap_cv = tally.send_gaps.SentVariation();
  return load;
}

}  // namespace drumfire
