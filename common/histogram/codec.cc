#include "common/histogram/codec.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/histogram/big_endian.h"

namespace drumfire {
namespace {

constexpr uint32_t kPlainCookie = 0x1c849313;
constexpr uint32_t kCompressedCookie = 0x1c849314;
constexpr size_t kHeaderBytes = 40;
constexpr size_t kCompressedHeaderBytes = 8;
constexpr size_t kMaxNumberBytes = 9;
constexpr double kConversionRatio = 1.0;

absl::Status Bad(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("histogram bytes: ", what));
}

// Zig-zag LEB128 of up to 9 bytes: the ninth holds 8 bits.
void AppendNumber(int64_t number, std::string* out) {
  uint64_t rest = (static_cast<uint64_t>(number) << 1) ^ static_cast<uint64_t>(number >> 63);
  for (size_t i = 1; i < kMaxNumberBytes && rest >= 0x80; ++i) {
    out->push_back(static_cast<char>((rest & 0x7f) | 0x80));
    rest >>= 7;
  }
  out->push_back(static_cast<char>(rest));
}

// Takes one number off the front; false when the bytes end inside it.
bool TakeNumber(absl::string_view* bytes, int64_t* number) {
  uint64_t value = 0;
  for (size_t i = 0; i < kMaxNumberBytes; ++i) {
    if (i >= bytes->size()) return false;
    const auto byte = static_cast<uint8_t>((*bytes)[i]);
    const bool last = i + 1 == kMaxNumberBytes || byte < 0x80;
    value |= static_cast<uint64_t>(last ? byte : byte & 0x7f) << (7 * i);
    if (!last) continue;
    bytes->remove_prefix(i + 1);
    *number = static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
    return true;
  }
  return false;
}

std::string EncodePayload(const Histogram& histogram) {
  std::string payload;
  const size_t used = std::max<size_t>(histogram.UsedCounters(), 1);
  for (size_t i = 0; i < used;) {
    const int64_t count = histogram.CountAt(i++);
    if (count != 0) {
      AppendNumber(count, &payload);
      continue;
    }
    int64_t zeros = 1;
    for (; i < used && histogram.CountAt(i) == 0; ++i) ++zeros;
    AppendNumber(zeros > 1 ? -zeros : 0, &payload);
  }
  return payload;
}

struct Header {
  HistogramShape shape;
  size_t payload_bytes;
};

absl::StatusOr<Header> ParseHeader(absl::string_view bytes) {
  if (bytes.size() < kHeaderBytes)
    return Bad(absl::StrCat(bytes.size(), " bytes, a header has ", kHeaderBytes));
  if (ReadBigEndian<uint32_t>(bytes) != kPlainCookie) return Bad("not a V2 histogram");
  if (ReadBigEndian<uint32_t>(bytes.substr(8)) != 0)
    return Bad("a shifted histogram is not supported");
  const auto digits = static_cast<int32_t>(ReadBigEndian<uint32_t>(bytes.substr(12)));
  const auto lowest = static_cast<int64_t>(ReadBigEndian<uint64_t>(bytes.substr(16)));
  const auto highest = static_cast<int64_t>(ReadBigEndian<uint64_t>(bytes.substr(24)));
  absl::StatusOr<HistogramShape> shape = HistogramShape::Create(lowest, highest, digits);
  if (!shape.ok()) return Bad(shape.status().message());
  const size_t payload_bytes = ReadBigEndian<uint32_t>(bytes.substr(4));
  const size_t most_bytes = kMaxNumberBytes * shape->counters();
  if (payload_bytes > most_bytes) {
    return Bad(absl::StrCat("payload of ", payload_bytes, " bytes, at most ", most_bytes,
                            " are possible"));
  }
  return Header{*std::move(shape), payload_bytes};
}

// One number of the payload: a count, or a run of zeros as its negative length.
absl::Status ApplyNumber(int64_t number, size_t* index, Histogram* histogram) {
  const size_t left = histogram->shape().counters() - *index;
  const uint64_t advance = number < 0 ? uint64_t{0} - static_cast<uint64_t>(number) : 1;
  if (advance > left)
    return Bad(absl::StrCat("counts run past the last of ", histogram->shape().counters()));
  if (number > 0) {
    int64_t total = 0;
    if (__builtin_add_overflow(histogram->total_count(), number, &total))
      return Bad("the counts overflow");
    histogram->AddAt(*index, number);
  }
  *index += advance;
  return absl::OkStatus();
}

absl::StatusOr<Histogram> DecodePlain(absl::string_view bytes) {
  absl::StatusOr<Header> header = ParseHeader(bytes);
  if (!header.ok()) return header.status();
  absl::string_view payload = bytes.substr(kHeaderBytes);
  if (payload.size() != header->payload_bytes) {
    return Bad(absl::StrCat("payload of ", payload.size(), " bytes, the header says ",
                            header->payload_bytes));
  }
  Histogram histogram(header->shape);
  size_t index = 0;
  while (!payload.empty()) {
    int64_t number = 0;
    if (!TakeNumber(&payload, &number)) return Bad("the last count is cut short");
    absl::Status applied = ApplyNumber(number, &index, &histogram);
    if (!applied.ok()) return applied;
  }
  return histogram;
}

// Inflates into `out` piece by piece until the stream ends; stops as soon as it holds more than its
// own header allows.
absl::Status Inflate(z_stream* stream, std::string* out) {
  size_t limit = kHeaderBytes;
  bool header_known = false;
  for (int result = Z_OK; result != Z_STREAM_END;) {
    char piece[16384];
    stream->next_out = reinterpret_cast<Bytef*>(piece);
    stream->avail_out = sizeof(piece);
    result = inflate(stream, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END)
      return Bad("the compressed bytes are damaged or cut short");
    out->append(piece, sizeof(piece) - stream->avail_out);
    if (!header_known && out->size() >= kHeaderBytes) {
      absl::StatusOr<Header> header = ParseHeader(*out);
      if (!header.ok()) return header.status();
      limit += header->payload_bytes;
      header_known = true;
    }
    if (header_known && out->size() > limit)
      return Bad("more compressed bytes than the header says");
  }
  return absl::OkStatus();
}

absl::StatusOr<Histogram> DecodeCompressed(absl::string_view bytes) {
  if (bytes.size() < kCompressedHeaderBytes) return Bad("cut short in the compressed header");
  const size_t length = ReadBigEndian<uint32_t>(bytes.substr(4));
  absl::string_view body = bytes.substr(kCompressedHeaderBytes);
  if (length != body.size()) {
    return Bad(absl::StrCat(body.size(), " compressed bytes, the header says ", length));
  }
  z_stream stream{};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  if (inflateInit(&stream) != Z_OK) return absl::ResourceExhaustedError("zlib cannot start");
  std::string plain;
  const absl::Status inflated = Inflate(&stream, &plain);
  inflateEnd(&stream);
  if (!inflated.ok()) return inflated;
  return DecodePlain(plain);
}

}  // namespace

