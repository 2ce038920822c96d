// Any bytes as an encoded histogram: no crash, bounded memory, and a decoded histogram survives
// both encodings as it was.
#include <cstdint>
#include <cstdlib>

#include "common/histogram/codec.h"

namespace {

void MustComeBack(const drumfire::Histogram& histogram, const std::string& encoded) {
  const absl::StatusOr<drumfire::Histogram> again = drumfire::DecodeHistogram(encoded);
  if (!again.ok() || *again != histogram) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<drumfire::Histogram> histogram = drumfire::DecodeHistogram(bytes);
  if (!histogram.ok()) return 0;
  MustComeBack(*histogram, drumfire::EncodeHistogramV2(*histogram));
  MustComeBack(*histogram, drumfire::EncodeHistogramV2Compressed(*histogram));
  return 0;
}
