#include "coordinator/fleet/worker_names.h"

#include <netdb.h>

#include <cstdlib>
#include <random>

#include "absl/time/clock.h"

namespace drumfire {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

class SystemNames : public WorkerNames {
 public:
  absl::StatusOr<std::vector<std::string>> AddressesOf(const std::string& name) override {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int failed = getaddrinfo(name.c_str(), nullptr, &hints, &found);
    if (failed != 0) return absl::NotFoundError(gai_strerror(failed));
    const std::unique_ptr<addrinfo, FreeAddresses> list(found);
    std::vector<std::string> addresses;
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
      char text[NI_MAXHOST];
      if (getnameinfo(each->ai_addr, each->ai_addrlen, text, sizeof(text), nullptr, 0,
                      NI_NUMERICHOST) == 0) {
        addresses.emplace_back(text);
      }
    }
    return addresses;
  }

  std::optional<std::string> Variable(const std::string& name) const override {
    const char* text = getenv(name.c_str());
    return text == nullptr ? std::nullopt : std::optional<std::string>(text);
  }

  void Sleep(absl::Duration time) override { absl::SleepFor(time); }
  double Draw() override { return std::uniform_real_distribution<double>()(random_); }

 private:
  std::random_device random_;
};

}  // namespace

std::unique_ptr<WorkerNames> SystemWorkerNames() { return std::make_unique<SystemNames>(); }

}  // namespace drumfire
