// Request headers as flags give them, and which of them must never be written down.
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// "Name: value". The error never repeats the value: it may be a secret.
absl::StatusOr<v1::Header> ParseHeader(absl::string_view flag, absl::string_view text);

// True for names that carry credentials: Authorization, Cookie, and all that speak of keys, tokens,
// secrets or passwords.
bool IsSecretHeader(absl::string_view name);

}  // namespace drumfire
