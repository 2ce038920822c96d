// Bytes that many holders may hold together, for instance the whole answers of all connections of
// an engine. Of one thread.
//
//   ByteBudget budget(512 << 20);
//   BudgetShare share(&budget);          // one a holder
//   if (!share.Take(bytes.size())) ...   // nothing is taken
//   share.Release();                     // all of it; so does the destructor
#pragma once

#include <cstdint>

namespace drumfire {

class ByteBudget {
 public:
  explicit ByteBudget(uint64_t limit_bytes) : limit_bytes_(limit_bytes) {}
  uint64_t limit_bytes() const { return limit_bytes_; }

 private:
  friend class BudgetShare;
  const uint64_t limit_bytes_;
  uint64_t taken_bytes_ = 0;
};

class BudgetShare {
 public:
  // budget: not owned; null = there is no limit.
  explicit BudgetShare(ByteBudget* budget) : budget_(budget) {}
  ~BudgetShare() { Release(); }
  BudgetShare(const BudgetShare&) = delete;
  BudgetShare& operator=(const BudgetShare&) = delete;

  bool Take(uint64_t bytes) {
    if (budget_ == nullptr) return true;
    if (bytes > budget_->limit_bytes_ - budget_->taken_bytes_) return false;
    budget_->taken_bytes_ += bytes;
    taken_bytes_ += bytes;
    return true;
  }
  void Release() {
    if (budget_ != nullptr) budget_->taken_bytes_ -= taken_bytes_;
    taken_bytes_ = 0;
  }

 private:
  ByteBudget* const budget_;
  uint64_t taken_bytes_ = 0;
};

}  // namespace drumfire
