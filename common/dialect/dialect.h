// A dialect: one API of inference servers. Everything that depends on the API is in its file
// (chat.cc, completions.cc, ...): path, request body, how an answer is read, and traits. Callers
// ask for a trait, never which dialect it is.
//
//   const Dialect& dialect = DialectOf(plan.endpoint());       // of a validated plan
//   const auto body = BodyTemplate::Create(dialect, plan.endpoint());
//   const auto reader = dialect.make_reader();
//   if (dialect.produces_tokens) ...
//
// A new dialect is one file with a `const Dialect`, and one row with its declaration in
// dialect_table.cc. Immutable; any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/dialect/body_field.h"
#include "common/dialect/response_reader.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// How a streamed answer is split into events.
enum class Framing : uint8_t {
  kNone,              // never streams: one JSON document
  kServerSentEvents,  // text/event-stream
};

// How a server says which models it has.
struct ModelListing {
  absl::string_view path;  // of a GET, below the base URL
  // Names in the body; nothing when it is no such list.
  std::optional<std::vector<std::string>> (*names)(absl::string_view body);
};

struct Dialect {
  v1::EndpointType type;
  absl::string_view name;  // as in --endpoint-type
  absl::string_view path;  // of a POST, below the base URL

  // --- traits ---
  bool produces_tokens;  // an answer without output is an error
  Framing framing;
  bool takes_batches;     // several texts in one request
  bool takes_roles;       // messages have roles other than "user"
  bool takes_history;     // a body holds the earlier turns of its conversation
  bool has_legacy_limit;  // use_legacy_max_tokens changes the name of its output limit

  // --- requests ---
  // Top-level keys of a body, in order; extra inputs are merged in later.
  std::vector<BodyField> (*body_fields)(const v1::Endpoint& endpoint);
  // Keys that may limit the output tokens.
  absl::Span<const absl::string_view> output_limit_keys;

  // --- answers ---
  std::unique_ptr<ResponseReader> (*make_reader)();
  ModelListing models;

  bool can_stream() const { return framing != Framing::kNone; }
};

// All dialects, in the order of help texts.
absl::Span<const Dialect* const> Dialects();

// nullptr for a type without a dialect.
const Dialect* FindDialect(v1::EndpointType type);

// The dialect whose default path, without its "/v1", ends the given path; nullptr = none.
const Dialect* FindDialectByPath(absl::string_view path);

// The dialect of a validated plan; a type without one is our own mistake and ends the process.
const Dialect& DialectOf(const v1::Endpoint& endpoint);

// The answers of this endpoint come as a stream.
bool IsStreaming(const v1::Endpoint& endpoint);

}  // namespace drumfire
