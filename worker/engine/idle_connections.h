// The connections that libcurl keeps open in one multi, as far as they can be seen from outside:
// libcurl says which descriptor a transfer leaves open and which one it closes, and the kernel
// whether the server has hung up meanwhile. What they carry now is libcurl's secret.
//
// One thread, the engine's. Owns no descriptor.
#pragma once

#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "worker/engine/segment_loss.h"

namespace drumfire {

class IdleConnections {
 public:
  // A transfer is over and left fd open.
  void NoteIdle(int fd, int64_t now_ns) { idle_[fd] = now_ns; }
  // libcurl closes fd.
  void NoteClosed(int fd);
  // Shortest round trip of the one that it closed last; 0 = none yet.
  int64_t last_round_trip_ns() const { return last_round_trip_ns_; }
  // Segments lost on fd since it was last asked about, and on connections that libcurl closed since
  // then. fd: -1 = none.
  uint32_t TakeSegmentLosses(int fd);
  // Connections closed since the last call that a transfer had left open and on which the other
  // side had hung up.
  uint32_t TakeHungUp() { return std::exchange(hung_up_, 0); }
  // Whether connections that are closed from now on throw away what the kernel has not sent yet.
  void set_resets_on_close(bool discards) { resets_on_close_ = discards; }
  bool resets_on_close() const { return resets_on_close_; }
  // How many are idle since since_ns (monotonic) or later and still open at both ends; the others
  // are forgotten.
  uint32_t CountFresh(int64_t since_ns);

 private:
  bool resets_on_close_ = false;
  int64_t last_round_trip_ns_ = 0;
  uint32_t hung_up_ = 0;
  uint32_t losses_on_closed_ = 0;
  absl::flat_hash_map<int, SegmentLossWatch> losses_;  // by descriptor
  absl::flat_hash_map<int, int64_t> idle_;             // descriptor -> end of its last transfer
};

}  // namespace drumfire
