// Does each dialect find what an event holds, and does the way through a learnt shape give the same
// as the JSON parser?
#include "common/dialect/response_reader.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/dialect/dialect.h"

namespace drumfire {
namespace {

using Kind = EventContent::Kind;

struct Found {
  EventContent content;
  std::string text, reasoning;
};

Found ReadEvent(ResponseReader* reader, absl::string_view data, EventShape* shape) {
  Found found;
  TextSink sink{&found.text, &found.reasoning, 1000};
  reader->ReadEvent(data, shape, &sink, &found.content);
  return found;
}

Found ReadFresh(absl::string_view data, v1::EndpointType type = v1::ENDPOINT_CHAT) {
  EventShape shape;
  return ReadEvent(FindDialect(type)->make_reader().get(), data, &shape);
}

// "prompt/completion/total/reasoning/cached", '-' for what is absent, '?' at the end when something
// was no count.
std::string UsageText(const TokenUsage& usage) {
  std::string text;
  for (const std::optional<uint32_t>& count :
       {usage.prompt_tokens, usage.completion_tokens, usage.total_tokens, usage.reasoning_tokens,
        usage.cached_prompt_tokens}) {
    absl::StrAppend(&text, text.empty() ? "" : "/", count ? absl::StrCat(*count) : "-");
  }
  return text + (usage.is_malformed ? "?" : "");
}

std::string Describe(const Found& found) {
  const EventContent& content = found.content;
  if (content.kind == Kind::kMalformed) return "malformed";
  return absl::StrCat(static_cast<int>(content.kind), " text=", found.text,
                      content.has_text ? "!" : "", " reasoning=", found.reasoning,
                      content.has_reasoning ? "!" : "", content.has_answer ? " answer" : "",
                      content.has_usage ? " usage=" : " ", UsageText(content.usage));
}

TEST(ResponseReaderErrors, TellsMalformedEvents) {
  for (absl::string_view data :
       {"", "x", "[]", "\"a\"", "null", "{", "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]",
        "{\"choices\":[}", "{\"choices\":[]}}", "{\"choices\":[]} x", "{\"choices\":\"a\nb\"}",
        "[DONE]x"}) {
    EXPECT_EQ(ReadFresh(data).content.kind, Kind::kMalformed) << data;
  }
}

// Found by fuzzing: the byte behind an event was the last one's, and decided.
TEST(ResponseReaderErrors, WhatCameBeforeDoesNotDecideAboutABadEvent) {
  const std::string bad = R"({"id":"c","choices":[{"x":1},"y":"c","":null}]})";
  const auto reader = FindDialect(v1::ENDPOINT_CHAT)->make_reader();
  EventShape shape;
  const std::string first = Describe(ReadEvent(reader.get(), bad, &shape));
  EXPECT_EQ(Describe(ReadEvent(reader.get(), "\n" + bad, &shape)), first);
  EXPECT_EQ(Describe(ReadEvent(reader.get(), bad, &shape)), first);
}

TEST(ResponseReaderErrors, SurvivesDeepNesting) {
  const std::string deep =
      absl::StrCat("{\"choices\":", std::string(100'000, '['), std::string(100'000, ']'), "}");
  ReadFresh(deep);
}

TEST(ResponseReaderErrors, FindsErrorsOfAnyShape) {
  for (absl::string_view error :
       {"{\"message\":\"x\"}", "\"text\"", "{}", "[\"x\"]", "500", "true"}) {
    EXPECT_EQ(ReadFresh(absl::StrCat("{\"choices\":[],\"error\":", error, "}")).content.kind,
              Kind::kError)
        << error;
  }
  for (absl::string_view none : {"null", "\"\"", " null "}) {
    EXPECT_EQ(ReadFresh(absl::StrCat("{\"error\":", none, ",\"choices\":[]}")).content.kind,
              Kind::kContent)
        << none;
  }
}

TEST(ResponseReaderErrors, FindsErrorsThatAreTheObjectItself) {
  EXPECT_EQ(ReadFresh(R"({"object":"error","message":"boom","code":500})").content.kind,
            Kind::kError);
  EXPECT_EQ(ReadFresh(R"({"object":"chat.completion.chunk","choices":[]})").content.kind,
            Kind::kContent);
}

TEST(ResponseReader, ErrorInATextIsNone) {
  EXPECT_EQ(Describe(ReadFresh(R"({"choices":[{"delta":{"content":"\"error\":1"},"error":1}]})")),
            "0 text=\\\"error\\\":1! reasoning= answer -/-/-/-/-");
}

