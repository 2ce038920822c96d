// Any text: no crash, and a URL stays the same when written and parsed again.
#include <cstdint>
#include <cstdlib>

#include "common/net/url.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<drumfire::Url> url = drumfire::ParseUrl(text);
  if (!url.ok()) return 0;
  const absl::StatusOr<drumfire::Url> again = drumfire::ParseUrl(url->ToString());
  if (!again.ok() || again->ToString() != url->ToString()) std::abort();
  drumfire::JoinEndpoint(*url, "/v1/chat/completions");
  return 0;
}
