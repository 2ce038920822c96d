#include "coordinator/run/wait_for_model.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "common/dataset/dataset.h"
#include "common/dialect/dialect.h"
#include "common/endpoint/request_builder.h"
#include "common/json/json_text.h"
#include "common/net/url.h"
#include "common/status/status_macros.h"
#include "coordinator/run/http_probe.h"
#include "coordinator/run/probe_answer.h"

namespace drumfire {
namespace {

constexpr int64_t kListLimitNs = 5 * kNsPerSecond;
// A first answer may have to wait for kernels to be compiled; a connection may be dead.
constexpr int64_t kInferenceLimitNs = 60 * kNsPerSecond;
constexpr int64_t kTellAgainNs = 15 * kNsPerSecond;
constexpr auto kSleepSlice = std::chrono::milliseconds(20);

// One word in, one token out.
class OneWord : public Dataset {
 public:
  uint64_t size() const override { return 1; }
  EntryInfo Info(uint64_t) const override { return {}; }
  TurnInfo Turn(uint64_t, uint32_t) const override { return {.isl = 1, .requested_osl = 1}; }
  void AppendText(uint64_t, uint32_t, uint32_t, std::string* out) const override {
    out->append("Hello");
  }
};

// The run's plan with as little to do as possible: what asks for longer answers is left out.
v1::Plan PlanOfProbe(const v1::Plan& plan) {
  v1::Plan probe = plan;
  v1::Endpoint* const endpoint = probe.mutable_endpoint();
  endpoint->set_omit_stream_usage(true);
  endpoint->set_batch_size(1);
  if (endpoint->extra_inputs_json().empty()) return probe;
  std::vector<JsonMember> members = JsonMembers(endpoint->extra_inputs_json());
  const auto longer = [](const JsonMember& member) { return member.key == "min_tokens"; };
  members.erase(std::remove_if(members.begin(), members.end(), longer), members.end());
  const std::string shorter = JsonObjectText(members);
  endpoint->set_extra_inputs_json(shorter);
  return probe;
}

class Waiter {
 public:
  Waiter(const ProfileRequest& request, const std::function<bool()>& stop,
         const std::function<void(const std::string&)>& tell)
      : request_(request),
        stop_(stop),
        tell_(tell),
        plan_(PlanOfProbe(request.plan)),
        deadline_ns_(clock_.MonotonicNs() + request.wait.timeout_ns) {}

  absl::StatusOr<std::vector<std::string>> Wait() {
    DRUMFIRE_ASSIGN_OR_RETURN(builder_, RequestBuilder::Create(plan_, {}, &word_));
    for (int url = 0; url < plan_.urls_size(); ++url) {
      for (int model = 0; model < plan_.models_size(); ++model) {
        DRUMFIRE_RETURN_IF_ERROR(WaitFor(url, model));
      }
    }
    return notes_;
  }

 private:
  absl::Status WaitFor(int url, int model) {
    const WaitMode mode = request_.wait.mode;
    if (mode != WaitMode::kInference) {
      DRUMFIRE_RETURN_IF_ERROR(Repeat(url, model, /*list=*/true));
    }
    if (mode == WaitMode::kModels) return absl::OkStatus();
    const absl::Status answered = Repeat(url, model, /*list=*/false);
    if (answered.ok() && mode == WaitMode::kInference) NoteName(url, model);
    return answered;
  }

  // Asks until the answer is good or the time is over; at least once.
  absl::Status Repeat(int url, int model, bool list) {
    while (true) {
      const ProbeAnswer answer = list ? AskForList(url) : AskForWord(url, model);
      const std::string why = list ? WhyNotListed(answer, plan_.models(model), dialect_)
                                   : WhyNoInference(answer, dialect_);
      if (stop_()) return absl::CancelledError("stopped before the start");
      if (why.empty()) return absl::OkStatus();
      if (LeftNs() <= 0) return TooLate(url, model, list, answer, why);
      Tell(UrlText(url, list), plan_.models(model), why);
      Pause();
    }
  }

