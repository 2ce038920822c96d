// The secret parts of a run's requests: values of headers, and values in the queries of targets
// ("?api_key=..."). A plan is written into many files, so it holds "<redacted>" in their place; the
// requests themselves take the real query from v1::RequestSecrets.
//
//     MoveSecretQueries(&plan, &secrets);  // once, before anything is made from the plan
//     ...
//     url.query = QueryOf(secrets, i, url.query);  // where a request to plan.urls(i) is made
//
// Pure functions; any thread.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/text/known_secrets.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// Redacts the secret values in plan.urls and in the query of endpoint.path. secrets.queries gets
// the whole query for each URL whose requests would have held one. The plan may be invalid
// otherwise.
void MoveSecretQueries(v1::Plan* plan, v1::RequestSecrets* secrets);

// INVALID_ARGUMENT unless there is a query, or none, for each URL of the plan. Never repeats one.
absl::Status CheckSecretQueries(const v1::Plan& plan, const v1::RequestSecrets& secrets);

// The query of requests to plan.urls(url), whose own is own_query. url: of the plan.
std::string QueryOf(const v1::RequestSecrets& secrets, int url, const std::string& own_query);

bool HasSecrets(const v1::RequestSecrets& secrets);

// All of them, to be struck from texts that come back.
KnownSecrets SecretsIn(const v1::RequestSecrets& secrets);

}  // namespace drumfire
