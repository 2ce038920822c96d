#include "common/plan/version.h"

namespace drumfire {

const absl::string_view kVersion = DRUMFIRE_VERSION;

}  // namespace drumfire
