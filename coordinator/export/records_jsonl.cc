#include "coordinator/export/records_jsonl.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/endpoint/request_builder.h"
#include "coordinator/export/json_text.h"
#include "coordinator/results/error_summary.h"

namespace drumfire {
namespace {

// When the request began: its send, or the moment it would have been sent when it never was.
int64_t StartOf(const v1::Record& record) {
  if (record.sent_ns() >= 0) return record.sent_ns();
  return std::max(record.ready_ns(), int64_t{0});
}

bool IsInLines(const Metric& metric, const MetricContext& context) {
  return IsDistribution(metric) && !metric.internal && AppliesTo(metric, context);
}

}  // namespace

absl::StatusOr<std::unique_ptr<RecordsJsonl>> RecordsJsonl::Create(const std::string& path,
                                                                   const v1::Plan& plan,
                                                                   const std::string& run_id,
                                                                   uint64_t max_records) {
  absl::StatusOr<std::unique_ptr<AtomicFile>> file = AtomicFile::Create(path);
  if (!file.ok()) return file.status();
  return std::unique_ptr<RecordsJsonl>(
      new RecordsJsonl(*std::move(file), plan, run_id, max_records));
}

RecordsJsonl::RecordsJsonl(std::unique_ptr<AtomicFile> file, const v1::Plan& plan,
                           const std::string& run_id, uint64_t max_records)
    : file_(std::move(file)),
      plan_(plan),
      run_id_(run_id),
      max_records_(max_records),
      context_(MetricContextOf(plan_)) {
  for (const Metric& metric : AllMetrics()) {
    if (!IsInLines(metric, context_)) continue;
    Column column{&metric, absl::StrCat("\"", metric.tag, "\":{\"value\":"),
                  absl::StrCat(",\"unit\":\"", metric.unit, "\"},")};
    auto& columns = metric.population == Population::kFailed ? failed_columns_ : completed_columns_;
    columns.push_back(std::move(column));
  }
}

void RecordsJsonl::SetPhaseStart(uint32_t phase, int64_t wall_ns) { wall_starts_[phase] = wall_ns; }

void RecordsJsonl::Add(const v1::Record& record, uint32_t worker) {
  if (record.outcome() == v1::OUTCOME_DROPPED) return;
  if (max_records_ > 0 && lines_ >= max_records_) {
    ++left_out_;
    return;
  }
  line_.clear();
  AppendMetadata(record, worker);
  AppendMetrics(record);
  AppendError(record);
  AppendOwn(record);
  line_ += "}\n";
  file_->Write(line_);
  ++lines_;
}

absl::Status RecordsJsonl::Commit() { return file_->Commit(); }

void RecordsJsonl::AppendMetadata(const v1::Record& record, uint32_t worker) {
  const auto phase_index = static_cast<int>(record.phase());
  const v1::Phase& phase =
      phase_index < plan_.phases_size() ? plan_.phases(phase_index) : v1::Phase::default_instance();
  const bool is_warmup = phase.kind() == v1::PHASE_WARMUP;
  const char* kind = is_warmup ? "warmup" : "profiling";
  const std::string correlation_id = CorrelationId(run_id_, record.phase(), record.k());
  absl::StrAppend(
      &line_, "{\"metadata\":{\"session_num\":", record.k(), ",\"x_request_id\":\"",
      RequestId(run_id_, record.phase(), record.k()), "\",\"x_correlation_id\":\"", correlation_id,
      absl::StrFormat("\",\"conversation_id\":\"session_%06d\",\"turn_index\":0", record.entry()));
  AppendTimes(record, wall_starts_[record.phase()]);
  absl::StrAppendFormat(
      &line_, ",\"worker_id\":\"worker_%08x\",\"record_processor_id\":\"record_processor_%08x\"",
      worker, 0);
  absl::StrAppend(&line_, ",\"benchmark_phase\":\"", kind, "\",\"phase_index\":", record.phase());
  if (!is_warmup) absl::StrAppend(&line_, ",\"profiling_index\":0");
  line_ += ",\"phase_name\":";
  AppendJsonString(phase.name(), &line_);
  const bool was_cancelled = record.outcome() == v1::OUTCOME_CANCELLED;
  absl::StrAppend(&line_, ",\"phase_kind\":\"", kind,
                  "\",\"was_cancelled\":", was_cancelled ? "true" : "false");
  if (was_cancelled) {
    const int64_t end_ns =
        wall_starts_[record.phase()] + std::max(record.end_ns(), StartOf(record));
    absl::StrAppend(&line_, ",\"cancellation_time_ns\":", end_ns);
  }
  absl::StrAppend(&line_,
                  ",\"context_overflow_skip\":false,\"agent_depth\":0,\"root_correlation_id\":\"",
                  correlation_id, "\"}");
}

void RecordsJsonl::AppendTimes(const v1::Record& record, int64_t wall_start_ns) {
  const int64_t start_ns = StartOf(record);
  const int64_t issued_ns = record.ready_ns() >= 0 ? record.ready_ns() : start_ns;
  absl::StrAppend(&line_, ",\"credit_issued_ns\":", wall_start_ns + issued_ns,
                  ",\"request_start_ns\":", wall_start_ns + start_ns);
  if (record.outcome() == v1::OUTCOME_COMPLETED && record.head_ns() >= 0) {
    absl::StrAppend(&line_, ",\"request_ack_ns\":", wall_start_ns + record.head_ns());
  }
  absl::StrAppend(&line_,
                  ",\"request_end_ns\":", wall_start_ns + std::max(record.end_ns(), start_ns));
}

void RecordsJsonl::AppendMetrics(const v1::Record& record) {
  line_ += ",\"metrics\":{";
  const RecordView view(record);
  const bool is_completed = record.outcome() == v1::OUTCOME_COMPLETED;
  for (const Column& column : is_completed ? completed_columns_ : failed_columns_)
    AppendColumn(column, view);
  if (is_completed && !context_.goodput.empty()) {
    const int good = MeetsGoals(context_.goodput, view) ? 1 : 0;
    absl::StrAppend(&line_, "\"good_request_count\":{\"value\":", good, ",\"unit\":\"requests\"},");
  }
  if (line_.back() == ',') line_.pop_back();
  line_.push_back('}');
}

void RecordsJsonl::AppendColumn(const Column& column, const RecordView& view) {
  const Scale& scale = column.metric->scale;
  if (column.metric->kind == MetricKind::kRecordList) {
    if (view.record.gaps_ns().empty()) return;
    line_ += column.head;
    line_.push_back('[');
    for (const uint64_t gap_ns : view.record.gaps_ns()) {
      AppendJsonNumber(scale.ToDisplay(static_cast<double>(gap_ns)), false, &line_);
      line_.push_back(',');
    }
    line_.back() = ']';
    line_ += column.tail;
    return;
  }
  const double base = column.metric->of_record(view);
  if (std::isnan(base) || (column.metric->hidden_when_zero && base == 0)) return;
  line_ += column.head;
  AppendJsonNumber(scale.ToDisplay(base), HasWholeValues(*column.metric), &line_);
  line_ += column.tail;
}

void RecordsJsonl::AppendError(const v1::Record& record) {
  if (record.outcome() == v1::OUTCOME_COMPLETED) return;
  const ErrorDetails details = DetailsOf(record);
  line_ += ",\"error\":{";
  if (details.code != 0) absl::StrAppend(&line_, "\"code\":", details.code, ",");
  line_ += "\"type\":";
  AppendJsonString(details.type, &line_);
  line_ += ",\"message\":";
  AppendJsonString(details.message, &line_);
  line_.push_back('}');
}

void RecordsJsonl::AppendOwn(const v1::Record& record) {
  const auto url = static_cast<int>(record.url());
  const auto model = static_cast<int>(record.model());
  line_ += ",\"drumfire\":{\"url\":";
  AppendJsonString(url < plan_.urls_size() ? plan_.urls(url) : "", &line_);
  line_ += ",\"model\":";
  AppendJsonString(model < plan_.models_size() ? plan_.models(model) : "", &line_);
  if (record.intended_ns() >= 0) {
    absl::StrAppend(&line_,
                    ",\"intended_ns\":", wall_starts_[record.phase()] + record.intended_ns());
  }
  absl::StrAppend(&line_, ",\"http_status\":", record.http_status(),
                  ",\"retries\":", record.retries(), ",\"stamps\":\"",
                  record.stamps() == v1::STAMP_KERNEL ? "kernel" : "user",
                  "\",\"unseen_gaps\":", record.unseen_gaps(), "}");
}

}  // namespace drumfire
