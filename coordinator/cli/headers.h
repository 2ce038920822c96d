// Request headers from flags, and which of them must never be stored.
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// "Name: value". The error never repeats the value: it may be a secret.
absl::StatusOr<v1::Header> ParseHeader(absl::string_view flag, absl::string_view text);

// Whether a header with this name carries credentials: Authorization, Cookie, and names that
// contain key, token, secret or password.
bool IsSecretHeader(absl::string_view name);

}  // namespace drumfire
