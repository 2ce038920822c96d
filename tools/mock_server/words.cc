#include "tools/mock_server/words.h"

#include <array>

namespace drumfire::mock {
namespace {

constexpr std::array<absl::string_view, 32> kWords = {
    " the", " of",   " and", " to",  " in",   " is",  " that", " it",   " was",  " for",  " on",
    " are", " with", " as",  " his", " they", " be",  " at",   " one",  " have", " this", " from",
    " or",  " had",  " by",  " not", " word", " but", " what", " some", " we",   " can"};

}  // namespace

absl::string_view TokenWord(uint64_t index) { return kWords[index % kWords.size()]; }

}  // namespace drumfire::mock
