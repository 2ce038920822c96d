#include "coordinator/results/session_tally.h"

#include <algorithm>

namespace drumfire {

void SessionTally::Add(const v1::Record& record) {
  const uint32_t turns = std::max({record.turns(), record.turn() + 1, 1u});
  const bool was_completed = record.outcome() == v1::OUTCOME_COMPLETED;
  const bool is_last = record.turn() + 1 == turns;
  if (was_completed && is_last) ++completed_;
  if (!was_completed) {
    ended_early_ += record.outcome() == v1::OUTCOME_DROPPED ? 0 : 1;
    unsent_turns_ += turns - record.turn() - 1;
  }
  if (turns > 1) return AddTurn(record, turns, is_last || !was_completed);
  ++sessions_;
  ++turns_;
}

void SessionTally::AddTurn(const v1::Record& record, uint32_t turns, bool is_over) {
  Conversation& conversation = conversations_[record.session()];
  if (conversation.records == 0) {
    conversation.turns = turns;
    ++sessions_;
    turns_ += turns;
  }
  ++conversation.records;
  conversation.reached = std::max(conversation.reached, record.turn() + 1);
  conversation.is_over = conversation.is_over || is_over;
  const bool is_whole = conversation.records >= conversation.reached;
  if (conversation.is_over && is_whole) conversations_.erase(record.session());
}

uint64_t SessionTally::open() const {
  return std::count_if(conversations_.begin(), conversations_.end(),
                       [](const auto& entry) { return !entry.second.is_over; });
}

UnrecordedTurns SessionTally::unrecorded() const {
  UnrecordedTurns turns{.unsent = unsent_turns_};
  for (const auto& [session, conversation] : conversations_) {
    turns.missing += conversation.reached - std::min(conversation.reached, conversation.records);
    if (!conversation.is_over) turns.open += conversation.turns - conversation.reached;
  }
  return turns;
}

}  // namespace drumfire
