// profile_export.jsonl: one line a request, as it comes; AIPerf's keys in AIPerf's order, and under
// "drumfire" what those do not say (target, model, intended time). Memory does not grow with the
// number of lines. Dropped requests were never sent and have no line. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/endpoint/request_builder.h"
#include "common/files/atomic_file.h"
#include "common/metrics/summary.h"
#include "drumfire/v1/plan.pb.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

class RecordsJsonl {
 public:
  // Lines written without being asked for all.
  static constexpr uint64_t kDefaultMaxRecords = 1'000'000;

  // run_id: 16 raw bytes. max_records: lines at most, 0 = no limit.
  static absl::StatusOr<std::unique_ptr<RecordsJsonl>> Create(const std::string& path,
                                                              const v1::Plan& plan,
                                                              const std::string& run_id,
                                                              uint64_t max_records);

  // Wall clock at t = 0 of a phase. Before the first record of that phase.
  void SetPhaseStart(uint32_t phase, int64_t wall_ns);
  void Add(const v1::Record& record, uint32_t worker);
  // Puts the file in its place; the first error of any line shows here.
  absl::Status Commit();

  // Records that came after the last line.
  uint64_t left_out() const { return left_out_; }

 private:
  // A metric's field. Neighbouring records often have the same value: its text is kept.
  struct Column {
    const Metric* metric;
    std::string tail;  // ,"unit":"ms"},
    size_t head_bytes;
    std::string text;  // "tag":{"value":1,"unit":"ms"}, of which the first head_bytes never change
    double value = kNoValue;  // the one in the text
    bool is_ms;
  };
  // What is the same in all lines of a phase.
  struct PhaseText {
    int64_t wall_start_ns = 0;
    std::string names;  // ,"benchmark_phase": ... ,"was_cancelled":
    PhaseRequestIds ids;
  };
  RecordsJsonl(std::unique_ptr<AtomicFile> file, const v1::Plan& plan, const std::string& run_id,
               uint64_t max_records);
  PhaseText& PhaseOf(uint32_t phase);
  std::string NamesOf(uint32_t phase) const;
  void AppendMetadata(const v1::Record& record, const PhaseText& phase, uint32_t worker);
  void AppendTimes(const v1::Record& record, int64_t wall_start_ns);
  void AppendMetrics(const v1::Record& record);
  void AppendGaps(const Column& column, const v1::Record& record);
  void AppendColumn(const RecordView& view, Column* column);
  void AppendError(const v1::Record& record);
  void AppendOwn(const v1::Record& record, int64_t wall_start_ns);

  std::unique_ptr<AtomicFile> file_;
  const v1::Plan plan_;
  const std::string run_id_;
  const uint64_t max_records_;
  const MetricContext context_;
  std::vector<Column> completed_columns_;
  std::vector<Column> failed_columns_;
  std::vector<std::string> urls_;  // as JSON strings
  std::vector<std::string> models_;
  std::map<uint32_t, PhaseText> phases_;
  std::string line_;
  uint64_t lines_ = 0;
  uint64_t left_out_ = 0;
};

}  // namespace drumfire
