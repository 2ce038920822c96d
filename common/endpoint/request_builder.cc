#include "common/endpoint/request_builder.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/endpoint/body_template.h"
#include "common/endpoint/head_template.h"
#include "common/net/url.h"

namespace drumfire {
namespace {

using Headers = google::protobuf::RepeatedPtrField<v1::Header>;

absl::string_view DefaultPath(v1::EndpointType type) {
  switch (type) {
    case v1::ENDPOINT_COMPLETIONS:
      return "/v1/completions";
    case v1::ENDPOINT_EMBEDDINGS:
      return "/v1/embeddings";
    default:
      return "/v1/chat/completions";
  }
}

std::string EndpointPath(const v1::Endpoint& endpoint) {
  if (endpoint.path().empty()) return std::string(DefaultPath(endpoint.type()));
  return endpoint.path().front() == '/' ? endpoint.path() : absl::StrCat("/", endpoint.path());
}

absl::StatusOr<std::vector<v1::Header>> CheckedHeaders(const Headers& plain,
                                                       const Headers& secret) {
  std::vector<v1::Header> headers(plain.begin(), plain.end());
  headers.insert(headers.end(), secret.begin(), secret.end());
  for (const v1::Header& header : headers) {
    absl::Status status = CheckHeader(header);
    if (!status.ok()) return status;
  }
  return headers;
}

class TemplateBuilder : public RequestBuilder {
 public:
  TemplateBuilder(const v1::Plan& plan, const Dataset* dataset, BodyTemplate body)
      : plan_(plan), dataset_(dataset), body_(std::move(body)) {}

  void AddUrl(const Url& url, const std::vector<v1::Header>& headers) {
    const v1::Endpoint& endpoint = plan_.endpoint();
    const bool streaming = endpoint.streaming() && endpoint.type() != v1::ENDPOINT_EMBEDDINGS;
    heads_.emplace_back(url, streaming, headers);
    full_urls_.push_back(url.ToString());
  }

  void AppendBody(uint64_t entry, uint32_t model, std::string* out) const override {
    body_.AppendBody(*dataset_, entry, plan_.models(static_cast<int>(model)), out);
  }

  void AppendHead(uint32_t url, absl::string_view request_id, absl::string_view correlation_id,
                  size_t body_bytes, std::string* out) const override {
    heads_[url].Append(request_id, correlation_id, body_bytes, out);
  }

  const std::string& FullUrl(uint32_t url) const override { return full_urls_[url]; }

 private:
  const v1::Plan& plan_;
  const Dataset* const dataset_;
  const BodyTemplate body_;
  std::vector<HeadTemplate> heads_;
  std::vector<std::string> full_urls_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<RequestBuilder>> RequestBuilder::Create(
    const v1::Plan& plan, const Headers& secret_headers, const Dataset* dataset) {
  absl::StatusOr<std::vector<v1::Header>> headers =
      CheckedHeaders(plan.endpoint().headers(), secret_headers);
  if (!headers.ok()) return headers.status();
  absl::StatusOr<BodyTemplate> body = BodyTemplate::Create(plan.endpoint());
  if (!body.ok()) return body.status();
  auto builder = std::make_unique<TemplateBuilder>(plan, dataset, *std::move(body));
  // The path stands in the request line: parsed as a URL's, so that nothing in it can break the
  // head.
  const absl::StatusOr<Url> path = ParseUrl(absl::StrCat("host", EndpointPath(plan.endpoint())));
  if (!path.ok())
    return absl::InvalidArgumentError(absl::StrCat("endpoint path: ", path.status().message()));
  for (const std::string& text : plan.urls()) {
    const absl::StatusOr<Url> base = ParseUrl(text);
    if (!base.ok()) return base.status();
    Url url = JoinEndpoint(*base, path->path);
    if (url.query.empty()) url.query = path->query;
    builder->AddUrl(url, *headers);
  }
  return builder;
}

}  // namespace drumfire
