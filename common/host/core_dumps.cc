#include "common/host/core_dumps.h"

#include <fstream>
#include <string>

#include "glog/logging.h"

namespace drumfire {

bool LeaveMemoryOutOfCoreDumps(absl::string_view filter_file) {
  // ELF headers only.
  constexpr absl::string_view kFilter = "0x10";
  std::ofstream file{std::string(filter_file)};
  file << kFilter;
  if (file.flush()) return true;
  LOG(WARNING) << "cannot write " << filter_file << ": a core dump may hold the run's secrets";
  return false;
}

}  // namespace drumfire
