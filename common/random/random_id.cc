#include "common/random/random_id.h"

#include <sys/random.h>

namespace drumfire {
namespace {

constexpr size_t kIdBytes = 16;

}  // namespace

std::string RandomId() {
  std::string id(kIdBytes, '\0');
  for (size_t have = 0; have < id.size();) {
    const ssize_t got = getrandom(id.data() + have, id.size() - have, 0);
    if (got > 0) have += static_cast<size_t>(got);
  }
  return id;
}

}  // namespace drumfire