  ProbeAnswer AskForList(int url) {
    return AskServer(request_, {UrlText(url, true), url, "", Limit(kListLimitNs)}, stop_);
  }

  ProbeAnswer AskForWord(int url, int model) {
    std::string body;
    builder_->AppendBody({.entry = 0}, static_cast<uint32_t>(model), &body);
    return AskServer(request_, {UrlText(url, false), url, body, Limit(kInferenceLimitNs)}, stop_);
  }

  std::string UrlText(int url, bool list) const {
    if (!list) return builder_->FullUrl(static_cast<uint32_t>(url));
    const auto base = ParseUrl(plan_.urls(url));
    return base.ok() ? JoinEndpoint(*base, dialect_.models.path).ToString() : plan_.urls(url);
  }

  int64_t LeftNs() const { return deadline_ns_ - clock_.MonotonicNs(); }
  // The last question may take a second longer than the time that is left.
  int64_t Limit(int64_t limit_ns) const {
    return std::min(limit_ns, std::max(LeftNs(), kNsPerSecond));
  }

  // Until the next question, or the deadline, at which the last one is asked.
  void Pause() {
    const int64_t until_ns =
        std::min(clock_.MonotonicNs() + request_.wait.interval_ns, deadline_ns_);
    while (!stop_() && clock_.MonotonicNs() < until_ns) std::this_thread::sleep_for(kSleepSlice);
  }

  void Tell(const std::string& url, const std::string& model, const std::string& why) {
    const int64_t now_ns = clock_.MonotonicNs();
    if (told_ns_ != 0 && now_ns - told_ns_ < kTellAgainNs) return;
    told_ns_ = now_ns;
    tell_(absl::StrCat("waiting for model \"", model, "\" at ", url, " (", why, ")"));
  }

  absl::Status TooLate(int url, int model, bool list, const ProbeAnswer& answer,
                       const std::string& why) {
    return absl::InvalidArgumentError(
        absl::StrCat("--wait-for-model-timeout: model \"", plan_.models(model), "\" is not ",
                     list ? "listed" : "answering", " at ", UrlText(url, list), " after ",
                     static_cast<double>(request_.wait.timeout_ns) / kNsPerSecond, " s: ", why,
                     list ? "" : NamesInstead(url, model), "; try: ", AdviceFor(answer, list)));
  }

  // The names that a server lists when it does not list this one; empty when nothing is known.
  std::string NamesInstead(int url, int model) {
    const ProbeAnswer answer = AskForList(url);
    const auto names = dialect_.models.names(answer.body);
    if (!answer.error.empty() || !names || names->empty()) return "";
    const bool listed =
        std::find(names->begin(), names->end(), plan_.models(model)) != names->end();
    return listed ? "" : absl::StrCat("; the server lists ", QuotedNames(*names));
  }

  void NoteName(int url, int model) {
    const std::string instead = NamesInstead(url, model);
    if (instead.empty()) return;
    notes_.push_back(absl::StrCat("model \"", plan_.models(model), "\" is answered at ",
                                  UrlText(url, false), " but not in its list", instead));
  }

  const ProfileRequest& request_;
  const std::function<bool()>& stop_;
  const std::function<void(const std::string&)>& tell_;
  const Clock& clock_ = SystemClock();
  const OneWord word_;
  const v1::Plan plan_;
  const Dialect& dialect_ = DialectOf(plan_.endpoint());
  const int64_t deadline_ns_;
  std::unique_ptr<RequestBuilder> builder_;
  std::vector<std::string> notes_;
  int64_t told_ns_ = 0;  // 0 = nothing yet
};

}  // namespace

absl::StatusOr<std::vector<std::string>> WaitForModel(
    const ProfileRequest& request, const std::function<bool()>& stop,
    const std::function<void(const std::string& line)>& tell) {
  if (request.wait.timeout_ns <= 0) return std::vector<std::string>();
  return Waiter(request, stop, tell).Wait();
}

}  // namespace drumfire
