#include "common/endpoint/request_secrets.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/net/url.h"

namespace drumfire {
namespace {

// "" for a text that is no URL.
std::string QueryIn(absl::string_view url) {
  const absl::StatusOr<Url> parsed = ParseUrl(url);
  return parsed.ok() ? parsed->query : "";
}

std::string SecretOrNone(const std::string& query) {
  return WithoutSecrets(query) == query ? "" : query;
}

}  // namespace

void MoveSecretQueries(v1::Plan* plan, v1::RequestSecrets* secrets) {
  v1::Endpoint* endpoint = plan->mutable_endpoint();
  const std::string path_query = QueryIn(absl::StrCat("host/", endpoint->path()));
  for (std::string& url : *plan->mutable_urls()) {
    const std::string url_query = QueryIn(url);
    secrets->add_queries(SecretOrNone(url_query.empty() ? path_query : url_query));
    url = WithoutSecrets(url);
  }
  endpoint->set_path(WithoutSecrets(endpoint->path()));
  const auto& queries = secrets->queries();
  if (std::all_of(queries.begin(), queries.end(), [](const auto& query) { return query.empty(); }))
    secrets->clear_queries();
}

absl::Status CheckSecretQueries(const v1::Plan& plan, const v1::RequestSecrets& secrets) {
  if (secrets.queries().empty()) return absl::OkStatus();
  if (secrets.queries_size() != plan.urls_size()) {
    return absl::InvalidArgumentError(
        absl::StrCat(secrets.queries_size(), " secret queries for ", plan.urls_size(), " URLs"));
  }
  for (const std::string& query : secrets.queries()) {
    if (query.empty() || QueryIn(absl::StrCat("host", query)) == query) continue;
    return absl::InvalidArgumentError("a secret query is not a URL's query");
  }
  return absl::OkStatus();
}

std::string QueryOf(const v1::RequestSecrets& secrets, int url, const std::string& own_query) {
  if (url >= secrets.queries_size() || secrets.queries(url).empty()) return own_query;
  return secrets.queries(url);
}

bool HasSecrets(const v1::RequestSecrets& secrets) {
  return !secrets.headers().empty() || !secrets.queries().empty();
}

KnownSecrets SecretsIn(const v1::RequestSecrets& secrets) {
  KnownSecrets known;
  for (const v1::Header& header : secrets.headers()) known.AddHeaderValue(header.value());
  for (const std::string& query : secrets.queries()) known.AddUrl(query);
  return known;
}

}  // namespace drumfire
