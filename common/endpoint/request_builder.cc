#include "common/endpoint/request_builder.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "common/dialect/body_template.h"
#include "common/dialect/dialect.h"
#include "common/endpoint/head_template.h"
#include "common/endpoint/request_secrets.h"
#include "common/net/url.h"
#include "glog/logging.h"

namespace drumfire {
namespace {

using Headers = google::protobuf::RepeatedPtrField<v1::Header>;

std::string EndpointPath(const v1::Endpoint& endpoint) {
  if (endpoint.path().empty()) return std::string(DialectOf(endpoint).path);
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
      : plan_(plan),
        dataset_(dataset),
        body_(std::move(body)),
        texts_(DialectOf(plan.endpoint()).takes_batches ? std::max(1u, plan.endpoint().batch_size())
                                                        : 1) {}

  void AddUrl(Url url, const std::string& query, const std::vector<v1::Header>& headers) {
    full_urls_.push_back(url.ToString());
    url.query = query;
    heads_.emplace_back(url, IsStreaming(plan_.endpoint()), headers);
  }

  void AppendBody(const TurnRef& turn, uint32_t model, std::string* out) const override {
    CHECK_EQ(turn.replies.size(), turn.turn) << "every turn before was answered";
    const absl::string_view own_model = dataset_->Info(turn.entry).model;
    const TurnInfo info = dataset_->Turn(turn.entry, turn.turn);
    absl::InlinedVector<std::string, 1> texts(texts_);
    for (uint32_t i = 0; i < texts_; ++i) dataset_->AppendText(turn.entry, turn.turn, i, &texts[i]);
    const std::vector<std::string> earlier = EarlierTexts(turn);
    const std::vector<Message> history = HistoryOf(turn, earlier);
    body_.AppendBody(
        {.model = own_model.empty() ? plan_.models(static_cast<int>(model)) : own_model,
         .history = history,
         .role = info.role,
         .texts = texts,
         .output_limit = info.requested_osl,
         .extra_json = info.extra_json},
        out);
  }

  void AppendHead(uint32_t url, absl::string_view request_id, absl::string_view correlation_id,
                  size_t body_bytes, std::string* out) const override {
    heads_[url].Append(request_id, correlation_id, body_bytes, out);
  }

  const std::string& FullUrl(uint32_t url) const override { return full_urls_[url]; }

 private:
  std::vector<std::string> EarlierTexts(const TurnRef& turn) const {
    std::vector<std::string> texts(turn.turn);
    for (uint32_t i = 0; i < turn.turn; ++i) dataset_->AppendText(turn.entry, i, 0, &texts[i]);
    return texts;
  }

  std::vector<Message> HistoryOf(const TurnRef& turn,
                                 const std::vector<std::string>& earlier) const {
    std::vector<Message> history;
    for (uint32_t i = 0; i < turn.turn; ++i) {
      history.push_back({dataset_->Turn(turn.entry, i).role, earlier[i]});
      history.push_back({"assistant", turn.replies[i]});
    }
    return history;
  }

  const v1::Plan& plan_;
  const Dataset* const dataset_;
  const BodyTemplate body_;
  const uint32_t texts_;  // in one request
  std::vector<HeadTemplate> heads_;
  std::vector<std::string> full_urls_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<RequestBuilder>> RequestBuilder::Create(
    const v1::Plan& plan, const v1::RequestSecrets& secrets, const Dataset* dataset) {
  absl::StatusOr<std::vector<v1::Header>> headers =
      CheckedHeaders(plan.endpoint().headers(), secrets.headers());
  if (!headers.ok()) return headers.status();
  if (absl::Status checked = CheckSecretQueries(plan, secrets); !checked.ok()) return checked;
  const Dialect* dialect = FindDialect(plan.endpoint().type());
  if (dialect == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("endpoint type ", plan.endpoint().type(), " is not known"));
  }
  absl::StatusOr<BodyTemplate> body = BodyTemplate::Create(*dialect, plan.endpoint());
  if (!body.ok()) return body.status();
  auto builder = std::make_unique<TemplateBuilder>(plan, dataset, *std::move(body));
  // The path stands in the request line: parsed as a URL's, so that nothing in it can break the
  // head.
  const absl::StatusOr<Url> path = ParseUrl(absl::StrCat("host", EndpointPath(plan.endpoint())));
  if (!path.ok())
    return absl::InvalidArgumentError(absl::StrCat("endpoint path: ", path.status().message()));
  for (int i = 0; i < plan.urls_size(); ++i) {
    const absl::StatusOr<Url> base = ParseUrl(plan.urls(i));
    if (!base.ok()) return base.status();
    Url url = JoinEndpoint(*base, path->path);
    if (url.query.empty()) url.query = path->query;
    builder->AddUrl(url, QueryOf(secrets, i, url.query), *headers);
  }
  return builder;
}

}  // namespace drumfire
