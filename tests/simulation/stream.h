// A control stream as a worker's process sees it.
#pragma once

#include "drumfire/v1/control.pb.h"

namespace drumfire::simulation {

class WorkerEnd {
 public:
  virtual ~WorkerEnd() = default;
  virtual void Send(v1::WorkerMessage message) = 0;
  // Ends the stream once all is sent.
  virtual void Finish() = 0;
};

}  // namespace drumfire::simulation
