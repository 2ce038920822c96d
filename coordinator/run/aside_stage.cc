#include "coordinator/run/aside_stage.h"

#include <utility>

namespace drumfire {

AsideStage::AsideStage(std::function<void()> work, Fleet* fleet, LoopRunners* runners)
    : runner_(runners->Run(&loop_, nullptr)) {
  runner_->Post([this, work = std::move(work), fleet] {
    work();
    is_done_ = true;
    fleet->Wake();
  });
}

int64_t AsideStage::Step(int64_t) {
  is_over_ = is_done_;
  return kNever;
}

}  // namespace drumfire
