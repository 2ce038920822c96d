#include "common/text/clean_texts.h"

#include <algorithm>
#include <vector>

#include "google/protobuf/descriptor.h"

namespace drumfire {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr absl::string_view kCut = "...";

bool IsControl(unsigned char c) { return c < 0x20 || c == 0x7f; }

// U+0080 to U+009F: terminals that read 8-bit controls take U+009B for an escape sequence.
bool IsC1(absl::string_view text, size_t at) {
  return static_cast<unsigned char>(text[at]) == 0xc2 && at + 1 < text.size() &&
         static_cast<unsigned char>(text[at + 1]) < 0xa0;
}

bool IsClean(absl::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (IsControl(static_cast<unsigned char>(text[i])) || IsC1(text, i)) return false;
  }
  return true;
}

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

void CleanField(const FieldDescriptor* field, Message* message) {
  const auto* reflection = message->GetReflection();
  const int count = field->is_repeated()                    ? reflection->FieldSize(*message, field)
                    : reflection->HasField(*message, field) ? 1
                                                            : 0;
  for (int i = 0; i < count; ++i) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      CleanTexts(field->is_repeated() ? reflection->MutableRepeatedMessage(message, field, i)
                                      : reflection->MutableMessage(message, field));
    } else if (field->is_repeated()) {
      const std::string clean = CleanText(reflection->GetRepeatedString(*message, field, i));
      reflection->SetRepeatedString(message, field, i, clean);
    } else {
      reflection->SetString(message, field, CleanText(reflection->GetString(*message, field)));
    }
  }
}

}  // namespace

std::string CleanText(absl::string_view text, size_t most_bytes) {
  if (text.size() <= most_bytes && IsClean(text)) return std::string(text);
  size_t end = text.size();
  if (text.size() > most_bytes) {
    end = most_bytes - std::min(most_bytes, kCut.size());
    while (end > 0 && IsContinuation(text[end])) --end;
  }
  std::string clean;
  for (size_t i = 0; i < end; ++i) {
    const char c = text[i];
    if (IsC1(text, i)) {
      clean.push_back('?');
      ++i;
    } else if (c == '\n' || c == '\r' || c == '\t') {
      clean.push_back(' ');
    } else {
      clean.push_back(IsControl(static_cast<unsigned char>(c)) ? '?' : c);
    }
  }
  if (end < text.size()) clean.append(kCut.begin(), kCut.end());
  return clean;
}

void CleanTexts(Message* message) {
  const auto* descriptor = message->GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    const bool has_text = field->type() == FieldDescriptor::TYPE_STRING ||
                          field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (has_text) CleanField(field, message);
  }
}

}  // namespace drumfire
