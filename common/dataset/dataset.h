// The prompts of a run. An entry is a conversation of one or more turns; each turn has lengths and
// a text. Every worker makes the same bytes for the same entry from the plan, its rows and its
// tokenizer, so prompts are never shipped.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/tokens/tokenizer.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

struct EntryInfo {
  uint32_t turns = 1;            // at least 1
  int64_t timestamp_ns = -1;     // from the start of the phase; -1 = the data set has no timestamps
  absl::string_view model = {};  // lives as long as the data set; empty = the plan's choice
};

struct TurnInfo {
  uint32_t isl = 0;            // input tokens of this turn's own text, exact
  uint32_t requested_osl = 0;  // 0 = no output limit is asked for
  int64_t delay_ns = 0;        // from the end of the turn before
  // Of the row, as long as the data set lives; both may be empty.
  absl::string_view role = {};        // of a chat message, else "user"
  absl::string_view extra_json = {};  // object merged into the body
};

// Dataset::size() when no entry ever repeats.
inline constexpr uint64_t kUnboundedEntries = std::numeric_limits<uint64_t>::max();

class Dataset {
 public:
  virtual ~Dataset() = default;

  // Entries of a phase before they repeat: rows of the file, or synthetic entries asked for; at
  // least 1, or kUnboundedEntries. Immutable, any thread, as are all below.
  virtual uint64_t size() const = 0;
  // Ids are those of common/dataset/entry_id.h, any number of them: synthetic data makes each from
  // its id and keeps nothing; files wrap round (id mod size).
  virtual EntryInfo Info(uint64_t id) const = 0;
  // turn: below Info(id).turns, here and below.
  virtual TurnInfo Turn(uint64_t id, uint32_t turn) const = 0;
  // Some entry may have more than one turn.
  virtual bool has_conversations() const { return false; }
  // Appends the turn's own text, UTF-8, not escaped. Always re-encodes to exactly Turn(id,
  // turn).isl tokens (single-turn files: the text as it stands). batch_index > 0: a further text of
  // the same length for embeddings batches.
  virtual void AppendText(uint64_t id, uint32_t turn, uint32_t batch_index,
                          std::string* out) const = 0;
};

// rows: serialised DatasetRows as named by the plan's blob, empty for synthetic data. tokenizer:
// not owned, must outlive the data set; may be null only for single-turn rows (their lengths come
// with them). is_stopping: as for MakePromptWriter.
absl::StatusOr<std::unique_ptr<Dataset>> MakeDataset(
    const v1::Plan& plan, absl::string_view rows, const Tokenizer* tokenizer,
    const std::atomic<bool>* is_stopping = nullptr);

}  // namespace drumfire
