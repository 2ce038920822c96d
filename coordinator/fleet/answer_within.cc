#include "coordinator/fleet/answer_within.h"

#include <atomic>
#include <system_error>
#include <thread>

namespace drumfire {
namespace {

std::atomic<int> calls_under_way = 0;

}  // namespace

bool RunAside(std::function<void()> call) {
  if (++calls_under_way > kMostCallsUnderWay) {
    --calls_under_way;
    return false;
  }
  try {
    std::thread([call = std::move(call)]() mutable {
      call();
      call = nullptr;
      --calls_under_way;
    }).detach();
  } catch (const std::system_error&) {  // no thread to be had
    --calls_under_way;
    return false;
  }
  return true;
}

}  // namespace drumfire
