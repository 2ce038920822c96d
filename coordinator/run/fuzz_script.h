// Bytes of a fuzzer as a script: what comes next, and messages that are spoilt as it says. Reads
// zeros past its end.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace drumfire {

class FuzzScript {
 public:
  explicit FuzzScript(absl::string_view bytes) : bytes_(bytes) {}

  bool is_over() const { return bytes_.empty(); }
  uint8_t Byte() {
    if (bytes_.empty()) return 0;
    const auto byte = static_cast<uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return byte;
  }
  // Two bytes of length, and so many more.
  absl::string_view Bytes() {
    const size_t wanted = Byte() * size_t{256};
    const size_t size = std::min(wanted + Byte(), bytes_.size());
    const absl::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  // A small one, one at the edge of something, or any.
  uint64_t Number() {
    constexpr uint64_t kEdges[] = {std::numeric_limits<uint64_t>::max(),
                                   static_cast<uint64_t>(std::numeric_limits<int64_t>::max()),
                                   uint64_t{1} << 63,
                                   uint64_t{1} << 62,
                                   uint64_t{1} << 32,
                                   std::numeric_limits<uint32_t>::max(),
                                   uint64_t{1} << 31,
                                   1'000'000'000,
                                   1'000'000'000'000};
    const uint8_t kind = Byte();
    if (kind < 128) return kind;
    if (kind < 240) return kEdges[kind % std::size(kEdges)];
    uint64_t any = 0;
    for (int i = 0; i < 8; ++i) any = any << 8 | Byte();
    return any;
  }

 private:
  absl::string_view bytes_;
};

inline double AnyDouble(FuzzScript* script) {
  constexpr double kEdges[] = {-1,
                               0,
                               1,
                               1e300,
                               -1e300,
                               std::numeric_limits<double>::infinity(),
                               std::numeric_limits<double>::quiet_NaN()};
  const uint8_t kind = script->Byte();
  return kind < 128 ? kind : kEdges[kind % std::size(kEdges)];
}

// Gives a repeated field one value more.
inline void SpoilField(const google::protobuf::FieldDescriptor* field, FuzzScript* script,
                       google::protobuf::Message* message) {
  using Field = google::protobuf::FieldDescriptor;
  const auto* reflection = message->GetReflection();
  const bool adds = field->is_repeated();
  const auto set = [&](auto add, auto set, auto value) {
    adds ? (reflection->*add)(message, field, value) : (reflection->*set)(message, field, value);
  };
  using R = google::protobuf::Reflection;
  switch (field->cpp_type()) {
    case Field::CPPTYPE_INT32:
      return set(&R::AddInt32, &R::SetInt32, static_cast<int32_t>(script->Number()));
    case Field::CPPTYPE_INT64:
      return set(&R::AddInt64, &R::SetInt64, static_cast<int64_t>(script->Number()));
    case Field::CPPTYPE_UINT32:
      return set(&R::AddUInt32, &R::SetUInt32, static_cast<uint32_t>(script->Number()));
    case Field::CPPTYPE_UINT64:
      return set(&R::AddUInt64, &R::SetUInt64, script->Number());
    case Field::CPPTYPE_DOUBLE:
      return set(&R::AddDouble, &R::SetDouble, AnyDouble(script));
    case Field::CPPTYPE_BOOL:
      return set(&R::AddBool, &R::SetBool, script->Byte() % 2 == 1);
    case Field::CPPTYPE_ENUM:
      return set(&R::AddEnumValue, &R::SetEnumValue, static_cast<int>(script->Number()));
    case Field::CPPTYPE_STRING:
      return set(&R::AddString, &R::SetString, std::string(script->Bytes()));
    default:
      return;
  }
}

// Changes one field, of the message or of one within it, as the script says.
inline void Spoil(google::protobuf::Message* message, FuzzScript* script) {
  constexpr int kDeepest = 8;
  for (int depth = 0; depth < kDeepest; ++depth) {
    const auto* descriptor = message->GetDescriptor();
    if (descriptor->field_count() == 0) return;
    const auto* field = descriptor->field(script->Byte() % descriptor->field_count());
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
      return SpoilField(field, script, message);
    }
    const auto* reflection = message->GetReflection();
    if (!field->is_repeated()) {
      message = reflection->MutableMessage(message, field);
      continue;
    }
    const int size = reflection->FieldSize(*message, field);
    const int at = script->Byte() % (size + 1);
    message = at == size ? reflection->AddMessage(message, field)
                         : reflection->MutableRepeatedMessage(message, field, at);
  }
}

}  // namespace drumfire
