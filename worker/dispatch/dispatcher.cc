#include "worker/dispatch/dispatcher.h"

#include <algorithm>
#include <utility>

#include "common/buggify/buggify.h"

namespace drumfire {
namespace {

// Nobody shares a later turn's body, which holds its whole conversation, and its record needs none
// of it.
void LetGoOfHistory(Exchange* turn) {
  if (turn->turn > 0) turn->body.reset();
  turn->replies.clear();
}

}  // namespace

Dispatcher::Dispatcher(PhaseSettings settings, Engine* engine, ReadyQueue* queue,
                       const Lease* lease, UsageRefusal* usage_refusal,
                       DispatcherCallbacks callbacks)
    : settings_(settings),
      engine_(engine),
      queue_(queue),
      lease_(lease),
      usage_refusal_(usage_refusal),
      callbacks_(std::move(callbacks)),
      open_ahead_(engine, settings.open_loop ? settings.open_ahead_urls : 0) {}

void Dispatcher::Start(int64_t start_ns) { start_ns_ = start_ns; }

// An open loop's requests stay due when the schedule says.
void Dispatcher::Join(int64_t start_ns, int64_t now_ns) {
  Start(start_ns);
  if (!settings_.open_loop) slot_free_since_.assign(free_slots(), std::max(start_ns, now_ns));
}

void Dispatcher::SetSlots(uint32_t slots, int64_t now_ns) {
  for (uint32_t added = settings_.slots; added < slots; ++added) slot_free_since_.push_back(now_ns);
  settings_.slots = slots;
  ++slot_changes_;
  while (slot_free_since_.size() > free_slots()) slot_free_since_.pop_back();
}

void Dispatcher::OnGranted(uint64_t granted, bool last) {
  totals_.set_granted(granted);
  no_more_credits_ = no_more_credits_ || last;
}

// The preparer's thread may hand over a session of a grant before this one hears of the grant.
uint64_t Dispatcher::granted() const {
  return std::max(totals_.granted(), totals_.begun() + totals_.dropped());
}

int64_t Dispatcher::StopAtNs() const {
  return settings_.duration_ns > 0 ? start_ns_ + settings_.duration_ns : kNever;
}

uint32_t Dispatcher::free_slots() const {
  const uint32_t taken = sessions_.count();
  return settings_.slots > taken ? settings_.slots - taken : 0;
}

bool Dispatcher::done() const {
  const bool all_begun = no_more_credits_ && unsent() == 0;
  return (stopped_ || all_begun) && sessions_.count() == 0 && engine_->in_flight() == 0;
}

int64_t Dispatcher::Step(int64_t now_ns) {
  if (!started()) return kNever;
  if (!lease_->Holds()) ExpireLease();
  const int64_t stop_at_ns = StopAtNs();
  if (!stopped_ && now_ns >= stop_at_ns) {
    // A late wake-up must not cost the requests that were due before the end.
    if (settings_.open_loop) SendAllDue(now_ns, stop_at_ns - 1);
    StopSending(stop_at_ns, settings_.grace_ns);
  }
  if (now_ns >= cancel_at_ns_) Cancel();
  if (now_ns < start_ns_) {
    LookAhead(now_ns, start_ns_);
    return start_ns_;
  }
  const int64_t next_due_ns = stopped_ ? kNever : SendAllDue(now_ns, now_ns);
  LookAhead(now_ns, next_due_ns);
  return std::min({next_due_ns, stopped_ ? kNever : stop_at_ns, cancel_at_ns_,
                   lease_expired_ ? kNever : lease_->until_ns()});
}

void Dispatcher::LookAhead(int64_t now_ns, int64_t next_due_ns) {
  const bool is_wanted = settings_.open_loop && settings_.open_ahead_urls > 0 && !stopped_;
  if (!is_wanted || !open_ahead_.ShouldLook(now_ns, next_due_ns) || !lease_->Holds()) return;
  if (ready_.size() < OpenAhead::kMaxIdle) TakeReady();
  const uint32_t room = settings_.slots == 0 ? std::numeric_limits<uint32_t>::max() : free_slots();
  open_ahead_.Look(ready_, start_ns_, now_ns, room);
}

v1::CreditTotals Dispatcher::totals() const {
  v1::CreditTotals totals = totals_;
  totals.set_granted(granted());
  totals.set_unsent(unsent());
  totals.set_open(sessions_.count());
  totals.set_sessions_completed(sessions_.completed());
  totals.set_unsent_turns(sessions_.unsent_turns());
  totals.set_in_flight(engine_->in_flight());
  return totals;
}

int64_t Dispatcher::SendAllDue(int64_t now_ns, int64_t last_due_ns) {
  sending_ = true;
  const int64_t next_turn_ns = ContinueWhileDue(now_ns, last_due_ns);
  const int64_t next_session_ns = BeginWhileDue(now_ns, last_due_ns);
  sending_ = false;
  return std::min(next_turn_ns, next_session_ns);
}

// A further turn has its slot already.
int64_t Dispatcher::ContinueWhileDue(int64_t now_ns, int64_t last_due_ns) {
  if (queue_->has_next()) {
    for (std::unique_ptr<Exchange>& next : queue_->TakeNext()) sessions_.AddNext(std::move(next));
  }
  while (sessions_.next_due_ns() <= last_due_ns) {
    if (!lease_->Holds()) return now_ns;  // the next Step ends it all
    Send(sessions_.TakeNext());
  }
  return sessions_.next_due_ns();
}

int64_t Dispatcher::BeginWhileDue(int64_t now_ns, int64_t last_due_ns) {
  while (Exchange* next = Front()) {
    const int64_t due_ns = settings_.open_loop ? start_ns_ + next->intended_ns : start_ns_;
    if (due_ns > last_due_ns) return due_ns;
    if (!lease_->Holds()) return now_ns;  // the next Step ends it all
    if (TooLate(*next, now_ns)) {
      DropFront(now_ns);
    } else if (SlotFree()) {
      BeginFront();
      if (Buggify("dispatcher: one send a step")) return now_ns;
    } else {
      return kNever;  // the next OnFinished frees a slot
    }
  }
  return kNever;
}

// Sessions that another worker lost come behind later ones, but are due before them.
void Dispatcher::TakeReady() {
  const size_t had = ready_.size();
  queue_->TakeAll(&ready_);
  const auto earlier = [](const auto& a, const auto& b) { return a->session < b->session; };
  if (!std::is_sorted(ready_.begin() + had - (had > 0 ? 1 : 0), ready_.end(), earlier)) {
    std::sort(ready_.begin(), ready_.end(), earlier);
  }
}

// What moves from the preparer to the queue meanwhile is seen twice rather than not at all.
uint64_t Dispatcher::LowestUnsent() {
  const uint64_t unprepared = queue_->lowest_unprepared();
  TakeReady();
  return ready_.empty() ? unprepared : std::min(unprepared, ready_.front()->session);
}

Exchange* Dispatcher::Front() {
  if (ready_.empty() || queue_->has_earlier()) TakeReady();
  return ready_.empty() ? nullptr : ready_.front().get();
}

bool Dispatcher::TooLate(const Exchange& exchange, int64_t now_ns) const {
  return settings_.open_loop && settings_.drop_after_ns >= 0 &&
         now_ns > start_ns_ + exchange.intended_ns + settings_.drop_after_ns;
}

std::unique_ptr<Exchange> Dispatcher::PopFront() {
  std::unique_ptr<Exchange> exchange = std::move(ready_.front());
  ready_.pop_front();
  queue_->Release(*exchange);
  if (settings_.open_loop) exchange->intended_ns += start_ns_;
  return exchange;
}

// When it could first have been sent: its intended time, or the moment its slot was free if that
// was later. A slot must be free.
int64_t Dispatcher::ReadyTime(const Exchange& exchange) const {
  const int64_t due_ns = settings_.open_loop ? exchange.intended_ns : start_ns_;
  return slot_free_since_.empty() ? due_ns : std::max(due_ns, slot_free_since_.front());
}

void Dispatcher::TakeSlot(const Exchange& exchange) {
  if (slot_free_since_.empty()) return;
  slot_free_since_.pop_front();
  if (!settings_.open_loop || exchange.ready_ns <= exchange.intended_ns) return;
  ++slot_waits_.count;
  slot_waits_.total_ns += exchange.ready_ns - exchange.intended_ns;
}

void Dispatcher::BeginFront() {
  std::unique_ptr<Exchange> exchange = PopFront();
  exchange->ready_ns = ReadyTime(*exchange);
  TakeSlot(*exchange);
  sessions_.Begin();
  totals_.set_begun(totals_.begun() + 1);
  Send(std::move(exchange));
}

void Dispatcher::Send(std::unique_ptr<Exchange> exchange) {
  usage_refusal_->Prepare(exchange.get());
  totals_.set_sent(totals_.sent() + 1);
  engine_->Send(std::move(exchange));
}

void Dispatcher::DropFront(int64_t now_ns) {
  std::unique_ptr<Exchange> exchange = PopFront();
  exchange->ready_ns = SlotFree() ? ReadyTime(*exchange) : now_ns;
  exchange->end_ns = now_ns;
  exchange->outcome = v1::OUTCOME_DROPPED;
  totals_.set_dropped(totals_.dropped() + 1);
  sessions_.Drop(*exchange);
  callbacks_.on_record(std::move(exchange));
}

void Dispatcher::OnFinished(std::unique_ptr<Exchange> exchange) {
  if (!stopped_ && usage_refusal_->IsRefusal(*exchange) && lease_->Holds()) {
    return engine_->Send(usage_refusal_->Again(*exchange));  // in the same slot
  }
  const int64_t end_ns = std::max(exchange->end_ns, exchange->over_ns);
  if (auto next = sessions_.EndTurn(exchange.get())) {
    callbacks_.on_next_turn(std::move(next));
  } else if (slot_free_since_.size() < free_slots()) {
    slot_free_since_.push_back(end_ns);
  }
  Count(*exchange);
  LetGoOfHistory(exchange.get());
  callbacks_.on_record(std::move(exchange));
  const bool may_send = started() && !stopped_ && !sending_;
  if (may_send && end_ns >= start_ns_ && end_ns < StopAtNs()) SendAllDue(end_ns, end_ns);
}

void Dispatcher::Count(const Exchange& exchange) {
  switch (exchange.outcome) {
    case v1::OUTCOME_COMPLETED:
      return totals_.set_completed(totals_.completed() + 1);
    case v1::OUTCOME_CANCELLED:
      return totals_.set_cancelled(totals_.cancelled() + 1);
    default:
      return totals_.set_failed(totals_.failed() + 1);
  }
}

void Dispatcher::StopSending(int64_t now_ns, int64_t grace_ns) {
  stopped_ = true;
  ready_.clear();
  sessions_.Stop();
  if (grace_ns >= 0) cancel_at_ns_ = std::min(cancel_at_ns_, now_ns + grace_ns);
}

void Dispatcher::Drain(int64_t now_ns, int64_t grace_ns) { StopSending(now_ns, grace_ns); }

void Dispatcher::ExpireLease() {
  lease_expired_ = true;
  Cancel();
}

void Dispatcher::Cancel() {
  if (std::exchange(cancelling_, true)) return;
  if (!stopped_) StopSending(0, -1);
  cancel_at_ns_ = kNever;
  engine_->CancelAll();
}

}  // namespace drumfire