TEST(ResponseReader, TellsTheEnd) {
  EXPECT_EQ(ReadFresh("[DONE]").content.kind, Kind::kDone);
  EXPECT_EQ(ReadFresh(" [DONE] ").content.kind, Kind::kDone);
}

TEST(ResponseReader, TakesBytesThatAreNotUtf8AsTheyCome) {
  EXPECT_EQ(ReadFresh("{\"choices\":[{\"delta\":{\"content\":\"a\xF0\x9F\"}}]}").text, "a\xF0\x9F");
}

TEST(ResponseReader, ToleratesOddTypes) {
  for (absl::string_view field :
       {"\"choices\":null", "\"choices\":{}", "\"choices\":[1,null,[]]",
        "\"choices\":[{\"delta\":null}]",
        "\"choices\":[{\"delta\":{\"content\":5,\"tool_calls\":{},\"reasoning\":[]}}]",
        "\"usage\":5", "\"usage\":{\"prompt_tokens\":\"x\",\"prompt_tokens_details\":7}"}) {
    const Found found = ReadFresh(absl::StrCat("{", field, "}"));
    EXPECT_EQ(found.content.kind, Kind::kContent) << field;
    EXPECT_FALSE(found.content.has_text || found.content.has_reasoning || found.content.has_usage)
        << field;
  }
}

TEST(ResponseReader, ReadsUsage) {
  const Found found = ReadFresh(
      R"({"usage":{"prompt_tokens":1.0,"completion_tokens":4294967295,"total_tokens":3,)"
      R"("completion_tokens_details":{"reasoning_tokens":4},"prompt_tokens_details":{"cached_tokens":5}}})");
  EXPECT_EQ(Describe(found), "0 text= reasoning= usage=1/4294967295/3/4/5");
}

TEST(ResponseReader, AZeroThatWasSentIsNotAnAbsentCount) {
  EXPECT_EQ(UsageText(ReadFresh(R"({"usage":{"prompt_tokens":1,"completion_tokens":0,)"
                                R"("completion_tokens_details":{"reasoning_tokens":0},)"
                                R"("prompt_tokens_details":{"cached_tokens":0}}})")
                          .content.usage),
            "1/0/-/0/0");
  EXPECT_EQ(UsageText(ReadFresh(R"({"usage":{"prompt_tokens":1}})").content.usage), "1/-/-/-/-");
}

TEST(ResponseReaderErrors, AUsageThatIsNoCountIsAbsentAndTold) {
  for (absl::string_view value : {"9007199254740993", "4294967296", "-1", "\"12\"", "null", "true",
                                  "{}", "[3]", "1e300", "12.5", "-0.5"}) {
    const Found found =
        ReadFresh(absl::StrCat(R"({"usage":{"prompt_tokens":7,"completion_tokens":)", value, "}}"));
    EXPECT_EQ(UsageText(found.content.usage), "7/-/-/-/-?") << value;
    EXPECT_TRUE(found.content.has_usage) << value;
  }
  EXPECT_EQ(
      UsageText(
          ReadFresh(R"({"usage":{"total_tokens":1,"prompt_tokens_details":{"cached_tokens":-2}}})")
              .content.usage),
      "-/-/1/-/-?");
}

TEST(ResponseReader, NullInTheDetailsOfUsageIsAbsentAndFine) {
  EXPECT_EQ(
      UsageText(ReadFresh(R"({"usage":{"total_tokens":1,"completion_tokens_details":null,)"
                          R"("prompt_tokens_details":{"audio_tokens":null,"cached_tokens":null}}})")
                    .content.usage),
      "-/-/1/-/-");
}

TEST(ResponseReader, ReadsLegacyFunctionCallsAndParts) {
  EXPECT_EQ(
      ReadFresh(R"({"choices":[{"delta":{"function_call":{"name":"f","arguments":"{}"}}}]})").text,
      "f{}");
  EXPECT_EQ(
      ReadFresh(R"({"choices":[{"delta":{"content":[{"type":"text","text":"a"},{"text":"b"}]}}]})")
          .text,
      "ab");
}

TEST(ResponseReader, EmbeddingsHaveNoText) {
  EXPECT_EQ(
      Describe(ReadFresh(
          R"({"data":[{"embedding":[1,2]}],"choices":[{"text":"x"}],"usage":{"total_tokens":2}})",
          v1::ENDPOINT_EMBEDDINGS)),
      "0 text= reasoning= answer usage=-/-/2/-/-");
}

