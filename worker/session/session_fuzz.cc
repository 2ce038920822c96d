// Any bytes as a coordinator's messages (two bytes of length, then the message): no crash, the host
// is closed once and told nothing after that, and each answer has the next sequence number.
// Messages without a plan hash get the right envelope, a lease and phases, which chance would not
// find.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/string_view.h"
#include "common/plan/plan_hash.h"
#include "common/plan/version.h"
#include "worker/session/session.h"

namespace drumfire {
namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

class Host : public SessionHost {
 public:
  void Send(v1::WorkerMessage message) override {
    Check(!closed_ && message.sequence() == ++sent_);
  }
  absl::StatusOr<v1::Ready> Open(const v1::Hello& hello, uint64_t) override {
    Told();
    v1::Ready ready;
    if (hello.plan().models_size() > 0) ready.add_needed_chunks("chunk");
    return ready;
  }
  absl::StatusOr<bool> AddChunk(const v1::Chunk& chunk) override {
    Told();
    if (chunk.ByteSizeLong() > 100) return absl::InvalidArgumentError("too large");
    return chunk.ByteSizeLong() > 0;
  }
  absl::Status Load() override {
    Told();
    return absl::OkStatus();
  }
  void Prepare(const v1::Prepare&) override {
    Told();
    is_prepared = true;
  }
  absl::Status AddCredits(const v1::Grant&) override {
    Told();
    return absl::OkStatus();
  }
  void StartPhase(const v1::Start&) override { Told(); }
  void SetSlots(const v1::SlotChange&) override { Told(); }
  void Drain(int64_t) override {
    Told();
    is_drained = true;
  }
  void Cancel() override { Told(); }
  absl::Status AckRecords(uint64_t) override {
    Told();
    return absl::OkStatus();
  }
  void ExtendLease(int64_t) override { Told(); }
  void Close(const std::string&) override {
    Told();
    closed_ = true;
  }

  bool is_prepared = false;
  bool is_drained = false;

 private:
  void Told() const { Check(!closed_); }

  bool closed_ = false;
  uint64_t sent_ = 0;
};

v1::CoordinatorMessage WithEnvelope(v1::CoordinatorMessage message, uint64_t sequence,
                                    std::string* plan_hash) {
  if (!message.plan_hash().empty()) return message;
  if (message.has_hello()) {
    v1::Hello* hello = message.mutable_hello();
    hello->set_protocol_version(kProtocolVersion);
    if (hello->lease_ns() == 0) hello->set_lease_ns(kNsPerSecond);
    if (hello->plan().phases_size() == 0) {
      for (const uint32_t slots : {4U, 100U})
        hello->mutable_plan()->add_phases()->set_concurrency(slots);
    }
    *plan_hash = PlanHash(message.hello().plan());
  }
  message.set_epoch(1);
  message.set_sequence(sequence);
  message.set_plan_hash(*plan_hash);
  return message;
}

void Feed(absl::string_view bytes) {
  Host host;
  Session session(&host);
  std::string plan_hash;
  for (uint64_t turn = 1; bytes.size() >= 2; ++turn) {
    const size_t wanted = static_cast<uint8_t>(bytes[0]) * 256 + static_cast<uint8_t>(bytes[1]);
    const size_t size = std::min(wanted, bytes.size() - 2);
    v1::CoordinatorMessage message;
    const bool is_message = message.ParseFromArray(bytes.data() + 2, static_cast<int>(size));
    bytes.remove_prefix(2 + size);
    if (!is_message) continue;
    const auto now_ns = static_cast<int64_t>(turn) * 1'000'000;
    session.OnMessage(WithEnvelope(std::move(message), turn, &plan_hash), now_ns);
    if (std::exchange(host.is_prepared, false)) session.OnPrepared({});
    session.OnLowCredits(turn, 1);
    if (std::exchange(host.is_drained, false)) session.OnPhaseDone({});
    session.OnTick(now_ns);
  }
  session.OnStreamClosed();
  Check(session.closed());
}

}  // namespace
}  // namespace drumfire

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  drumfire::Feed(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
