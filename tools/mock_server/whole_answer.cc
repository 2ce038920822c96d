#include "tools/mock_server/whole_answer.h"

#include "absl/strings/str_cat.h"
#include "tools/mock_server/json_text.h"
#include "tools/mock_server/words.h"

namespace drumfire::mock {
namespace {

constexpr absl::string_view kVector =
    "[0.0125,-0.25,0.5,0.0625,-0.125,0.75,-0.5,0.03125,0.25,-0.0625,0.125,-0.75,0.375,-0.375,0.1,-"
    "0.1]";

std::string Words(int64_t from, int64_t to) {
  std::string text;
  for (int64_t i = from; i < to; ++i) {
    const absl::string_view word = TokenWord(static_cast<uint64_t>(i));
    text.append(word.data(), word.size());
  }
  return text;
}

absl::string_view ReasoningField(Persona persona) {
  return persona == Persona::kVllm ? "reasoning" : "reasoning_content";
}

std::string ChatChoices(const AnswerIdentity& identity, const Usage& usage) {
  std::string reasoning;
  if (usage.reasoning_tokens > 0) {
    reasoning = absl::StrCat(",\"", ReasoningField(identity.persona), "\":\"",
                             Words(0, usage.reasoning_tokens), "\"");
  }
  return absl::StrCat(R"("choices":[{"index":0,"message":{"role":"assistant","content":")",
                      Words(usage.reasoning_tokens, usage.completion_tokens), "\"", reasoning,
                      R"(},"logprobs":null,"finish_reason":"$finish"}])");
}

std::string CompletionsChoices(const Usage& usage) {
  return absl::StrCat(R"("choices":[{"index":0,"text":")", Words(0, usage.completion_tokens),
                      R"(","logprobs":null,"finish_reason":"$finish"}])");
}

}  // namespace

std::string GenerationBody(const AnswerIdentity& identity, const Usage& usage) {
  const bool chat = identity.kind == ApiKind::kChat;
  const Envelope envelope = MakeEnvelope(identity, chat ? "chat.completion" : "text_completion");
  const std::string choices = chat ? ChatChoices(identity, usage) : CompletionsChoices(usage);
  return absl::StrCat(envelope.front, WithFinishReason(choices, identity.finish_reason),
                      envelope.middle, ",", UsageJson(identity.persona, usage), envelope.back);
}

std::string EmbeddingsBody(absl::string_view model, int64_t inputs, int64_t prompt_tokens) {
  std::string body = R"({"object":"list","data":[)";
  for (int64_t i = 0; i < inputs; ++i) {
    absl::StrAppend(&body, i == 0 ? "" : ",", R"({"object":"embedding","index":)", i,
                    R"(,"embedding":)", kVector, "}");
  }
  absl::StrAppend(&body, R"(],"model":)", JsonQuoted(model), R"(,"usage":{"prompt_tokens":)",
                  prompt_tokens, R"(,"total_tokens":)", prompt_tokens, "}}");
  return body;
}

std::string ModelsBody(absl::string_view model, int64_t created_s) {
  return absl::StrCat(R"({"object":"list","data":[{"id":)", JsonQuoted(model),
                      R"(,"object":"model","created":)", created_s,
                      R"(,"owned_by":"drumfire-mock"}]})");
}

}  // namespace drumfire::mock
