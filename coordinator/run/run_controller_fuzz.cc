// Any bytes as what the workers of a run do (fuzzed_links.h), against the real run: controller,
// fleet, ledger, gate, intake, journal and assembler on one thread, over fakes of streams, record
// links and disk. No crash and no endless turn; what is sent to a worker has the next number and a
// bound; requests add up, or the result says that they do not; a report of the journal says the
// same as the run; and no text of a worker brings a control character to a terminal or file.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/dataset/texts.h"
#include "common/plan/plan_hash.h"
#include "common/plan/validate_plan.h"
#include "coordinator/export/console.h"
#include "coordinator/export/summary_csv.h"
#include "coordinator/export/summary_json.h"
#include "coordinator/ingest/journal_reader.h"
#include "coordinator/run/fuzzed_links.h"
#include "coordinator/run/run_controller.h"
#include "glog/logging.h"
#include "google/protobuf/stubs/logging.h"

namespace drumfire {
namespace {

constexpr uint32_t kWorkers = 3;
constexpr size_t kChunkBytes = 1 << 16;

// First byte of the input.
struct Scenario {
  explicit Scenario(uint8_t bits)
      : same_host((bits & 1) != 0),
        goes_on((bits & 2) != 0),
        is_open((bits & 4) != 0),
        has_warmup((bits & 8) != 0),
        has_duration((bits & 16) != 0),
        needs_chunk((bits & 32) != 0),
        is_told((bits & 64) != 0) {}
  bool same_host, goes_on, is_open, has_warmup, has_duration, needs_chunk;
  bool is_told;  // the files are made, which takes longer than all else
};

void AddPhase(const Scenario& scenario, v1::PhaseKind kind, v1::Plan* plan) {
  v1::Phase* phase = plan->add_phases();
  phase->set_name(kind == v1::PHASE_PROFILING ? "profiling" : "warmup");
  phase->set_kind(kind);
  phase->set_concurrency(8);
  phase->set_request_count(40);
  phase->set_grace_period_ns(-1);
  if (scenario.has_duration) phase->set_duration_ns(3 * kNsPerSecond);
  if (!scenario.is_open) return;
  phase->set_mode(v1::LOAD_RATE);
  phase->set_arrival_pattern(v1::ARRIVAL_POISSON);
  phase->set_request_rate(20);
}

v1::Plan PlanOf(const Scenario& scenario) {
  v1::Plan plan;
  plan.set_protocol_version(kProtocolVersion);
  plan.add_urls("http://127.0.0.1:9");
  plan.add_models("m");
  plan.mutable_endpoint()->set_batch_size(1);
  plan.mutable_dataset()->set_kind(v1::DATASET_SINGLE_TURN);
  plan.mutable_dataset()->set_entries(1);
  plan.mutable_dataset()->mutable_rows()->set_size_bytes(1);
  plan.mutable_dataset()->mutable_rows()->add_chunk_sha256(std::string(32, 'x'));
  if (scenario.goes_on) {
    plan.mutable_loss()->set_action(v1::LOSS_CONTINUE);
    plan.mutable_loss()->set_max_lost_share(1);
    plan.mutable_loss()->set_elastic(true);
  }
  if (scenario.has_warmup) AddPhase(scenario, v1::PHASE_WARMUP, &plan);
  AddPhase(scenario, v1::PHASE_PROFILING, &plan);
  FuzzCheck(ValidatePlan(plan).ok());
  return plan;
}

class MemoryFile {
 public:
  explicit MemoryFile(const std::string& bytes) : descriptor_(memfd_create("journal", 0)) {
    FuzzCheck(write(descriptor_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  ~MemoryFile() { close(descriptor_); }
  std::string path() const { return absl::StrCat("/proc/self/fd/", descriptor_); }

 private:
  const int descriptor_;
};

void CheckText(const std::string& text) {
  FuzzCheck(std::none_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < ' ' && c != '\n') || c == '\x7f';
  }));
}

// Requests add up, or the result says that they do not.
void CheckSums(const RunResult& result) {
  const CreditSums& credits = result.profiling.accounts.credits;
  const uint64_t ended = credits.completed + credits.failed + credits.cancelled + credits.dropped +
                         credits.lost + credits.fate_unknown + credits.unsent_turns;
  const bool is_open = !result.profiling.accounts.problems.empty();
  FuzzCheck(credits.scheduled == ended || is_open);
  FuzzCheck(!is_open || result.verdict.status >= VerdictStatus::kInvalid);
}

class FuzzedRun {
 public:
  explicit FuzzedRun(FuzzScript* script) : script_(script), scenario_(script->Byte()) {
    manifest_.set_run_id(testutil::kRunId);
    *manifest_.mutable_plan() = PlanOf(scenario_);
    manifest_.set_workers(kWorkers);
    MakeFleet();
  }

