// The curl engine: libcurl does whole transfers. It supports HTTP/2 and unusual proxies and
// servers, with user-space stamps only.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "drumfire/v1/plan.pb.h"
#include "worker/engine/engine.h"

namespace drumfire {

// See MakeEngine; all arguments must outlive the engine.
absl::StatusOr<std::unique_ptr<Engine>> MakeCurlEngine(const v1::Plan& plan, const Clock& clock,
                                                       EngineOwner* owner);

}  // namespace drumfire
