// Do requests hold the secrets of their URL, and the plan none?
#include "common/endpoint/request_secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/plan/plan_hash.h"

namespace drumfire {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

v1::Plan PlanFor(const std::vector<std::string>& urls, const std::string& path = "") {
  v1::Plan plan;
  for (const std::string& url : urls) plan.add_urls(url);
  plan.mutable_endpoint()->set_path(path);
  return plan;
}

TEST(RequestSecretsTest, ThePlanHoldsNoSecret) {
  v1::Plan plan = PlanFor({"http://a/v1?x=1&api_key=MARKER", "http://b?x=2"});
  v1::RequestSecrets secrets;
  MoveSecretQueries(&plan, &secrets);
  EXPECT_THAT(plan.urls(), ElementsAre("http://a/v1?x=1&api_key=<redacted>", "http://b?x=2"));
  EXPECT_THAT(SerializePlan(plan), Not(HasSubstr("MARKER")));
  EXPECT_THAT(secrets.queries(), ElementsAre("?x=1&api_key=MARKER", ""));
  EXPECT_TRUE(CheckSecretQueries(plan, secrets).ok());
  EXPECT_EQ(QueryOf(secrets, 0, "?x=1&api_key=<redacted>"), "?x=1&api_key=MARKER");
  EXPECT_EQ(QueryOf(secrets, 1, "?x=2"), "?x=2");
}

TEST(RequestSecretsTest, TheEndpointsQueryIsThatOfUrlsWithoutOne) {
  v1::Plan plan = PlanFor({"http://a", "http://b?x=2"}, "v1/x?sig=MARKER");
  v1::RequestSecrets secrets;
  MoveSecretQueries(&plan, &secrets);
  EXPECT_EQ(plan.endpoint().path(), "v1/x?sig=<redacted>");
  EXPECT_THAT(secrets.queries(), ElementsAre("?sig=MARKER", ""));
}

TEST(RequestSecretsTest, APlanWithoutSecretsStays) {
  for (const char* url :
       {"http://a", "http://a?api_key", "http://a?x=1#token=2", "no url at all"}) {
    v1::Plan plan = PlanFor({url}, "/v1?api-version=2");
    v1::RequestSecrets secrets;
    MoveSecretQueries(&plan, &secrets);
    EXPECT_FALSE(HasSecrets(secrets)) << url;
    EXPECT_EQ(plan.endpoint().path(), "/v1?api-version=2");
    EXPECT_EQ(QueryOf(secrets, 0, "?x"), "?x");
  }
}

TEST(RequestSecretsTest, QueriesOfAPeerAreChecked) {
  const v1::Plan plan = PlanFor({"http://a"});
  for (const char* query :
       {"x=MARKER", "?x=MARKER HTTP/1.1\r\nHost: b", "/MARKER?x", "?MARKER#x"}) {
    v1::RequestSecrets secrets;
    secrets.add_queries(query);
    const absl::Status checked = CheckSecretQueries(plan, secrets);
    EXPECT_EQ(checked.code(), absl::StatusCode::kInvalidArgument) << query;
    EXPECT_THAT(std::string(checked.message()), Not(HasSubstr("MARKER")));
  }
  v1::RequestSecrets too_many;
  too_many.add_queries("?x=1");
  too_many.add_queries("?x=1");
  EXPECT_FALSE(CheckSecretQueries(plan, too_many).ok());
}

TEST(RequestSecretsTest, AllAreStruckFromTextsThatComeBack) {
  v1::RequestSecrets secrets;
  secrets.add_headers()->set_value("Bearer MARKER-1");
  secrets.add_queries("?x=1&token=MARKER-2");
  EXPECT_EQ(SecretsIn(secrets).Strike("key MARKER-1, token MARKER-2"),
            "key <redacted>, token <redacted>");
}

}  // namespace
}  // namespace drumfire
