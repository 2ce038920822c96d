#include "worker/dispatch/open_sessions.h"

#include <algorithm>

#include "glog/logging.h"

namespace drumfire {
namespace {

uint32_t TurnsAfter(const Exchange& turn) { return turn.turns - turn.turn - 1; }

// A reply that was too long to be kept whole cannot be repeated.
bool MayGoOn(const Exchange& turn) {
  return !turn.is_last_turn() && turn.outcome == v1::OUTCOME_COMPLETED && !turn.text_cut;
}

// The last reply is copied, since its tokens are counted too.
std::unique_ptr<Exchange> NextTurn(Exchange* turn) {
  auto next = std::make_unique<Exchange>();
  next->session = turn->session;
  next->turn = turn->turn + 1;
  next->turns = turn->turns;
  next->phase = turn->phase;
  next->url = turn->url;
  next->model = turn->model;
  next->entry = turn->entry;
  next->ready_ns = std::max(turn->end_ns, turn->over_ns);
  next->replies = std::move(turn->replies);
  next->replies.push_back(turn->escaped_text);
  return next;
}

}  // namespace

std::unique_ptr<Exchange> OpenSessions::EndTurn(Exchange* turn) {
  CHECK_GT(count_, 0u) << "session " << turn->session << " has not begun";
  if (!stopped_ && MayGoOn(*turn)) {
    ++between_turns_;
    unsent_between_ += TurnsAfter(*turn);
    return NextTurn(turn);
  }
  --count_;
  unsent_turns_ += TurnsAfter(*turn);
  if (turn->is_last_turn() && turn->outcome == v1::OUTCOME_COMPLETED) ++completed_;
  return nullptr;
}

void OpenSessions::AddNext(std::unique_ptr<Exchange> next) {
  if (stopped_) return;
  const DueAndSession key(next->ready_ns, next->session);
  next_.emplace(key, std::move(next));
}

std::unique_ptr<Exchange> OpenSessions::TakeNext() {
  auto node = next_.extract(next_.begin());
  CHECK_GT(between_turns_, 0u);
  --between_turns_;
  unsent_between_ -= TurnsAfter(*node.mapped()) + 1;
  return std::move(node.mapped());
}

void OpenSessions::Stop() {
  stopped_ = true;
  count_ -= std::exchange(between_turns_, 0);
  unsent_turns_ += std::exchange(unsent_between_, 0);
  next_.clear();
}

}  // namespace drumfire
