#include "common/clock/host_id.h"

#include <fstream>

namespace drumfire {

std::string HostId(const std::string& proc) {
  std::ifstream file(proc + "/sys/kernel/random/boot_id");
  std::string id;
  file >> id;
  return id;
}

}  // namespace drumfire
