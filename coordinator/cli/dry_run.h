// `drumfire profile --dry-run --schedule-out FILE`: writes what would be sent, without sending it.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

// Writes the profiling phase's schedule as JSON lines, k rising:
//   {"k":0,"t_ns":0,"url":"http://host/v1/chat/completions","entry":0,"isl":550,"osl":128,"body_sha256":"<hex>"}
// t_ns: ns from the start, null where slots decide (closed loops); osl: null when no length is
// asked for. write gets whole lines and may fail (a full disk), which ends it. InvalidArgument if a
// closed loop is limited only by a duration: its schedule has no end.
absl::Status WriteSchedule(const ProfileRequest& request,
                           const std::function<absl::Status(absl::string_view)>& write);

// Writes the same to request.schedule_out, atomically; "-" is standard output.
absl::Status WriteScheduleFile(const ProfileRequest& request);

}  // namespace drumfire
