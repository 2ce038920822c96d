// What does a chunk cost between the socket and the wire to the coordinator, without system calls?
// Run from a release build:
//   read_path_benchmark [ROUNDS] [parse|record]     (default: 20000, both)
// Each round is one answer of 128 text events, each in an HTTP chunk of its own, all in one read.
// Prints CPU ns a chunk: parse is the I/O thread's share, record the recorder's.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/dialect/dialect.h"
#include "common/record/frame.h"
#include "common/tokens/tokenizer.h"
#include "common/tokens/tokenizer_file.h"
#include "worker/endpoint/response_interpreter.h"
#include "worker/sink/make_record.h"
#include "worker/sink/pending_batch.h"
#include "worker/sink/phase_records.h"
#include "worker/sink/token_counter.h"

namespace drumfire {
namespace {

constexpr int kEvents = 128;
constexpr size_t kPaddingBytes = 64;  // the JSON parser may look so far behind its input

void AppendChunk(absl::string_view data, std::string* out) {
  absl::StrAppend(out, absl::Hex(data.size()), "\r\n", data, "\r\n");
}

std::string Answer() {
  constexpr const char* kWords[] = {" the", " throughput", " of", " a", " server", ",", " 42", "."};
  constexpr absl::string_view kFront =
      R"(data: {"id":"chatcmpl-0123456789abcdef0123456789abcdef","object":"chat.completion.chunk",)"
      R"("created":1764000000,"model":"mock-model","choices":[)";
  std::string out =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
      "transfer-encoding: chunked\r\n\r\n";
  for (int i = 0; i < kEvents; ++i) {
    AppendChunk(
        absl::StrCat(kFront, R"({"index":0,"delta":{"content":")", kWords[i % 8],
                     R"("},"logprobs":null,"finish_reason":null,"token_ids":null}]})", "\n\n"),
        &out);
  }
  AppendChunk("data: [DONE]\n\n", &out);
  absl::StrAppend(&out, "0\r\n\r\n");
  return out;
}

v1::Plan StreamingPlan() {
  v1::Plan plan;
  plan.mutable_endpoint()->set_type(v1::ENDPOINT_CHAT);
  plan.mutable_endpoint()->set_streaming(true);
  plan.mutable_records()->set_detail(v1::RECORD_CHUNKS);
  return plan;
}

class ReadPath {
 public:
  explicit ReadPath(const Tokenizer* tokenizer)
      : plan_(StreamingPlan()),
        answer_(Answer()),
        reader_(FindDialect(v1::ENDPOINT_CHAT)->make_reader()),
        interpreter_(reader_.get(), InterpreterOptionsOf(plan_)),
        counter_(plan_, tokenizer),
        phase_(0, MetricContextOf(plan_)) {
    answer_.reserve(answer_.size() + kPaddingBytes);
  }

  void Parse(int64_t now_ns, Exchange* exchange) {
    exchange->sent_ns = now_ns;
    interpreter_.Start(exchange);
    interpreter_.OnRead(answer_, {now_ns + 1000, v1::STAMP_KERNEL});
  }

  void Record(const Exchange& exchange) {
    v1::Record* record = pending_.Add();
    MakeRecord(exchange, 0, v1::RECORD_CHUNKS, record);
    counter_.Count(exchange, false, record);
    phase_.Add(*record);
    pending_.Filled(*record, 0);
    if (!pending_.full()) return;
    std::string frame;
    if (!AppendFrame(*pending_.batch(), &frame).ok()) std::abort();
    pending_.Clear();
  }

 private:
  v1::Plan plan_;
  std::string answer_;
  std::unique_ptr<ResponseReader> reader_;
  ResponseInterpreter interpreter_;
  TokenCounter counter_;
  PhaseRecords phase_;
  PendingBatch pending_{kMaxPendingBytes};
};

void PrintTime(const char* what, int rounds, std::clock_t start) {
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  std::printf("%s %8.1f ns a chunk\n", what, seconds * 1e9 / rounds / kEvents);
}

absl::Status Run(int rounds, absl::string_view parts) {
  const absl::StatusOr<TokenizerFile> file = ReadTokenizerFile("builtin");
  if (!file.ok()) return file.status();
  const auto tokenizer = MakeTokenizer(file->kind, file->bytes);
  if (!tokenizer.ok()) return tokenizer.status();
  ReadPath path(tokenizer->get());
  Exchange finished;
  path.Parse(1, &finished);
  if (finished.content_chunks != kEvents) return absl::InternalError(finished.error_message);
  std::clock_t start = std::clock();
  for (int i = 0; parts != "record" && i < rounds; ++i) {
    Exchange exchange;
    path.Parse(i, &exchange);
  }
  PrintTime("parse ", rounds, start);
  start = std::clock();
  for (int i = 0; parts != "parse" && i < rounds; ++i) path.Record(finished);
  PrintTime("record", rounds, start);
  return absl::OkStatus();
}

}  // namespace
}  // namespace drumfire

int main(int argc, char** argv) {
  const absl::Status status =
      drumfire::Run(argc > 1 ? std::atoi(argv[1]) : 20000, argc > 2 ? argv[2] : "");
  if (!status.ok()) std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return status.ok() ? 0 : 1;
}
