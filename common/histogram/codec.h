// The V2 encoding of HdrHistograms (plain, and compressed with zlib), byte for byte what the Java
// library writes and reads: a 40-byte big-endian header (cookie, payload length, index offset,
// digits, lowest, highest, ratio), then each counter as a zig-zag LEB128 number, a run of n > 1
// zeros as -n.
//
// Decoding accepts arbitrary bytes: every length is checked before use, and memory depends on the
// counters actually present (at most 48 MB, for 5 digits over the whole range). Any thread.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/histogram/histogram.h"

namespace drumfire {

std::string EncodeHistogramV2(const Histogram& histogram);
std::string EncodeHistogramV2Compressed(const Histogram& histogram);

// Plain or compressed, detected by the cookie. InvalidArgument says what is wrong and where.
absl::StatusOr<Histogram> DecodeHistogram(absl::string_view bytes);

}  // namespace drumfire
