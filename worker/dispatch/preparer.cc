#include "worker/dispatch/preparer.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace drumfire {

Preparer::Preparer(PreparerInputs inputs, BodyCache* cache, ReadyQueue* queue,
                   std::function<void()> wake_reader)
    : inputs_(std::move(inputs)),
      cache_(cache),
      queue_(queue),
      wake_reader_(std::move(wake_reader)),
      thread_([this] { Run(); }) {}

Preparer::~Preparer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  queue_->Close();
  thread_.join();
}

bool Preparer::Add(const v1::Grant& grant) {
  if (grant.count() == 0) return true;
  {
    const std::lock_guard lock(mutex_);
    if (unmade_.ranges() >= kMostRanges) return false;
    unmade_.Add(grant);
    NoteUnmade();
    idle_ = false;
  }
  changed_.notify_all();
  return true;
}

void Preparer::WaitUntilAhead(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, limit, [this] { return idle_ || stopping_; });
}

bool Preparer::NextCredit(uint64_t* k) {
  std::unique_lock lock(mutex_);
  if (unmade_.empty()) {
    idle_ = true;
    changed_.notify_all();
  }
  changed_.wait(lock, [this] { return stopping_ || !unmade_.empty(); });
  if (stopping_) return false;
  *k = in_hand_ = unmade_.TakeLowest();
  return true;
}

void Preparer::NoteUnmade() { queue_->NoteUnmade(std::min(in_hand_, unmade_.lowest())); }

// Credits that another worker lost lie behind those made already: the schedule is run through anew.
ScheduledRequest Preparer::Scheduled(uint64_t k) {
  if (!cursor_.has_value() || k < cursor_k_)
    cursor_.emplace(*inputs_.plan, inputs_.phase, inputs_.dataset);
  cursor_k_ = k;
  return cursor_->At(k);
}

std::unique_ptr<Exchange> Preparer::Make(uint64_t k) {
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
  inputs_.builder->AppendHead(request.url, RequestId(inputs_.run_id, inputs_.phase, k),
                              CorrelationId(inputs_.run_id, inputs_.phase, k),
                              exchange->body->size(), &exchange->head);
  if (inputs_.usage_refusal != nullptr) inputs_.usage_refusal->Prepare(exchange.get());
  return exchange;
}

void Preparer::Deliver(std::unique_ptr<Exchange> exchange) {
  const auto pushed = queue_->Push(std::move(exchange), [this] {
    {
      const std::lock_guard lock(mutex_);
      idle_ = true;
    }
    changed_.notify_all();
  });
  {
    const std::lock_guard lock(mutex_);
    in_hand_ = kNoCredit;
    NoteUnmade();
  }
  if (pushed == ReadyQueue::Pushed::kWakeReader) wake_reader_();
}

void Preparer::Run() {
  uint64_t k = 0;
  while (NextCredit(&k)) Deliver(Make(k));
}

}  // namespace drumfire
