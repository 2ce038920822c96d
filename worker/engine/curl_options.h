// How a plan's connections, a request's head and a result read in libcurl's options and codes. Used
// by CurlTransfer, on the engine's thread.
#pragma once

#include <curl/curl.h>

#include <cstdint>

#include "absl/strings/string_view.h"
#include "drumfire/v1/plan.pb.h"
#include "drumfire/v1/record.pb.h"
#include "worker/engine/target.h"

namespace drumfire {

// All options that stay as they are for every request of the handle to this target, without its
// callbacks. options must outlive the handle.
void SetTargetOptions(const Target& target, const v1::Connections& options, CURL* easy);

// The lines of a request's head as libcurl wants them: without the length, which it sets itself,
// and an empty value marked by ';'. Expect is switched off: it would hold the body back. The caller
// frees the list.
curl_slist* HeaderList(absl::string_view head);

// "/v1/x" of "POST /v1/x HTTP/1.1".
absl::string_view PathOf(absl::string_view head);

// A time that libcurl counts in us, in ns.
int64_t InfoNs(CURL* easy, CURLINFO info);

// What a failure is once the request was sent.
v1::ErrorClass ClassAfterSend(CURLcode result);

}  // namespace drumfire