TEST(ResponseReader, KeepsNoMoreThanTheBound) {
  Found found;
  TextSink sink{&found.text, nullptr, 3};
  EventShape shape;
  FindDialect(v1::ENDPOINT_CHAT)
      ->make_reader()
      ->ReadEvent(R"({"choices":[{"delta":{"content":"abcd","reasoning":"r"}}]})", &shape, &sink,
                  &found.content);
  EXPECT_EQ(found.text, "abc");
  EXPECT_TRUE(sink.cut);
}

std::vector<std::string> EventFrames() {
  return {
      R"({"id":"c1","choices":[{"index":0,"delta":{"content":"@"},"logprobs":null,"finish_reason":null}]})",
      R"({"id": "c1", "choices": [{"index": 0, "delta": {"role": "assistant", "content": "@"}}], "usage": null})",
      R"({"choices":[{"delta":{"reasoning_content":"@"}}]})",
      R"({"choices":[{"delta":{"content":"","reasoning":"@"}}]})",
      R"({"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"@"}}]}}],"usage":{"total_tokens":0}})",
      R"({"choices":[{"text":"@","logprobs":{"content":[{"token":"@"}]}}],"error":null})",
      R"({"choices":[{"index":0,"delta":{}}],"usage":{"prompt_tokens":1,"total_tokens":2},"x":"@"})",
      R"({"id":"@","choices":[{"delta":{"content":"same"}}]})",
      R"({"choices":[{"delta":{"content":"@"}}],"usage":{"completion_tokens":"x"}})",
  };
}

std::string RandomText(std::mt19937* random) {
  const std::vector<std::string> pieces = {"a",
                                           " the",
                                           "",
                                           "\\n",
                                           "\\\"",
                                           "\\\\",
                                           "\\u00e9",
                                           "\xC3\xA9",
                                           "\xF0",
                                           "\"",
                                           "\\",
                                           "\n",
                                           "}",
                                           "\",\"content\":\"",
                                           "\"}}],\"error\":{",
                                           "{\"",
                                           "]",
                                           ":",
                                           "\x01"};
  std::string text;
  for (size_t count = (*random)() % 4; count > 0; --count)
    text += pieces[(*random)() % pieces.size()];
  return text;
}

void Mutate(std::mt19937* random, std::string* event) {
  const size_t at = (*random)() % event->size();
  switch ((*random)() % 4) {
    case 0:
      (*event)[at] = static_cast<char>((*random)());
      break;
    case 1:
      event->erase(at, 1 + (*random)() % 5);
      break;
    case 2:
      event->insert(at, 1, "\"\\{}[]:,"[(*random)() % 8]);
      break;
    default:
      break;
  }
}

TEST(ResponseReaderProperty, ALearntShapeChangesNothing) {
  for (v1::EndpointType type : {v1::ENDPOINT_CHAT, v1::ENDPOINT_COMPLETIONS}) {
    const std::unique_ptr<ResponseReader> reader = FindDialect(type)->make_reader();
    for (uint32_t seed = 0; seed < 3000; ++seed) {
      SCOPED_TRACE(absl::StrCat("seed ", seed));
      std::mt19937 random(seed);
      const std::string frame = EventFrames()[random() % EventFrames().size()];
      EventShape learnt;
      for (int i = 0; i < 6; ++i) {
        std::string event = absl::StrReplaceAll(frame, {{"@", RandomText(&random)}});
        if (i > 2) Mutate(&random, &event);
        EventShape fresh;
        ASSERT_EQ(Describe(ReadEvent(reader.get(), event, &learnt)),
                  Describe(ReadEvent(reader.get(), event, &fresh)))
            << event;
      }
    }
  }
}

TEST(EventShape, MatchesOnlyItsFrameWithAWholeText) {
  EventShape shape;
  const std::string event = R"({"a":"text"})";
  shape.Learn(event, absl::string_view(event).substr(6, 4), false);
  absl::string_view text;
  EXPECT_TRUE(shape.Match(R"({"a":"x\"y"})", &text));
  EXPECT_EQ(text, "x\\\"y");
  EXPECT_TRUE(shape.Match(R"({"a":""})", &text));
  for (absl::string_view other :
       {R"({"a":"x"y"})", R"({"a":"x\"})", R"({"a":")", R"({"b":"x"})", R"({"a":"x"} )", ""}) {
    EXPECT_FALSE(shape.Match(other, &text)) << other;
  }
}

TEST(EventShape, DoesNotLearnLargeFrames) {
  EventShape shape;
  const std::string event = absl::StrCat("{\"a\":\"t\",\"b\":\"", std::string(5000, 'x'), "\"}");
  shape.Learn(event, absl::string_view(event).substr(6, 1), false);
  absl::string_view text;
  EXPECT_FALSE(shape.Match(event, &text));
}

}  // namespace
}  // namespace drumfire
