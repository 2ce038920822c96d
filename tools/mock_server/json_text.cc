#include "tools/mock_server/json_text.h"

#include "nlohmann/json.hpp"

namespace drumfire::mock {

std::string JsonQuoted(absl::string_view text) {
  return nlohmann::json(std::string(text))
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace drumfire::mock
