#include "common/dataset/row_kind.h"

#include "absl/algorithm/container.h"

namespace drumfire {

extern const RowKind kSingleTurnRows;
extern const RowKind kMooncakeRows;

namespace {

constexpr const RowKind* kKinds[] = {
    &kSingleTurnRows,
    &kMooncakeRows,
};

template <typename Predicate>
const RowKind* Find(Predicate is_it) {
  const auto* const* found = absl::c_find_if(kKinds, is_it);
  return found == std::end(kKinds) ? nullptr : *found;
}

}  // namespace

absl::Span<const RowKind* const> RowKinds() { return kKinds; }

const RowKind* FindRowKind(v1::DatasetKind kind) {
  return Find([kind](const RowKind* candidate) { return candidate->kind == kind; });
}

const RowKind* FindRowKind(absl::string_view name) {
  return Find([name](const RowKind* candidate) { return candidate->name == name; });
}

}  // namespace drumfire
