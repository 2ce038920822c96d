// The stages of a run are driven as those of the fleet.
#pragma once

#include "coordinator/fleet/run_stage.h"  // IWYU pragma: export
