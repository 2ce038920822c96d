// Counts over the records' connections: new ones, stale ones, and those whose server waited for a
// delayed acknowledgement. One thread at a time.
#pragma once

#include <cstdint>
#include <string>

#include "common/metrics/distribution.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

struct ConnectionTally {
  uint64_t opened = 0;          // for a request that found no idle one
  uint64_t replacing = 0;       // of these, replacing one closed by the other side
  uint64_t sent_again = 0;      // requests whose first connection was stale
  Distribution stale_ns;        // time lost by each of them
  uint64_t lossy = 0;           // requests with segments lost or out of order
  uint64_t reused_streams = 0;  // completed streams on a connection that was used before
  uint64_t new_streams = 0;     // and on one opened for them
  // Of the reused streams: the silence, if it shows the pattern of a delayed acknowledgement.
  Distribution delayed_ack_ns;
  uint64_t clear_delayed_acks = 0;   // of these, with at least three chunks after the silence
  uint64_t delayed_acks_of_new = 0;  // new streams with the pattern

  void Add(const v1::Record& record);
  uint64_t delayed_acks() const { return delayed_ack_ns.count(); }
  // Of reused_streams: all with the pattern. If new streams show it too, only the clear ones count,
  // since the kernel acknowledges the first segments of a connection at once.
  double DelayedAckShare() const;
  double ClearDelayedAckShare() const;

 private:
  void AddStream(const v1::Record& record);
};

// A note for the reader; empty if nothing was resent.
std::string SentAgainNote(const ConnectionTally& connections);

}  // namespace drumfire
