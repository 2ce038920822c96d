#include "tools/mock_server/fault.h"

#include <array>
#include <utility>

#include "tools/mock_server/random_streams.h"

namespace drumfire::mock {

RequestFault DrawFault(const FaultRates& rates, uint64_t seed, uint64_t index) {
  constexpr ErrorCase kErrors[] = {ErrorCase::kRateLimited, ErrorCase::kInternal,
                                   ErrorCase::kUnavailable};
  const std::pair<double, FaultKind> bands[] = {{rates.error, FaultKind::kError},
                                                {rates.reset, FaultKind::kReset},
                                                {rates.hang, FaultKind::kHang},
                                                {rates.stall, FaultKind::kStall},
                                                {rates.truncate, FaultKind::kTruncate},
                                                {rates.stream_error, FaultKind::kStreamError},
                                                {rates.empty, FaultKind::kEmpty},
                                                {rates.finish_error, FaultKind::kFinishError},
                                                {rates.open_body, FaultKind::kOpenBody},
                                                {rates.odd_usage, FaultKind::kOddUsage},
                                                {rates.unfinished, FaultKind::kUnfinished}};
  RequestFault fault;
  if (rates.sum() <= 0) return fault;
  Random random(seed, kFaultStream, index);
  double left = random.Uniform() * 100;
  for (const auto& [rate, kind] : bands) {
    if (left < rate) {
      fault.kind = kind;
      break;
    }
    left -= rate;
  }
  fault.error = kErrors[random.Below(std::size(kErrors))];
  fault.position = random.Uniform();
  fault.odd_usage = kOddUsages[random.Below(std::size(kOddUsages))];
  return fault;
}

absl::string_view FaultName(FaultKind kind) {
  constexpr std::array<absl::string_view, 12> kNames = {
      "none",         "error", "reset",        "hang",      "stall",     "truncate",
      "stream_error", "empty", "finish_error", "open_body", "odd_usage", "unfinished"};
  return kNames[static_cast<size_t>(kind)];
}

}  // namespace drumfire::mock
