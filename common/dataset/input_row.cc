#include "common/dataset/input_row.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "common/dataset/row_field.h"
#include "common/dataset/row_keys.h"
#include "common/dataset/row_kind.h"

namespace drumfire {
namespace {

using simdjson::SUCCESS;
using simdjson::dom::element;
using simdjson::dom::object;

// Of one row.
class RowReader {
 public:
  RowReader(absl::string_view text, const RowRules& rules) : text_(text), rules_(rules) {}

  absl::Status Add(absl::string_view key, element value) {
    if (value.is_null()) return absl::OkStatus();
    if (absl::c_linear_search(rules_.ignored_keys, key)) {
      row.ignored_keys.emplace_back(key);
      return absl::OkStatus();
    }
    const RowKind& kind = *rules_.kind;
    const auto* const field =
        absl::c_find_if(kind.fields, [key](const RowField& f) { return f.key == key; });
    if (field == kind.fields.end()) return UnknownRowKey(key, kind.name);
    const uint32_t bit = 1u << (field - kind.fields.begin());
    if ((seen_ & bit) != 0) return WrongField(key, "it twice", "each key once");
    seen_ |= bit;
    return field->read({key, value, text_, kind.name}, &row);
  }

  InputRow row;

 private:
  const absl::string_view text_;
  const RowRules& rules_;
  uint32_t seen_ = 0;  // bits of the kind's fields
};

bool Has(object row, absl::string_view key) {
  element value;
  return row.at_key(std::string_view(key.data(), key.size())).get(value) == SUCCESS &&
         !value.is_null();
}

const RowKind* KindOfType(object row) {
  std::string_view type;
  if (row.at_key("type").get(type) != SUCCESS) return nullptr;
  return FindRowKind(absl::string_view(type.data(), type.size()));
}

}  // namespace

const RowKind* DetectRowKind(object row) {
  if (const RowKind* kind = KindOfType(row); kind != nullptr) return kind;
  const auto has = [row](absl::string_view key) { return Has(row, key); };
  const RowKind* last = nullptr;
  for (const RowKind* kind : RowKinds()) {
    if (absl::c_any_of(kind->telling_keys, has)) last = kind;
  }
  return last;
}

absl::StatusOr<InputRow> ParseInputRow(object row, absl::string_view text, const RowRules& rules) {
  RowReader reader(text, rules);
  for (const auto [key, value] : row) {
    const absl::Status added = reader.Add({key.data(), key.size()}, value);
    if (!added.ok()) return added;
  }
  if (absl::Status whole = rules.kind->check(reader.row); !whole.ok()) return whole;
  return std::move(reader.row);
}

}  // namespace drumfire
