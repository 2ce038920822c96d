// What does a record cost the coordinator, from the message as it comes from ZeroMQ to journal and
// consumer, without the metrics? Prints CPU time per record; the goal for all of the coordinator is
// 3 us.
//   coordinator_ingest_benchmark [records per batch] [gaps per record]
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "common/record/frame.h"
#include "coordinator/ingest/batch_intake.h"
#include "coordinator/ingest/journal.h"

namespace drumfire {
namespace {

constexpr char kRunId[] = "0123456789abcdef";
constexpr int kBatches = 2000;
constexpr int kBatchesPerWrite = 64;

class CountingConsumer : public RecordConsumer {
 public:
  void OnBatch(const v1::RecordBatch& batch) override { records += batch.records_size(); }
  void OnAck(uint32_t, uint64_t, uint64_t) override {}
  uint64_t records = 0;
};

std::string MakeMessage(uint64_t sequence, int records, int gaps) {
  v1::RecordBatch batch;
  batch.set_run_id(kRunId);
  batch.set_epoch(1);
  batch.set_sequence(sequence);
  for (int i = 0; i < records; ++i) {
    v1::Record* record = batch.add_records();
    record->set_k(sequence * records + i);
    record->set_sent_ns(1'000'000'000 + i);
    record->set_head_ns(1'010'000'000 + i);
    record->set_first_token_ns(1'020'000'000 + i);
    record->set_last_token_ns(2'020'000'000 + i);
    record->set_end_ns(2'020'100'000 + i);
    for (int gap = 0; gap < gaps; ++gap) record->add_gaps_ns(10'000'000 + gap);
  }
  std::string message;
  if (!AppendFrame(batch, &message).ok()) std::abort();
  return message;
}

double CpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

int Run(int records, int gaps) {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("ingest_benchmark." + std::to_string(getpid())))
          .string();
  auto file = CreateJournalFile(path);
  if (!file.ok()) return 1;
  auto journal = Journal::Create(*std::move(file), {std::string(kPlanHashBytes, 'p'), kRunId});
  if (!journal.ok()) return 1;
  CountingConsumer consumer;
  BatchIntake intake(kRunId, &consumer, journal->get());
  intake.AddWorker(0, 1);
  double seconds = 0;
  for (int done = 0; done < kBatches; done += kBatchesPerWrite) {
    std::vector<std::string> messages;
    for (int i = 1; i <= kBatchesPerWrite; ++i) {
      messages.push_back(MakeMessage(done + i, records, gaps));
    }
    const double before = CpuSeconds();
    for (const std::string& message : messages) intake.Take(message);
    (*journal)->Write();
    intake.AckTaken();
    seconds += CpuSeconds() - before;
  }
  std::printf("%d records a batch, %d gaps a record: %.3f us CPU per record\n", records, gaps,
              seconds * 1e6 / static_cast<double>(consumer.records));
  std::filesystem::remove(path);
  return 0;
}

}  // namespace
}  // namespace drumfire

int main(int argc, char** argv) {
  return drumfire::Run(argc > 1 ? std::atoi(argv[1]) : 256, argc > 2 ? std::atoi(argv[2]) : 40);
}
