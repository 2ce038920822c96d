// Does the reader of a refusal learn which flag changes it, and only then?
#include "coordinator/results/refusal_diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drumfire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

v1::Plan Chat() {
  v1::Plan plan;
  plan.mutable_endpoint()->set_type(v1::ENDPOINT_CHAT);
  plan.mutable_endpoint()->set_streaming(true);
  return plan;
}

std::vector<std::string> AdviceFor(const v1::Plan& plan, uint32_t code, const std::string& message,
                                   const std::string& type = "Bad Request") {
  return DiagnoseRefusals(plan, {{{code, type, message}, 3}});
}

TEST(RefusalDiagnosis, NamesTheFlagWhenStreamOptionsAreRefused) {
  const std::string message = R"({"error":"Unknown parameter: 'stream_options'."})";
  EXPECT_THAT(AdviceFor(Chat(), 400, message), ElementsAre(HasSubstr("--no-stream-usage")));
  EXPECT_THAT(AdviceFor(Chat(), 0, message), IsEmpty());
  v1::Plan without = Chat();
  without.mutable_endpoint()->set_omit_stream_usage(true);
  EXPECT_THAT(AdviceFor(without, 400, message), IsEmpty());
}

TEST(RefusalDiagnosis, NamesTheFlagWhenTheNewLimitIsRefused) {
  const std::string message =
      R"({"detail":[{"loc":["body","max_completion_tokens"],"msg":"extra fields not permitted"}]})";
  v1::Plan legacy = Chat();
  legacy.mutable_endpoint()->set_extra_inputs_json(R"({"top_k":3})");
  EXPECT_THAT(AdviceFor(legacy, 422, message), ElementsAre(HasSubstr("--use-legacy-max-tokens")));
  legacy.mutable_endpoint()->set_use_legacy_max_tokens(true);
  EXPECT_THAT(AdviceFor(legacy, 422, message), IsEmpty());
}

TEST(RefusalDiagnosis, NamesExtraInputsOnlyWhenThereAreSome) {
  const std::string message = R"({"message":"Unsupported parameter(s): ignore_eos","code":400})";
  EXPECT_THAT(AdviceFor(Chat(), 400, message), IsEmpty());
  v1::Plan plan = Chat();
  plan.mutable_endpoint()->set_extra_inputs_json(R"({"ignore_eos":true})");
  EXPECT_THAT(AdviceFor(plan, 400, message), ElementsAre(HasSubstr("--extra-inputs")));
  EXPECT_THAT(AdviceFor(plan, 400, "the prompt is too long"), IsEmpty());
}

TEST(RefusalDiagnosis, NamesKeyPathAndCertificateFlags) {
  EXPECT_THAT(AdviceFor(Chat(), 401, "Unauthorized"), ElementsAre(HasSubstr("--api-key-env")));
  EXPECT_THAT(AdviceFor(Chat(), 403, "no"), ElementsAre(HasSubstr("--api-key-file")));
  EXPECT_THAT(AdviceFor(Chat(), 404, ""), ElementsAre(HasSubstr("--model")));
  EXPECT_THAT(AdviceFor(Chat(), 0, "self-signed certificate", "TlsError"),
              ElementsAre(testing::AllOf(HasSubstr("--ca-cert"), HasSubstr("--insecure"))));
  EXPECT_THAT(AdviceFor(Chat(), 503, "busy"), IsEmpty());
}

}  // namespace
}  // namespace drumfire
