#include "coordinator/run/phase_messages.h"

namespace drumfire {

v1::CoordinatorMessage PrepareMessage(uint32_t phase, uint32_t slots) {
  v1::CoordinatorMessage message;
  v1::Prepare* prepare = message.mutable_prepare();
  prepare->set_phase(phase);
  prepare->set_slots(slots);
  prepare->mutable_first_grant()->set_phase(phase);
  return message;
}

v1::CoordinatorMessage StartMessage(uint32_t phase, int64_t start_ns) {
  v1::CoordinatorMessage message;
  message.mutable_start()->set_phase(phase);
  message.mutable_start()->set_start_ns(start_ns);
  return message;
}

v1::CoordinatorMessage GrantMessage(const v1::Grant& grant) {
  v1::CoordinatorMessage message;
  *message.mutable_grant() = grant;
  return message;
}

v1::CoordinatorMessage DrainMessage(uint32_t phase, int64_t grace_ns) {
  v1::CoordinatorMessage message;
  message.mutable_drain()->set_phase(phase);
  message.mutable_drain()->set_grace_ns(grace_ns);
  return message;
}

v1::CoordinatorMessage CancelMessage(uint32_t phase) {
  v1::CoordinatorMessage message;
  message.mutable_cancel()->set_phase(phase);
  return message;
}

}  // namespace drumfire
