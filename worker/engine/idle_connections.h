// The idle connections that libcurl keeps open in one multi, as far as they are visible from
// outside: libcurl reports which descriptor a transfer leaves open and which one it closes, and the
// kernel whether the server has hung up since. libcurl does not reveal what they are used for.
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
  // A transfer ended and left fd open.
  void NoteIdle(int fd, int64_t now_ns) { idle_[fd] = now_ns; }
  // libcurl closes fd.
  void NoteClosed(int fd);
  // Shortest round trip of the connection closed last; 0 = none yet.
  int64_t last_round_trip_ns() const { return last_round_trip_ns_; }
  // Segments lost on fd since the last call for it, and on connections that libcurl has closed
  // since. fd: -1 = none.
  uint32_t TakeSegmentLosses(int fd);
  // Number of idle connections closed since the last call on which the other side had hung up.
  uint32_t TakeHungUp() { return std::exchange(hung_up_, 0); }
  // Whether connections closed from now on discard unsent kernel data (ResetOnClose).
  void set_resets_on_close(bool discards) { resets_on_close_ = discards; }
  bool resets_on_close() const { return resets_on_close_; }
  // Number of connections idle since since_ns (monotonic) or later and still open at both ends;
  // forgets the others.
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
