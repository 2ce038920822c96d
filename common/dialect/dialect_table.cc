#include <cstdio>
#include <cstdlib>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "common/dialect/dialect.h"

namespace drumfire {

extern const Dialect kChatDialect;
extern const Dialect kCompletionsDialect;
extern const Dialect kEmbeddingsDialect;

namespace {

// "/v1/chat/completions" -> "/chat/completions"
absl::string_view Ending(const Dialect& dialect) {
  return dialect.path.substr(dialect.path.find('/', 1));
}

constexpr const Dialect* kDialects[] = {
    &kChatDialect,
    &kCompletionsDialect,
    &kEmbeddingsDialect,
};

}  // namespace

absl::Span<const Dialect* const> Dialects() { return kDialects; }

const Dialect* FindDialect(v1::EndpointType type) {
  const auto* const* found =
      absl::c_find_if(kDialects, [type](const Dialect* dialect) { return dialect->type == type; });
  return found == std::end(kDialects) ? nullptr : *found;
}

const Dialect* FindDialectByPath(absl::string_view path) {
  const Dialect* best = nullptr;
  for (const Dialect* dialect : kDialects) {
    const absl::string_view ending = Ending(*dialect);
    if (!absl::EndsWith(path, ending)) continue;
    if (best == nullptr || ending.size() > Ending(*best).size()) best = dialect;
  }
  return best;
}

const Dialect& DialectOf(const v1::Endpoint& endpoint) {
  const Dialect* dialect = FindDialect(endpoint.type());
  if (dialect != nullptr) return *dialect;
  std::fprintf(stderr, "no dialect for endpoint type %d\n", static_cast<int>(endpoint.type()));
  std::abort();
}

bool IsStreaming(const v1::Endpoint& endpoint) {
  return endpoint.streaming() && DialectOf(endpoint).can_stream();
}

}  // namespace drumfire
