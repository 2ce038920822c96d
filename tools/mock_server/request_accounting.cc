#include "tools/mock_server/request_accounting.h"

#include <openssl/sha.h>

#include "absl/strings/escaping.h"

namespace drumfire::mock {
namespace {

std::string Sha256Hex(const std::string& bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest), sizeof(digest)));
}

}  // namespace

void RequestAccounting::Arrive(int64_t arrival_ns) {
  record_ = TruthRecord();
  record_.persona = persona_;
  record_.client = client_;
  record_.arrival_ns = arrival_ns;
  generates_ = false;
  last_text_ns_ = 0;
}

void RequestAccounting::Describe(const HttpRequest& request, int64_t now_ns, int64_t wall_ns,
                                 bool with_sha256) {
  record_.request_id = request.request_id;
  record_.path = request.path;
  record_.arrival_wall_ns = wall_ns - (now_ns - record_.arrival_ns);
  record_.body_bytes = static_cast<int64_t>(request.body.size());
  if (with_sha256) record_.body_sha256 = Sha256Hex(request.body);
}

void RequestAccounting::Answer(const drumfire::mock::Answer& answer) {
  record_.status = answer.status;
  record_.fault = FaultName(answer.fault);
  generates_ = answer.generates;
  finished_by_length_ = answer.finished_by_length;
  metrics_.prompt_tokens += static_cast<uint64_t>(answer.prompt_tokens);
}

void RequestAccounting::Begin(int64_t now_ns) {
  record_.begin_ns = now_ns;
  if (generates_) metrics_.queue.Observe(now_ns - record_.arrival_ns);
}

void RequestAccounting::Send(int64_t now_ns, int text_events) {
  if (record_.first_send_ns == 0) record_.first_send_ns = now_ns;
  if (text_events > 0) CountText(now_ns, text_events);
}

void RequestAccounting::CountText(int64_t now_ns, int events) {
  if (generates_ && last_text_ns_ == 0) {
    metrics_.ttft.Observe(now_ns - record_.arrival_ns);
  } else if (generates_) {
    metrics_.itl.Observe(now_ns - last_text_ns_);
  }
  last_text_ns_ = now_ns;
  if (truth_ == nullptr) return;
  record_.send_ns.insert(record_.send_ns.end(), static_cast<size_t>(events), now_ns);
}

void RequestAccounting::CountTokens(int tokens) {
  record_.tokens += tokens;
  metrics_.generation_tokens += static_cast<uint64_t>(tokens);
}

void RequestAccounting::End(int64_t now_ns, bool whole, bool client_closed) {
  if (whole && generates_) {
    metrics_.e2e.Observe(now_ns - record_.arrival_ns);
    ++(finished_by_length_ ? metrics_.finished_by_length : metrics_.finished_by_stop);
  }
  if (truth_ == nullptr) return;
  record_.end_ns = now_ns;
  record_.client_closed = client_closed;
  if (record_.first_send_ns == 0) record_.status = 0;
  truth_->Write(record_);
}

}  // namespace drumfire::mock