std::string EncodeHistogramV2(const Histogram& histogram) {
  const std::string payload = EncodePayload(histogram);
  const HistogramShape& shape = histogram.shape();
  uint64_t ratio_bits = 0;
  std::memcpy(&ratio_bits, &kConversionRatio, sizeof(ratio_bits));
  std::string out;
  out.reserve(kHeaderBytes + payload.size());
  AppendBigEndian<uint32_t>(kPlainCookie, &out);
  AppendBigEndian<uint32_t>(static_cast<uint32_t>(payload.size()), &out);
  AppendBigEndian<uint32_t>(0, &out);
  AppendBigEndian<uint32_t>(static_cast<uint32_t>(shape.digits()), &out);
  AppendBigEndian<uint64_t>(static_cast<uint64_t>(shape.lowest()), &out);
  AppendBigEndian<uint64_t>(static_cast<uint64_t>(shape.highest()), &out);
  AppendBigEndian<uint64_t>(ratio_bits, &out);
  return out + payload;
}

std::string EncodeHistogramV2Compressed(const Histogram& histogram) {
  const std::string plain = EncodeHistogramV2(histogram);
  uLongf compressed_bytes = compressBound(plain.size());
  std::string body(compressed_bytes, '\0');
  compress(reinterpret_cast<Bytef*>(&body[0]), &compressed_bytes,
           reinterpret_cast<const Bytef*>(plain.data()), plain.size());
  body.resize(compressed_bytes);
  std::string out;
  AppendBigEndian<uint32_t>(kCompressedCookie, &out);
  AppendBigEndian<uint32_t>(static_cast<uint32_t>(body.size()), &out);
  return out + body;
}

absl::StatusOr<Histogram> DecodeHistogram(absl::string_view bytes) {
  if (bytes.size() < sizeof(uint32_t)) return Bad(absl::StrCat("only ", bytes.size(), " bytes"));
  const uint32_t cookie = ReadBigEndian<uint32_t>(bytes);
  return cookie == kCompressedCookie ? DecodeCompressed(bytes) : DecodePlain(bytes);
}

}  // namespace drumfire
