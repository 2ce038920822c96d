// Reads Hugging Face tokenizer.json files that hold a byte-level BPE model.
#include <simdjson.h>

#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/tokens/bpe_tokenizer.h"
#include "common/tokens/byte_alphabet.h"
#include "common/tokens/hugging_face_pre_tokenizer.h"
#include "common/tokens/json_fields.h"
#include "common/tokens/tokenizer.h"

namespace drumfire {
namespace {

using simdjson::dom::element;

constexpr absl::string_view kByteLevelOnly = " (only byte-level BPE is supported)";

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

absl::Status Invalid(absl::string_view field, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", what));
}

// Refuses the kinds of model that this reader would encode wrongly.
absl::Status CheckModelKind(element model) {
  const absl::string_view type = StringField(model, "type", "BPE");
  if (type != "BPE") {
    return Invalid("model.type",
                   absl::StrCat("found \"", type, "\", expected \"BPE\"", kByteLevelOnly));
  }
  if (BoolField(model, "byte_fallback", false)) {
    return Invalid("model.byte_fallback",
                   absl::StrCat("found true, expected false", kByteLevelOnly));
  }
  for (const absl::string_view name : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    const absl::string_view affix = StringField(model, name, "");
    if (affix.empty()) continue;
    return Invalid(absl::StrCat("model.", name),
                   absl::StrCat("found \"", affix, "\", expected none", kByteLevelOnly));
  }
  double dropout = 0;
  if (Field(model, "dropout").get(dropout) == simdjson::SUCCESS && dropout != 0) {
    return Invalid("model.dropout", absl::StrCat("found ", dropout, ", expected none"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Vocabulary>> ReadVocabulary(element model) {
  simdjson::dom::object entries;
  if (Field(model, "vocab").get(entries) != simdjson::SUCCESS || entries.size() == 0) {
    return Invalid("model.vocab", "found no entries, expected an object {token: id, ...}");
  }
  auto vocabulary = std::make_unique<Vocabulary>(entries.size());
  std::string bytes;
  for (const auto [token, value] : entries) {
    uint64_t id = 0;
    if (value.get(id) != simdjson::SUCCESS || id >= Vocabulary::kMaxTokens) {
      return Invalid(absl::StrCat("model.vocab[\"", absl::CHexEscape(View(token)), "\"]"),
                     absl::StrCat("expected an id below ", Vocabulary::kMaxTokens));
    }
    if (token.empty()) continue;
    // A token outside the byte alphabet can only come from added_tokens.
    const absl::Status added =
        DecodeByteAlphabet(View(token), &bytes)
            ? vocabulary->Add(static_cast<uint32_t>(id), bytes)
            : vocabulary->AddDecodeOnly(static_cast<uint32_t>(id), View(token));
    if (!added.ok()) return Invalid("model.vocab", added.message());
  }
  return vocabulary;
}

// "left right" or ["left", "right"]. False when it is neither.
bool ReadPair(element merge, absl::string_view* left, absl::string_view* right) {
  std::string_view first, second;
  if (merge.get(first) == simdjson::SUCCESS) {
    const size_t space = first.find(' ');
    if (space == std::string_view::npos) return false;
    *left = View(first.substr(0, space));
    *right = View(first.substr(space + 1));
    return true;
  }
  simdjson::dom::array pair;
  if (merge.get(pair) != simdjson::SUCCESS || pair.size() != 2) return false;
  if (pair.at(0).get(first) != simdjson::SUCCESS) return false;
  if (pair.at(1).get(second) != simdjson::SUCCESS) return false;
  *left = View(first);
  *right = View(second);
  return true;
}

// Turns merges into pairs of ids. The strings are members so that they are allocated once.
class MergeReader {
 public:
  explicit MergeReader(const Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

  absl::Status Add(element merge, uint32_t rank, PairMerges* merges) {
    absl::string_view left, right;
    if (!ReadPair(merge, &left, &right)) {
      return Invalid(absl::StrCat("model.merges[", rank, "]"),
                     "expected \"left right\" or [\"left\", \"right\"]");
    }
    if (!DecodeByteAlphabet(left, &left_) || !DecodeByteAlphabet(right, &right_)) {
      return Unknown(rank, left, right);
    }
    const uint32_t left_id = vocabulary_.Find(left_), right_id = vocabulary_.Find(right_);
    const uint32_t merged_id = vocabulary_.Find(left_.append(right_));
    if (left_id == Vocabulary::kNoToken || right_id == Vocabulary::kNoToken ||
        merged_id == Vocabulary::kNoToken) {
      return Unknown(rank, left, right);
    }
    merges->Add(left_id, right_id, {rank, merged_id});
    return absl::OkStatus();
  }

 private:
  static absl::Status Unknown(uint32_t rank, absl::string_view left, absl::string_view right) {
    return Invalid(
        absl::StrCat("model.merges[", rank, "]"),
        absl::StrCat("found \"", absl::CHexEscape(left), "\" and \"", absl::CHexEscape(right),
                     "\", expected both and their union in model.vocab"));
  }

  const Vocabulary& vocabulary_;
  std::string left_, right_;
};

absl::StatusOr<std::unique_ptr<MergeTable>> ReadMerges(element model,
                                                       const Vocabulary& vocabulary) {
  simdjson::dom::array list;
  if (Field(model, "merges").get(list) != simdjson::SUCCESS) {
    return Invalid("model.merges", "found no list, expected a list of pairs");
  }
  auto merges = std::make_unique<PairMerges>(list.size());
  MergeReader reader(vocabulary);
  uint32_t rank = 0;
  for (const element merge : list) {
    DRUMFIRE_RETURN_IF_ERROR(reader.Add(merge, rank++, merges.get()));
  }
  return merges;
}

absl::StatusOr<BytePairEncoder::Options> ReadEncoderOptions(element model,
                                                            const Vocabulary& vocabulary) {
  BytePairEncoder::Options options;
  options.whole_words = BoolField(model, "ignore_merges", false);
  options.fuse_unknown = BoolField(model, "fuse_unk", false);
  const absl::string_view unknown = StringField(model, "unk_token", "");
  if (unknown.empty()) return options;
  std::string bytes;
  if (DecodeByteAlphabet(unknown, &bytes)) options.unknown_id = vocabulary.Find(bytes);
  if (options.unknown_id == Vocabulary::kNoToken) {
    return Invalid("model.unk_token",
                   absl::StrCat("found \"", unknown, "\", expected a token of model.vocab"));
  }
  return options;
}

absl::StatusOr<TextNormalizer> ReadNormalizer(element normalizer) {
  if (normalizer.is_null()) return TextNormalizer();
  simdjson::dom::array list;
  if (StringField(normalizer, "type", "") == "Sequence" &&
      Field(normalizer, "normalizers").get(list) == simdjson::SUCCESS && list.size() <= 1) {
    return list.size() == 0 ? TextNormalizer() : ReadNormalizer(list.at(0).value_unsafe());
  }
  absl::StatusOr<TextNormalizer> form = TextNormalizer::Create(StringField(normalizer, "type", ""));
  if (!form.ok()) return Invalid("normalizer.type", form.status().message());
  return form;
}

absl::Status ReadAddedToken(element token, BpeModel* model) {
  uint64_t id = 0;
  std::string_view content;
  if (Field(token, "id").get(id) != simdjson::SUCCESS || id >= Vocabulary::kMaxTokens ||
      Field(token, "content").get(content) != simdjson::SUCCESS) {
    return Invalid("added_tokens", absl::StrCat("expected a list of {id, content, ...}, ids below ",
                                                Vocabulary::kMaxTokens));
  }
  if (content.empty()) return absl::OkStatus();
  const AddedTokens::Rule rule{static_cast<uint32_t>(id), BoolField(token, "single_word", false),
                               BoolField(token, "lstrip", false),
                               BoolField(token, "rstrip", false)};
  if (BoolField(token, "normalized", !BoolField(token, "special", false))) {
    std::string storage;
    model->normalized_added.Add(model->normalizer.Normalize(View(content), &storage), rule);
  } else {
    model->raw_added.Add(View(content), rule);
  }
  if (!model->vocabulary->Bytes(rule.id).empty()) return absl::OkStatus();
  return model->vocabulary->AddDecodeOnly(rule.id, View(content));
}

absl::Status ReadAddedTokens(element list, BpeModel* model) {
  if (list.is_null()) return absl::OkStatus();
  simdjson::dom::array tokens;
  if (list.get(tokens) != simdjson::SUCCESS) {
    return Invalid("added_tokens", "expected a list of {id, content, ...}");
  }
  for (const element token : tokens) {
    DRUMFIRE_RETURN_IF_ERROR(ReadAddedToken(token, model));
  }
  return absl::OkStatus();
}

absl::StatusOr<BpeModel> ReadModel(element root) {
  const element model = Field(root, "model");
  DRUMFIRE_RETURN_IF_ERROR(CheckModelKind(model));
  BpeModel out;
  // Reads one part into its place; the parts build on each other in this order.
  absl::Status status;
  const auto take = [&status](auto part, auto* place) {
    if (part.ok()) {
      *place = *std::move(part);
    } else {
      status = part.status();
    }
    return status.ok();
  };
  if (!take(ReadVocabulary(model), &out.vocabulary) ||
      !take(ReadMerges(model, *out.vocabulary), &out.merges) ||
      !take(ReadEncoderOptions(model, *out.vocabulary), &out.encoder) ||
      !take(ReadNormalizer(Field(root, "normalizer")), &out.normalizer) ||
      !take(ParsePreTokenizer(Field(root, "pre_tokenizer")), &out.pre_tokenizer)) {
    return status;
  }
  if (status = ReadAddedTokens(Field(root, "added_tokens"), &out); !status.ok()) return status;
  return out;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Tokenizer>> MakeHuggingFaceTokenizer(
    absl::string_view tokenizer_json) {
  simdjson::dom::parser parser;
  element root;
  const auto error = parser.parse(tokenizer_json.data(), tokenizer_json.size()).get(root);
  if (error != simdjson::SUCCESS || !root.is_object()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "found ", error != simdjson::SUCCESS ? simdjson::error_message(error) : "no JSON object",
        ", expected the JSON object of a tokenizer.json"));
  }
  DRUMFIRE_ASSIGN_OR_RETURN(BpeModel model, ReadModel(root));
  return std::make_unique<BpeTokenizer>(std::move(model));
}

}  // namespace drumfire
