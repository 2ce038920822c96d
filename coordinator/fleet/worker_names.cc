#include "coordinator/fleet/worker_names.h"

#include <cstdlib>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "coordinator/fleet/answer_within.h"

namespace drumfire {
namespace {

class SystemNames : public WorkerNames {
 public:
  explicit SystemNames(HostLookup look_up) : look_up_(std::move(look_up)) {}

  absl::StatusOr<std::vector<std::string>> AddressesOf(const std::string& name,
                                                       absl::Duration patience) override {
    const auto list = AnswerWithin<absl::StatusOr<AddressList>>(
        patience, [name, look_up = look_up_] { return look_up(name, ""); });
    if (!list.has_value()) {
      return absl::DeadlineExceededError(
          absl::StrCat("the look-up did not end within ",
                       absl::FormatDuration(absl::Ceil(patience, absl::Milliseconds(1)))));
    }
    if (!list->ok()) return list->status();
    std::vector<std::string> addresses;
    for (const addrinfo* each = (*list)->get(); each != nullptr; each = each->ai_next) {
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
  const HostLookup look_up_;
  std::random_device random_;
};

}  // namespace

std::unique_ptr<WorkerNames> SystemWorkerNames(HostLookup look_up) {
  return std::make_unique<SystemNames>(std::move(look_up));
}

}  // namespace drumfire
