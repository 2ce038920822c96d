// A parsed HTTP/1.x request.
#pragma once

#include <string>

namespace drumfire::mock {

struct HttpRequest {
  std::string method;
  std::string path;  // without the query
  int minor_version = 1;
  bool keep_alive = true;
  bool expects_continue = false;
  std::string content_type;
  std::string request_id;  // X-Request-ID, or empty
  std::string body;
};

}  // namespace drumfire::mock
