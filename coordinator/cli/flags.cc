#include "coordinator/cli/flags.h"

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "coordinator/cli/nearest.h"

namespace drumfire {

const std::vector<FlagSpec>& ProfileFlags() {
  static const auto* const flags = [] {
    auto* all = new std::vector<FlagSpec>;
    for (absl::Span<const FlagSpec> part :
         {TargetFlags(), WorkloadFlags(), RunFlags(), UnsupportedFlags()}) {
      all->insert(all->end(), part.begin(), part.end());
    }
    return all;
  }();
  return *flags;
}

std::vector<absl::string_view> NamesOf(const FlagSpec& flag) {
  return absl::StrSplit(flag.names, ' ');
}

absl::string_view PrimaryName(const FlagSpec& flag) {
  return flag.names.substr(0, flag.names.find(' '));
}

const FlagSpec* FindFlag(absl::string_view name) {
  for (const FlagSpec& flag : ProfileFlags()) {
    for (absl::string_view known : NamesOf(flag)) {
      if (known == name) return &flag;
    }
  }
  return nullptr;
}

absl::string_view NearestFlag(absl::string_view name) {
  std::vector<absl::string_view> candidates;
  for (const FlagSpec& flag : ProfileFlags()) {
    if (flag.support == FlagSupport::kRefused) continue;
    for (absl::string_view known : NamesOf(flag)) {
      if (absl::StartsWith(known, "--")) candidates.push_back(known);
    }
  }
  return Nearest(name, candidates);
}

}  // namespace drumfire
