// What do records cost the coordinator before the metrics, and what does the merge of a histogram?
// Prints CPU time of this process: for a bare loop that takes the messages from ZeroMQ and drops
// them (the floor), for the record intake with all its checks and the journal, for the same without
// ZeroMQ, and for merges. The messages come from a process of their own.
//   coordinator_ingest_benchmark [records per batch] [gaps per record]
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "common/histogram/histogram.h"
#include "common/record/frame.h"
#include "common/record/link.h"
#include "common/record/link_keys.h"
#include "coordinator/ingest/batch_intake.h"
#include "coordinator/ingest/journal.h"
#include "coordinator/ingest/threaded_intake.h"

namespace drumfire {
namespace {

constexpr char kRunId[] = "0123456789abcdef";
constexpr int kBatches = 1000;
constexpr int kBatchesPerWrite = 64;
constexpr int kMerges = 2000;

class CountingConsumer : public RecordConsumer {
 public:
  void OnBatch(const v1::RecordBatch& batch) override { records += batch.records_size(); }
  void OnAck(uint32_t, uint64_t, uint64_t) override {}
  uint64_t records = 0;
};

// With all fields that a completed request over a reused connection has.
void FillRecord(uint64_t k, int gaps, v1::Record* record) {
  const auto at = [k](int64_t ns) { return ns + static_cast<int64_t>(k) * 10'000; };
  record->set_session(k);
  record->set_phase(1);
  record->set_entry(k);
  record->set_http_status(200);
  record->set_intended_ns(-1);
  record->set_ready_ns(at(999'990'000));
  record->set_sent_ns(at(1'000'000'000));
  record->set_sent_end_ns(at(1'000'005'000));
  record->set_head_ns(at(1'010'000'000));
  record->set_first_event_ns(at(1'010'000'000));
  record->set_first_token_ns(at(1'020'000'000));
  record->set_first_output_token_ns(at(1'020'000'000));
  record->set_last_token_ns(at(2'020'000'000));
  record->set_end_ns(at(2'020'100'000));
  record->set_connection_reused(true);
  for (int gap = 0; gap < gaps; ++gap) record->add_gaps_ns(10'000'000 + gap);
  record->set_content_chunks(gaps + 1);
  record->set_reads(gaps + 1);
  record->set_stamps(v1::STAMP_KERNEL);
  record->set_isl(32);
  record->set_output_tokens(gaps + 1);
  record->set_tokens_known(true);
  record->set_bytes_sent(600);
  record->set_bytes_received(900);
}

std::string MakeMessage(uint64_t sequence, int records, int gaps) {
  v1::RecordBatch batch;
  batch.set_run_id(kRunId);
  batch.set_epoch(1);
  batch.set_sequence(sequence);
  for (int i = 0; i < records; ++i) {
    FillRecord((sequence - 1) * records + i, gaps, batch.add_records());
  }
  std::string message;
  if (!AppendFrame(batch, &message).ok()) std::abort();
  return message;
}

std::vector<std::string> MakeMessages(int records, int gaps) {
  std::vector<std::string> messages;
  for (int i = 1; i <= kBatches; ++i) messages.push_back(MakeMessage(i, records, gaps));
  return messages;
}

double CpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

LinkKeys NewKeys() {
  absl::StatusOr<LinkKeys> keys = MakeLinkKeys();
  if (!keys.ok()) std::abort();
  return *std::move(keys);
}

// A process that sends the messages once to whoever connects, and ends with this object. keys: the
// link is under CURVE; null = it is not.
class Sender {
 public:
  Sender(const std::vector<std::string>& messages, const LinkKeys* keys) : keys_(keys) {
    if (pipe(to_parent_) != 0 || pipe(to_child_) != 0) std::abort();
    process_ = fork();
    if (process_ == 0) Send(messages);
    char endpoint[64] = {};
    if (process_ < 0 || read(to_parent_[0], endpoint, sizeof(endpoint) - 1) <= 0) std::abort();
    endpoint_ = endpoint;
  }
  ~Sender() {
    (void)!write(to_child_[1], "x", 1);
    waitpid(process_, nullptr, 0);
    for (const int descriptor : {to_parent_[0], to_parent_[1], to_child_[0], to_child_[1]}) {
      close(descriptor);
    }
  }
  const std::string& endpoint() const { return endpoint_; }

 private:
  [[noreturn]] void Send(const std::vector<std::string>& messages) {
    zmq::context_t context;
    zmq::socket_t socket(context, zmq::socket_type::push);
    SetLinkOptions(&socket);
    if (keys_ != nullptr) {  // any client will do: no ZAP domain
      socket.set(zmq::sockopt::curve_server, true);
      zmq_setsockopt(socket.handle(), ZMQ_CURVE_SECRETKEY, keys_->secret_key.data(),
                     keys_->secret_key.size());
    }
    socket.bind("tcp://127.0.0.1:*");
    const std::string endpoint = socket.get(zmq::sockopt::last_endpoint);
    (void)!write(to_parent_[1], endpoint.data(), endpoint.size());
    for (const std::string& message : messages) socket.send(zmq::buffer(message));
    char end = 0;
    (void)!read(to_child_[0], &end, 1);
    _exit(0);
  }

  const LinkKeys* const keys_;
  int to_parent_[2] = {}, to_child_[2] = {};
  pid_t process_ = -1;
  std::string endpoint_;
};

// A journal in a file of its own, gone with the object.
class TemporaryJournal {
 public:
  TemporaryJournal()
      : path_(std::filesystem::temp_directory_path() /
              ("ingest_benchmark." + std::to_string(getpid()))) {
    auto file = CreateJournalFile(path_.string());
    if (!file.ok()) std::abort();
    auto journal =
        Journal::Create(*std::move(file), {std::string(kPlanHashBytes, 'p'), kRunId}, nullptr);
    if (!journal.ok()) std::abort();
    journal_ = *std::move(journal);
  }
  ~TemporaryJournal() { std::filesystem::remove(path_); }
  Journal* get() { return journal_.get(); }

 private:
  const std::filesystem::path path_;
  std::unique_ptr<Journal> journal_;
};

double BareLoopSeconds(const std::vector<std::string>& messages, const LinkKeys* keys) {
  const Sender sender(messages, keys);
  const double before = CpuSeconds();
  zmq::context_t context;
  zmq::socket_t socket(context, zmq::socket_type::pull);
  SetLinkOptions(&socket);
  if (keys != nullptr) GuardClient(NewKeys(), keys->public_key, &socket);
  socket.connect(sender.endpoint());
  zmq::message_t message;
  for (size_t i = 0; i < messages.size(); ++i) (void)socket.recv(message);
  return CpuSeconds() - before;
}

double RecordIntakeSeconds(const std::vector<std::string>& messages, const LinkKeys& keys) {
  const Sender sender(messages, &keys);
  TemporaryJournal journal;
  CountingConsumer consumer;
  const double before = CpuSeconds();
  testutil::ThreadedIntake intake(kRunId, NewKeys(), &consumer, journal.get());
  intake.AddWorker({0, 1, sender.endpoint(), keys.public_key});
  if (!intake.WaitFor(0, messages.size())) std::abort();
  return CpuSeconds() - before;
}

double IntakeSeconds(const std::vector<std::string>& messages) {
  TemporaryJournal journal;
  CountingConsumer consumer;
  BatchIntake intake(kRunId, &consumer, journal.get());
  intake.AddWorker(0, 1);
  const double before = CpuSeconds();
  for (size_t i = 0; i < messages.size(); ++i) {
    intake.Take(messages[i]);
    if (i % kBatchesPerWrite == 0) journal.get()->Write();
  }
  journal.get()->Write();
  intake.AckTaken();
  return CpuSeconds() - before;
}

// Values from 1 ms on, evenly over so many octaves.
double MergeMicroseconds(double octaves) {
  Histogram from, into;
  for (int i = 0; i < 10'000; ++i) {
    from.Record(static_cast<int64_t>(1e6 * std::exp2(octaves * i / 10'000)));
  }
  if (!into.Merge(from).ok()) std::abort();
  const double before = CpuSeconds();
  for (int i = 0; i < kMerges; ++i) (void)into.Merge(from);
  return (CpuSeconds() - before) * 1e6 / kMerges;
}

void PrintPerRecord(const char* what, double seconds, int records) {
  const double all = static_cast<double>(records) * kBatches;
  std::printf("%-34s %.3f us CPU a record, %.2f M records/s a core\n", what, seconds * 1e6 / all,
              all / seconds / 1e6);
}

void Run(int records, int gaps) {
  const std::vector<std::string> messages = MakeMessages(records, gaps);
  std::printf("%d records a batch, %d gaps a record\n", records, gaps);
  const LinkKeys keys = NewKeys();
  PrintPerRecord("bare ZeroMQ loop (floor)", BareLoopSeconds(messages, nullptr), records);
  PrintPerRecord("bare loop under CURVE", BareLoopSeconds(messages, &keys), records);
  PrintPerRecord("record intake with journal, CURVE", RecordIntakeSeconds(messages, keys), records);
  PrintPerRecord("the same without ZeroMQ", IntakeSeconds(messages), records);
  for (const double octaves : {4, 10, 24}) {
    std::printf("merge of a 3-digit histogram, %2.0f octaves: %.1f us\n", octaves,
                MergeMicroseconds(octaves));
  }
}

}  // namespace
}  // namespace drumfire

int main(int argc, char** argv) {
  drumfire::Run(argc > 1 ? std::atoi(argv[1]) : 256, argc > 2 ? std::atoi(argv[2]) : 40);
}
