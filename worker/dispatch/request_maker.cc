#include "worker/dispatch/request_maker.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/buggify/buggify.h"
#include "common/json/json_unescape.h"
#include "common/status/status_macros.h"

namespace drumfire {
namespace {

// Requests of one step: new credits and the end are looked at between two.
constexpr int kPortion = 64;

}  // namespace

RequestMaker::RequestMaker(RequestMakerInputs inputs, BodyCache* cache, ReadyQueue* queue)
    : inputs_(std::move(inputs)),
      ids_(inputs_.run_id, inputs_.phase),
      is_open_loop_(IsOpenLoop(inputs_.plan->phases(static_cast<int>(inputs_.phase)))),
      cache_(cache),
      queue_(queue),
      cursor_(std::in_place, *inputs_.plan, inputs_.phase, inputs_.dataset) {}

absl::Status RequestMaker::Add(const v1::Grant& grant) {
  if (grant.count() == 0) return absl::OkStatus();
  const MutexLock lock(&mutex_);
  if (unprepared_.ranges() >= kMostRanges) {
    return absl::ResourceExhaustedError(
        absl::StrCat("more than ", kMostRanges, " ranges of credits at once"));
  }
  DRUMFIRE_RETURN_IF_ERROR(unprepared_.Add(grant));
  NoteUnprepared();
  return absl::OkStatus();
}

void RequestMaker::AddNext(std::unique_ptr<Exchange> next) {
  const MutexLock lock(&mutex_);
  next_.push_back(std::move(next));
}

void RequestMaker::WhenAhead(std::function<void()> ahead) {
  const MutexLock lock(&mutex_);
  ahead_ = std::move(ahead);
}

int64_t RequestMaker::Step(int64_t now_ns) {
  for (int made = 0; made < kPortion; ++made) {
    if (!MakeOne()) {
      NotifyAhead();
      return kNever;
    }
    if (Buggify("request maker: one request per step")) break;
  }
  return now_ns;
}

// False when there is nothing to make, or no room: a new credit, an answer or the queue wakes the
// loop then.
bool RequestMaker::MakeOne() { return MakeNext() || MakeFirst(); }

bool RequestMaker::MakeNext() {
  std::unique_ptr<Exchange> next = TakeNext();
  if (next == nullptr) return false;
  SetTurn(cursor_->TurnOf(next->entry, next->turn), next.get());
  next->ready_ns += next->turn_delay_ns;
  if (is_open_loop_) next->intended_ns = next->ready_ns;
  next->body = NextBody(next.get());
  AppendHead(next.get());
  queue_->PushNext(std::move(next));
  return true;
}

bool RequestMaker::MakeFirst() {
  if (in_hand_ == nullptr) {
    if (!TakeCredit()) return false;
    if (!IsNear(*next_session_)) return true;
    in_hand_ = FirstTurn(*std::exchange(next_session_, std::nullopt));
  }
  if (!queue_->Push(&in_hand_)) return false;
  const MutexLock lock(&mutex_);
  session_in_hand_ = kNoCredit;
  NoteUnprepared();
  return true;
}

bool RequestMaker::TakeCredit() {
  if (next_session_.has_value()) return true;
  const MutexLock lock(&mutex_);
  if (unprepared_.empty()) return false;
  next_session_ = session_in_hand_ = unprepared_.TakeLowest();
  return true;
}

std::unique_ptr<Exchange> RequestMaker::TakeNext() {
  const MutexLock lock(&mutex_);
  if (next_.empty()) return nullptr;
  std::unique_ptr<Exchange> next = std::move(next_.front());
  next_.pop_front();
  return next;
}

void RequestMaker::NoteUnprepared() {
  queue_->NoteUnprepared(std::min(session_in_hand_, unprepared_.lowest()));
}

void RequestMaker::NotifyAhead() {
  std::function<void()> ahead;
  {
    const MutexLock lock(&mutex_);
    // Credits that came since are to be made first, if there is room.
    if (in_hand_ == nullptr && !unprepared_.empty()) return;
    ahead.swap(ahead_);
  }
  if (ahead) ahead();
}

// Sessions taken over from a lost worker may lie before those made already: the schedule then
// starts again. A far one takes several steps, between which the phase may end.
bool RequestMaker::IsNear(uint64_t session) {
  if (session < cursor_session_) {
    cursor_.emplace(*inputs_.plan, inputs_.phase, inputs_.dataset);
  }
  cursor_session_ = session;
  return cursor_->Approach(session);
}

std::unique_ptr<Exchange> RequestMaker::FirstTurn(uint64_t session) {
  const ScheduledSession scheduled = cursor_->At(session);
  auto exchange = std::make_unique<Exchange>();
  exchange->session = session;
  exchange->turns = std::max(scheduled.turns, 1u);  // 0: the credit lies beyond the schedule
  exchange->phase = inputs_.phase;
  exchange->url = scheduled.url;
  exchange->model = scheduled.model;
  exchange->entry = scheduled.entry;
  exchange->intended_ns = scheduled.intended_ns;
  SetTurn(cursor_->TurnOf(scheduled.entry, 0), exchange.get());
  exchange->body = cache_->Get(scheduled.entry, scheduled.model);
  AppendHead(exchange.get());
  return exchange;
}

// No other session has the same replies: its body is not kept.
std::shared_ptr<const std::string> RequestMaker::NextBody(Exchange* next) const {
  std::string reply;
  AppendUnescapedJson(next->replies.back(), &reply);
  next->replies.back() = std::move(reply);
  auto body = std::make_shared<std::string>();
  inputs_.builder->AppendBody({.entry = next->entry, .turn = next->turn, .replies = next->replies},
                              next->model, body.get());
  return body;
}

void RequestMaker::SetTurn(const ScheduledTurn& turn, Exchange* exchange) const {
  exchange->isl = turn.isl;
  exchange->requested_osl = turn.requested_osl;
  exchange->turn_delay_ns = turn.delay_ns;
}

void RequestMaker::AppendHead(Exchange* exchange) const {
  inputs_.builder->AppendHead(exchange->url, ids_.RequestId(exchange->session, exchange->turn),
                              ids_.CorrelationId(exchange->session), exchange->body->size(),
                              &exchange->head);
  if (inputs_.usage_refusal != nullptr) inputs_.usage_refusal->Prepare(exchange);
}

}  // namespace drumfire
