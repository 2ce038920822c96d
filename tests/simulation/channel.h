// One direction of a link: parcels arrive in order, after a while, or when the link goes on again.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <utility>

#include "tests/simulation/world.h"

namespace drumfire::simulation {

template <typename Parcel>
class Channel {
 public:
  // world is not owned; the channel must outlive the world's events.
  Channel(World* world, std::function<void(Parcel)> deliver)
      : world_(world), deliver_(std::move(deliver)) {}

  void Send(Parcel parcel, int64_t latency_ns) {
    if (broken_) return;
    last_due_ns_ = std::max(last_due_ns_, world_->now_ns() + latency_ns);
    under_way_.push_back({last_due_ns_, std::move(parcel)});
    if (under_way_.size() == 1) Schedule();
  }
  // Nothing arrives before that.
  void BlockUntil(int64_t time_ns) { blocked_until_ns_ = std::max(blocked_until_ns_, time_ns); }
  bool blocked() const { return blocked_until_ns_ > world_->now_ns(); }
  // What is under way is gone, and all that comes later.
  void Break() {
    broken_ = true;
    under_way_.clear();
  }

 private:
  struct Item {
    int64_t due_ns;
    Parcel parcel;
  };

  void Schedule() {
    world_->At(std::max(under_way_.front().due_ns, blocked_until_ns_), [this] { Pump(); });
  }

  void Pump() {
    if (under_way_.empty()) return;
    if (std::max(under_way_.front().due_ns, blocked_until_ns_) > world_->now_ns()) {
      return Schedule();
    }
    Parcel parcel = std::move(under_way_.front().parcel);
    under_way_.pop_front();
    if (!under_way_.empty()) Schedule();
    deliver_(std::move(parcel));
  }

  World* const world_;
  const std::function<void(Parcel)> deliver_;
  std::deque<Item> under_way_;
  int64_t last_due_ns_ = 0;
  int64_t blocked_until_ns_ = 0;
  bool broken_ = false;
};

}  // namespace drumfire::simulation
