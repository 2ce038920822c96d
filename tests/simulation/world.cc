#include "tests/simulation/world.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace drumfire::simulation {
namespace {

constexpr int64_t kWallStartNs = 1'700'000'000 * kNsPerSecond;
constexpr uint64_t kHashPrime = 1099511628211u;  // FNV-1a, 64 bits

uint64_t Mix(uint64_t hash, uint64_t value) { return (hash ^ value) * kHashPrime; }

}  // namespace

int64_t World::WallNs() const { return kWallStartNs + now_ns_ + wall_step_ns_; }

bool World::IsLater(const Event& a, const Event& b) {
  return a.time_ns != b.time_ns ? a.time_ns > b.time_ns : a.number > b.number;
}

void World::At(int64_t time_ns, std::function<void()> event) {
  events_.push_back({std::max(time_ns, now_ns_), ++last_number_, std::move(event)});
  std::push_heap(events_.begin(), events_.end(), IsLater);
}

bool World::StepUntil(int64_t until_ns) {
  if (events_.empty() || events_.front().time_ns > until_ns) {
    now_ns_ = std::max(now_ns_, until_ns);
    return false;
  }
  std::pop_heap(events_.begin(), events_.end(), IsLater);
  const Event event = std::move(events_.back());
  events_.pop_back();
  now_ns_ = event.time_ns;
  ++steps_;
  event.happen();
  return true;
}

void World::Note(absl::string_view what, uint64_t who, uint64_t detail) {
  uint64_t hash = Mix(trace_hash_, static_cast<uint64_t>(now_ns_));
  for (const char letter : what) hash = Mix(hash, static_cast<unsigned char>(letter));
  trace_hash_ = Mix(Mix(hash, who), detail);
  if (!talks_) return;
  std::printf("%12.6f ms  %-24.*s %4llu %10llu\n",
              static_cast<double>(now_ns_ - 5 * kNsPerSecond) / kNsPerMs,
              static_cast<int>(what.size()), what.data(), static_cast<unsigned long long>(who),
              static_cast<unsigned long long>(detail));
}

void World::Tell(const google::protobuf::Message& message) const {
  constexpr size_t kLongest = 200;
  if (talks_) std::printf("    %s\n", message.ShortDebugString().substr(0, kLongest).c_str());
}

}  // namespace drumfire::simulation
