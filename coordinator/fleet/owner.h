// The owner of a run, as other coordinators see it.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "drumfire/v1/control.pb.h"

namespace drumfire {

// "alice@login1, pid 4711" of this process.
std::string OwnerName();

// "run ab12cd34ef.. of alice@login1, pid 4711, since 12 min"; unknown parts are omitted. Always
// printable.
std::string OwnerText(absl::string_view run_id_hex, absl::string_view owner, int64_t owned_ns);

// Why a worker refused us, to follow "refused: ". run_id: our own, raw.
std::string RefusalText(const v1::Refused& refused, absl::string_view run_id);

// "42 s", "12 min", "3.5 h", "2 d".
std::string AgeText(int64_t age_ns);

}  // namespace drumfire
