// Does a plan hold conversations, or single requests only? Pure; any thread.
#pragma once

#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// Some session may have more than one turn.
inline bool HasConversations(const v1::Dataset& dataset) {
  return dataset.turns_mean() > 1 || (dataset.turns_mean() > 0 && dataset.turns_stddev() > 0);
}

}  // namespace drumfire