  void Go() {
    RunController run({manifest_.plan(), &*fleet_, &stops_, clock_});
    if (!run.Connect().ok()) return;
    if (!run.Prepare(&dataset_, TotalsOfPhases(manifest_.plan(), &dataset_)).ok()) return;
    MakeRecords();
    const absl::StatusOr<RunResult> result = run.Run(&*records_);
    if (!result.ok()) return CheckText(std::string(result.status().message()));
    CheckSums(*result);
    if (scenario_.is_told) CheckFiles(*result);
  }

 private:
  void MakeFleet() {
    FleetOptions options;
    for (uint32_t worker = 0; worker < kWorkers; ++worker) {
      options.addresses.push_back(absl::StrCat("worker-", worker, ":1"));
    }
    options.same_host = scenario_.same_host;
    options.plan = manifest_.plan();
    options.plan_hash = PlanHash(manifest_.plan());
    options.run_id = testutil::kRunId;
    options.redial_lost = scenario_.goes_on;
    options.ready_timeout = absl::Seconds(3);
    const std::string chunk(32, 'c');
    chunks_[chunk] = std::string(kChunkBytes, 'x');
    auto links = std::make_unique<FuzzedLinks>(
        FuzzedLinks::Parts{script_, &clock_, &loops_, &stops_, scenario_.needs_chunk ? chunk : ""});
    links_ = links.get();
    fleet_.emplace(std::move(options), std::move(links), &chunks_, clock_);
  }

  void MakeRecords() {
    auto transport = std::make_unique<testutil::FakeRecordTransport>();
    links_->on_frame = [transport = transport.get()](std::string frame) {
      transport->Arrive(std::move(frame));
    };
    RunRecords::Parts parts;
    parts.file = std::make_unique<testutil::FakeJournalFile>(&disk_);
    parts.plan_hash = PlanHash(manifest_.plan());
    parts.transport = std::move(transport);
    parts.runners = &loops_;
    parts.clock = &clock_;
    auto records = RunRecords::Create(manifest_, std::move(parts));
    FuzzCheck(records.ok());
    records_ = *std::move(records);
  }

  void CheckFiles(const RunResult& result) const {
    CheckText(ConsoleText(result, {}));
    CheckText(SummaryCsv(result));
    const std::string json = SummaryJson(result, "folder");
    CheckText(json);
    FuzzCheck(json == SummaryJson(Report(), "folder"));
  }

  RunResult Report() const {
    const MemoryFile file(disk_.bytes);
    auto reader = JournalReader::Open(file.path());
    FuzzCheck(reader.ok());
    RunAssembler assembler(manifest_);
    FuzzCheck((*reader)->Read(&assembler).ok());
    return assembler.Finish();
  }

  FuzzScript* const script_;
  const Scenario scenario_;
  FakeClock clock_{10 * kNsPerSecond};
  testutil::ManualLoops loops_{&clock_};
  FakeStops stops_;
  testutil::FakeDisk disk_;
  testutil::Texts dataset_;
  ChunkMap chunks_;
  v1::RunManifest manifest_;
  FuzzedLinks* links_ = nullptr;
  std::optional<Fleet> fleet_;
  std::unique_ptr<RunRecords> records_;
};

}  // namespace
}  // namespace drumfire

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FLAGS_minloglevel = google::GLOG_FATAL;
  google::protobuf::SetLogHandler(nullptr);
  drumfire::FuzzScript script(absl::string_view(reinterpret_cast<const char*>(data), size));
  drumfire::FuzzedRun(&script).Go();
  return 0;
}
