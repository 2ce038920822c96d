#include "worker/dispatch/request_maker.h"

#include <algorithm>
#include <utility>

#include "common/buggify/buggify.h"

namespace drumfire {
namespace {

// Requests of one step: new credits and the end are looked at between two.
constexpr int kPortion = 64;

}  // namespace

RequestMaker::RequestMaker(RequestMakerInputs inputs, BodyCache* cache, ReadyQueue* queue)
    : inputs_(std::move(inputs)),
      ids_(inputs_.run_id, inputs_.phase),
      cache_(cache),
      queue_(queue) {}

bool RequestMaker::Add(const v1::Grant& grant) {
  if (grant.count() == 0) return true;
  const MutexLock lock(&mutex_);
  if (unprepared_.ranges() >= kMostRanges) return false;
  unprepared_.Add(grant);
  NoteUnprepared();
  return true;
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

// False when there is nothing to make, or no room: a new credit or the queue wakes the loop then.
bool RequestMaker::MakeOne() {
  uint64_t k = 0;
  if (in_hand_ == nullptr && !TakeCredit(&k)) return false;
  if (in_hand_ == nullptr) in_hand_ = Make(k);
  if (!queue_->Push(&in_hand_)) return false;
  const MutexLock lock(&mutex_);
  k_in_hand_ = kNoCredit;
  NoteUnprepared();
  return true;
}

bool RequestMaker::TakeCredit(uint64_t* k) {
  const MutexLock lock(&mutex_);
  if (unprepared_.empty()) return false;
  *k = k_in_hand_ = unprepared_.TakeLowest();
  return true;
}

void RequestMaker::NoteUnprepared() {
  queue_->NoteUnprepared(std::min(k_in_hand_, unprepared_.lowest()));
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

// Credits that another worker lost lie behind those made already: the schedule is run through anew.
ScheduledRequest RequestMaker::Scheduled(uint64_t k) {
  if (!cursor_.has_value() || k < cursor_k_)
    cursor_.emplace(*inputs_.plan, inputs_.phase, inputs_.dataset);
  cursor_k_ = k;
  return cursor_->At(k);
}

std::unique_ptr<Exchange> RequestMaker::Make(uint64_t k) {
  const ScheduledRequest request = Scheduled(k);
  auto exchange = std::make_unique<Exchange>();
  exchange->k = k;
  exchange->phase = inputs_.phase;
  exchange->url = request.url;
  exchange->model = request.model;
  exchange->entry = request.entry;
  exchange->isl = request.isl;
  exchange->requested_osl = request.requested_osl;
  exchange->session = k;
  exchange->intended_ns = request.intended_ns;
  exchange->body = cache_->Get(request.entry, request.model);
  inputs_.builder->AppendHead(request.url, ids_.RequestId(k), ids_.CorrelationId(k),
                              exchange->body->size(), &exchange->head);
  if (inputs_.usage_refusal != nullptr) inputs_.usage_refusal->Prepare(exchange.get());
  return exchange;
}

}  // namespace drumfire
