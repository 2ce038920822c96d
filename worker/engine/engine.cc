#include "worker/engine/engine.h"

#include <curl/curl.h>

#include "common/status/status_macros.h"
#include "worker/engine/curl_engine.h"
#include "worker/engine/native_engine.h"

namespace drumfire {
namespace {

absl::Status InitCurl() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code == CURLE_OK) return absl::OkStatus();
  return absl::InternalError(curl_easy_strerror(code));
}

}  // namespace

uint32_t ShareOfUrl(uint32_t count, uint32_t url, uint32_t urls) {
  return count / urls + (url < count % urls ? 1 : 0);
}

absl::StatusOr<std::unique_ptr<Engine>> MakeEngine(const v1::Plan& plan, const Clock& clock,
                                                   EngineOwner* owner) {
  DRUMFIRE_RETURN_IF_ERROR(InitCurl());
  if (plan.engine().kind() == v1::ENGINE_CURL) return MakeCurlEngine(plan, clock, owner);
  return NativeEngine::Create(plan, clock, owner);
}

}  // namespace drumfire
