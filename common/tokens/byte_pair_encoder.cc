#include "common/tokens/byte_pair_encoder.h"

#include <algorithm>
#include <utility>

namespace drumfire {
namespace {

constexpr uint32_t kNone = UINT32_MAX;

uint64_t PairKey(uint32_t left, uint32_t right) {
  return (static_cast<uint64_t>(left) << 32) | right;
}

// One merge of one word. The symbols are a linked list in an array; a merge keeps the left one and
// unlinks the right.
class WordMerger {
 public:
  WordMerger(absl::string_view word, const MergeTable& merges) : word_(word), merges_(merges) {
    symbols_.reserve(word.size());
  }

  void AddSymbol(uint32_t id, uint32_t begin, uint32_t end) {
    const auto index = static_cast<uint32_t>(symbols_.size());
    if (index > 0) symbols_.back().next = index;
    symbols_.push_back({id, begin, end, index > 0 ? index - 1 : kNone, kNone});
  }
  bool EndsWith(uint32_t id) const { return !symbols_.empty() && symbols_.back().id == id; }
  void ExtendLast(uint32_t end) { symbols_.back().end = end; }

  void AppendMerged(std::vector<uint32_t>* ids) {
    for (uint32_t i = 0; i + 1 < symbols_.size(); ++i) Propose(i);
    std::make_heap(heap_.begin(), heap_.end());
    merging_ = true;
    while (!heap_.empty()) Apply(PopBest());
    for (uint32_t i = symbols_.empty() ? kNone : 0; i != kNone; i = symbols_[i].next) {
      ids->push_back(symbols_[i].id);
    }
  }

 private:
  struct Symbol {
    uint32_t id, begin, end, previous, next;
  };
  struct Candidate {
    uint32_t rank, left_index, left_id, right_id, merged_id;
    // The heap's top is the greatest: the lowest rank, then the leftmost.
    bool operator<(const Candidate& other) const {
      return std::pair(rank, left_index) > std::pair(other.rank, other.left_index);
    }
  };

  // Offers the pair that starts at the symbol, when there is one and it merges.
  void Propose(uint32_t left_index) {
    const Symbol& left = symbols_[left_index];
    if (left.next == kNone) return;
    const Symbol& right = symbols_[left.next];
    const Merge merge =
        merges_.Find(left.id, right.id, word_.substr(left.begin, right.end - left.begin));
    if (merge.id == Vocabulary::kNoToken) return;
    heap_.push_back({merge.rank, left_index, left.id, right.id, merge.id});
    if (merging_) std::push_heap(heap_.begin(), heap_.end());
  }

  Candidate PopBest() {
    std::pop_heap(heap_.begin(), heap_.end());
    const Candidate best = heap_.back();
    heap_.pop_back();
    return best;
  }

  // A candidate whose symbols have merged otherwise meanwhile is stale and has no effect.
  void Apply(const Candidate& candidate) {
    Symbol& left = symbols_[candidate.left_index];
    if (left.id != candidate.left_id || left.next == kNone) return;
    Symbol& right = symbols_[left.next];
    if (right.id != candidate.right_id) return;
    left.id = candidate.merged_id;
    left.end = right.end;
    left.next = right.next;
    right.id = kNone;
    if (left.next != kNone) symbols_[left.next].previous = candidate.left_index;
    if (left.previous != kNone) Propose(left.previous);
    Propose(candidate.left_index);
  }

  absl::string_view word_;
  const MergeTable& merges_;
  std::vector<Symbol> symbols_;
  std::vector<Candidate> heap_;
  bool merging_ = false;
};

}  // namespace

Merge VocabularyMerges::Find(uint32_t /*left*/, uint32_t /*right*/,
                             absl::string_view joined) const {
  const uint32_t id = vocabulary_.Find(joined);
  return {id, id};
}

void PairMerges::Add(uint32_t left, uint32_t right, Merge merge) {
  merges_[PairKey(left, right)] = merge;
}

Merge PairMerges::Find(uint32_t left, uint32_t right, absl::string_view /*joined*/) const {
  const auto found = merges_.find(PairKey(left, right));
  return found == merges_.end() ? Merge{} : found->second;
}

BytePairEncoder::BytePairEncoder(const Vocabulary* vocabulary, std::unique_ptr<MergeTable> merges,
                                 Options options)
    : vocabulary_(*vocabulary), merges_(std::move(merges)), options_(options) {
  for (size_t byte = 0; byte < byte_ids_.size(); ++byte) {
    const char character = static_cast<char>(byte);
    byte_ids_[byte] = vocabulary_.Find(absl::string_view(&character, 1));
  }
}

void BytePairEncoder::Append(absl::string_view word, std::vector<uint32_t>* ids) const {
  const uint32_t whole = options_.whole_words ? vocabulary_.Find(word) : Vocabulary::kNoToken;
  if (whole != Vocabulary::kNoToken) {
    ids->push_back(whole);
    return;
  }
  WordMerger merger(word, *merges_);
  for (uint32_t i = 0; i < word.size(); ++i) {
    const uint32_t known = byte_ids_[static_cast<unsigned char>(word[i])];
    const uint32_t id = known == Vocabulary::kNoToken ? options_.unknown_id : known;
    if (id == Vocabulary::kNoToken) continue;
    if (options_.fuse_unknown && id == options_.unknown_id && merger.EndsWith(id)) {
      merger.ExtendLast(i + 1);
    } else {
      merger.AddSymbol(id, i, i + 1);
    }
  }
  merger.AppendMerged(ids);
}

}  // namespace drumfire
