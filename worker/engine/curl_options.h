// Translates a plan's connection options, a request's head and a result to and from libcurl's
// options and codes. Used by CurlTransfer on the engine's thread.
#pragma once

#include <curl/curl.h>

#include <cstdint>

#include "absl/strings/string_view.h"
#include "drumfire/v1/plan.pb.h"
#include "drumfire/v1/record.pb.h"
#include "worker/engine/target.h"

namespace drumfire {

// Sets all options, except callbacks, that are the same for every request of the handle to this
// target. options must outlive the handle.
void SetTargetOptions(const Target& target, const v1::Connections& options, CURL* easy);

// The header lines in libcurl's form: without the length, which it sets itself, and with ';' for an
// empty value. Disables Expect, which would delay the body. The caller frees the list.
curl_slist* HeaderList(absl::string_view head);

// "/v1/x" of "POST /v1/x HTTP/1.1".
absl::string_view PathOf(absl::string_view head);

// Converts one of libcurl's times from us to ns.
int64_t InfoNs(CURL* easy, CURLINFO info);

// The error class of a failure after the request was sent.
v1::ErrorClass ClassAfterSend(CURLcode result);

}  // namespace drumfire
