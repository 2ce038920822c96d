#include "common/host/core_dumps.h"

#include <fstream>
#include <string>

namespace drumfire {

bool LeaveMemoryOutOfCoreDumps(absl::string_view filter_file) {
  // ELF headers only.
  constexpr absl::string_view kFilter = "0x10";
  std::ofstream file{std::string(filter_file)};
  file << kFilter;
  return static_cast<bool>(file.flush());
}

}  // namespace drumfire
