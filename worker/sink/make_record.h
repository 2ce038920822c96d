// Exchange -> v1::Record, all but the token counts. Pure; any thread.
#pragma once

#include <cstdint>

#include "drumfire/v1/plan.pb.h"
#include "drumfire/v1/record.pb.h"
#include "worker/exchange/exchange.h"

namespace drumfire {

// phase_start_ns: t = 0 of the exchange's phase on the clock of the exchange's times. record must
// be empty.
void MakeRecord(const Exchange& exchange, int64_t phase_start_ns, v1::RecordDetail detail,
                v1::Record* record);

}  // namespace drumfire
