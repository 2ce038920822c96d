// The HTTP/1.1 head of requests to one URL: everything but the ids and the length, made once.
// Immutable; any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/net/url.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// One line when the header cannot be sent as it is: a name that is no token, a line break in the
// value, or a header that frames the message (Content-Length, Transfer-Encoding), which only we can
// get right.
absl::Status CheckHeader(const v1::Header& header);

class HeadTemplate {
 public:
  // headers: the user's, checked; they take the place of ours of the same name.
  HeadTemplate(const Url& url, bool streaming, const std::vector<v1::Header>& headers);

  void Append(absl::string_view request_id, absl::string_view correlation_id, size_t body_bytes,
              std::string* out) const;

 private:
  std::string constant_;
  bool sends_request_id_ = true;
  bool sends_correlation_id_ = true;
};

}  // namespace drumfire
