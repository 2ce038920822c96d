#include "common/dataset/row_source.h"

#include "absl/algorithm/container.h"

namespace drumfire {

extern const RowLayout kCsvLayout;
extern const RowLayout kJsonArrayLayout;
extern const RowLayout kJsonLinesLayout;

namespace {

constexpr const RowLayout* kLayouts[] = {
    &kJsonArrayLayout, &kCsvLayout,
    &kJsonLinesLayout,  // the last: takes everything
};

}  // namespace

const RowLayout& FindRowLayout(absl::string_view bytes) {
  return **absl::c_find_if(kLayouts, [bytes](const RowLayout* layout) {
    return layout == kLayouts[std::size(kLayouts) - 1] || layout->sniff(bytes);
  });
}

}  // namespace drumfire
