#include "common/tokens/bpe_tokenizer.h"

#include <utility>

#include "common/tokens/utf8.h"

namespace drumfire {

BpeTokenizer::BpeTokenizer(BpeModel model)
    : vocabulary_(std::move(model.vocabulary)),
      pre_tokenizer_(std::move(model.pre_tokenizer)),
      normalizer_(model.normalizer),
      raw_added_(std::move(model.raw_added)),
      normalized_added_(std::move(model.normalized_added)),
      encoder_(vocabulary_.get(), std::move(model.merges), model.encoder) {}

void BpeTokenizer::Output::Append(const uint32_t* first, size_t number) {
  count += number;
  if (ids != nullptr) ids->insert(ids->end(), first, first + number);
}

void BpeTokenizer::Encode(absl::string_view text, std::vector<uint32_t>* ids) const {
  ids->clear();
  Output output{ids};
  Run(text, &output);
}

size_t BpeTokenizer::Count(absl::string_view text) const {
  Output output;
  Run(text, &output);
  return output.count;
}

absl::string_view BpeTokenizer::Decode(uint32_t id) const { return vocabulary_->Bytes(id); }

uint32_t BpeTokenizer::vocabulary_size() const { return vocabulary_->size(); }

void BpeTokenizer::Run(absl::string_view text, Output* output) const {
  std::string storage;
  raw_added_.Split(
      ToValidUtf8(text, &storage), [&](absl::string_view segment) { RunSegment(segment, output); },
      [&](uint32_t id) { output->Append(&id, 1); });
}

void BpeTokenizer::RunSegment(absl::string_view segment, Output* output) const {
  std::string storage;
  const auto word = [&](absl::string_view bytes) { RunWord(bytes, output); };
  normalized_added_.Split(
      normalizer_.Normalize(segment, &storage),
      [&](absl::string_view part) { pre_tokenizer_.Split(part, word); },
      [&](uint32_t id) { output->Append(&id, 1); });
}

void BpeTokenizer::RunWord(absl::string_view word, Output* output) const {
  absl::Span<const uint32_t> known;
  if (cache_.Find(word, &known)) {
    output->Append(known.data(), known.size());
    return;
  }
  thread_local std::vector<uint32_t> fresh;
  fresh.clear();
  encoder_.Append(word, &fresh);
  cache_.Insert(word, fresh);
  output->Append(fresh.data(), fresh.size());
}

}  // namespace drumfire
