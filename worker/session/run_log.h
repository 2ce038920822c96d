// The lines that a worker logs about its runs: whose run it is, what it sends to, how it ended.
// Nothing in them is secret: URLs are cut to scheme, host and port.
#pragma once

#include <cstdint>
#include <string>

#include "drumfire/v1/control.pb.h"

namespace drumfire {

// "run 5f0c2a91 of alice@login1, pid 4711: begins, worker 2, target http://host:8000, model m".
std::string RunBeginLine(const v1::Hello& hello);

// "run 5f0c2a91 of alice@login1, pid 4711".
std::string RunName(const v1::Hello& hello);

// "run 5f0c2a91 of alice@login1, pid 4711: ended after 12.3 s". why: in words, empty when the
// coordinator finished it.
std::string RunEndLine(const std::string& name, int64_t length_ns, const std::string& why);

// Logs both lines, each once. One thread.
class RunLog {
 public:
  // off: nothing is logged.
  explicit RunLog(bool on) : on_(on) {}
  void Begin(const v1::Hello& hello, int64_t now_ns);
  // Without a Begin before it nothing is logged.
  void End(const std::string& why, int64_t now_ns);

 private:
  const bool on_;
  std::string name_;  // empty = no run has begun
  int64_t began_ns_ = 0;
};

}  // namespace drumfire
