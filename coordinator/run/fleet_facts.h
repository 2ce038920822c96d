// What a run writes down of its fleet: whether the workers agree, and how well their clocks are
// known.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/fleet/fleet.h"
#include "drumfire/v1/journal.pb.h"

namespace drumfire {

// One line for each way in which the workers differ, as `drumfire fleet check` finds them.
std::vector<std::string> ConsistencyNotes(const Fleet& fleet, int64_t now_ns);
// One line for each target that is reached through a proxy of the workers' environment.
std::vector<std::string> ProxyNotes(const v1::Plan& plan, const Fleet& fleet);

// The clocks of all workers into the run's end.
void AddClocks(const Fleet& fleet, int64_t now_ns, v1::RunEnd* end);

}  // namespace drumfire
