#include "coordinator/export/records_jsonl.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/export/formats.h"
#include "coordinator/export/json_text.h"
#include "coordinator/results/error_summary.h"

namespace drumfire {
namespace {

bool IsWhole(double value) {
  constexpr double kAllWholeBelow = 0x1p53;
  return std::abs(value) < kAllWholeBelow &&
         value == static_cast<double>(static_cast<int64_t>(value));
}

// When the request began: its send, or the moment it would have been sent when it never was.
int64_t StartOf(const v1::Record& record) {
  if (record.sent_ns() >= 0) return record.sent_ns();
  return std::max(record.ready_ns(), int64_t{0});
}

bool IsInLines(const Metric& metric, const MetricContext& context) {
  return IsDistribution(metric) && !metric.internal && AppliesTo(metric, context);
}

std::vector<std::string> JsonStrings(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  std::vector<std::string> strings(static_cast<size_t>(texts.size()));
  for (size_t i = 0; i < strings.size(); ++i) {
    AppendReadableJsonString(texts[static_cast<int>(i)], &strings[i]);
  }
  return strings;
}

absl::string_view TextAt(const std::vector<std::string>& texts, uint32_t index) {
  return index < texts.size() ? absl::string_view(texts[index]) : "\"\"";
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
      context_(MetricContextOf(plan_)),
      urls_(JsonStrings(plan_.urls())),
      models_(JsonStrings(plan_.models())) {
  for (const Metric& metric : AllMetrics()) {
    if (!IsInLines(metric, context_)) continue;
    std::string head = absl::StrCat("\"", metric.tag, "\":{\"value\":");
    const size_t head_bytes = head.size();
    auto& columns = metric.population == Population::kFailed ? failed_columns_ : completed_columns_;
    columns.push_back({.metric = &metric,
                       .tail = absl::StrCat(",\"unit\":\"", metric.unit, "\"},"),
                       .head_bytes = head_bytes,
                       .text = std::move(head),
                       .is_ms = metric.scale.display_divisor == 1e6});
  }
}

RecordsJsonl::PhaseText& RecordsJsonl::PhaseOf(uint32_t phase) {
  const auto found = phases_.find(phase);
  if (found != phases_.end()) return found->second;
  PhaseText text{.names = NamesOf(phase), .ids = PhaseRequestIds(run_id_, phase)};
  return phases_.emplace(phase, std::move(text)).first->second;
}

std::string RecordsJsonl::NamesOf(uint32_t phase) const {
  const bool is_planned = phase < static_cast<uint32_t>(plan_.phases_size());
  const v1::Phase& spec =
      is_planned ? plan_.phases(static_cast<int>(phase)) : v1::Phase::default_instance();
  const bool is_warmup = spec.kind() == v1::PHASE_WARMUP;
  const char* kind = is_warmup ? "warmup" : "profiling";
  std::string names = absl::StrCat(",\"benchmark_phase\":\"", kind, "\",\"phase_index\":", phase,
                                   is_warmup ? "" : ",\"profiling_index\":0", ",\"phase_name\":");
  AppendReadableJsonString(spec.name(), &names);
  absl::StrAppend(&names, ",\"phase_kind\":\"", kind, "\",\"was_cancelled\":");
  return names;
}

void RecordsJsonl::SetPhaseStart(uint32_t phase, int64_t wall_ns) {
  PhaseOf(phase).wall_start_ns = wall_ns;
}

void RecordsJsonl::Add(const v1::Record& record, uint32_t worker) {
  if (record.outcome() == v1::OUTCOME_DROPPED) return;
  if (max_records_ > 0 && lines_ >= max_records_) {
    ++left_out_;
    return;
  }
  const PhaseText& phase = PhaseOf(record.phase());
  line_.clear();
  AppendMetadata(record, phase, worker);
  AppendMetrics(record);
  AppendError(record);
  AppendOwn(record, phase.wall_start_ns);
  line_ += "}\n";
  file_->Write(line_);
  ++lines_;
}

absl::Status RecordsJsonl::Commit() { return file_->Commit(); }

void RecordsJsonl::AppendMetadata(const v1::Record& record, const PhaseText& phase,
                                  uint32_t worker) {
  const std::string correlation_id = phase.ids.CorrelationId(record.session());
  absl::StrAppend(&line_, "{\"metadata\":{\"session_num\":", record.session(),
                  ",\"x_request_id\":\"", phase.ids.RequestId(record.session(), record.turn()),
                  "\",\"x_correlation_id\":\"", correlation_id, "\",\"conversation_id\":\"session_",
                  absl::Dec(record.entry(), absl::kZeroPad6), "\",\"turn_index\":", record.turn());
  AppendTimes(record, phase.wall_start_ns);
  const bool was_cancelled = record.outcome() == v1::OUTCOME_CANCELLED;
  absl::StrAppend(&line_, ",\"worker_id\":\"worker_", absl::Hex(worker, absl::kZeroPad8),
                  "\",\"record_processor_id\":\"record_processor_00000000\"", phase.names,
                  was_cancelled ? "true" : "false");
  if (was_cancelled) {
    const int64_t end_ns = phase.wall_start_ns + std::max(record.end_ns(), StartOf(record));
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
  const RecordView view(record, context_.isl_from_usage);
  const bool is_completed = record.outcome() == v1::OUTCOME_COMPLETED;
  for (Column& column : is_completed ? completed_columns_ : failed_columns_) {
    if (column.metric->kind == MetricKind::kRecordList) {
      AppendGaps(column, record);
    } else {
      AppendColumn(view, &column);
    }
  }
  if (is_completed && !context_.goodput.empty()) {
    const int good = MeetsGoals(context_.goodput, view) ? 1 : 0;
    absl::StrAppend(&line_, "\"good_request_count\":{\"value\":", good, ",\"unit\":\"requests\"},");
  }
  if (line_.back() == ',') line_.pop_back();
  line_.push_back('}');
}

void RecordsJsonl::AppendGaps(const Column& column, const v1::Record& record) {
  if (record.gaps_ns().empty()) return;
  line_ += column.text;
  line_.push_back('[');
  for (const uint64_t gap_ns : record.gaps_ns()) {
    AppendJsonMs(static_cast<int64_t>(gap_ns), &line_);
    line_.push_back(',');
  }
  line_.back() = ']';
  line_ += column.tail;
}

void RecordsJsonl::AppendColumn(const RecordView& view, Column* column) {
  const double base = column->metric->of_record(view);
  if (std::isnan(base) || (column->metric->hidden_when_zero && base == 0)) return;
  if (base != column->value) {
    column->value = base;
    column->text.resize(column->head_bytes);
    if (column->is_ms && IsWhole(base)) {
      AppendJsonMs(static_cast<int64_t>(base), &column->text);
    } else {
      AppendJsonNumber(column->metric->scale.ToDisplay(base), HasWholeValues(*column->metric),
                       &column->text);
    }
    column->text += column->tail;
  }
  line_ += column->text;
}

void RecordsJsonl::AppendError(const v1::Record& record) {
  if (record.outcome() == v1::OUTCOME_COMPLETED) return;
  const ErrorDetails details = DetailsOf(record);
  line_ += ",\"error\":{";
  if (details.code != 0) absl::StrAppend(&line_, "\"code\":", details.code, ",");
  line_ += "\"type\":";
  AppendReadableJsonString(details.type, &line_);
  line_ += ",\"message\":";
  AppendReadableJsonString(details.message, &line_);
  line_.push_back('}');
}

void RecordsJsonl::AppendOwn(const v1::Record& record, int64_t wall_start_ns) {
  absl::StrAppend(&line_, ",\"drumfire\":{\"url\":", TextAt(urls_, record.url()),
                  ",\"model\":", TextAt(models_, record.model()));
  if (record.intended_ns() >= 0) {
    absl::StrAppend(&line_, ",\"intended_ns\":", wall_start_ns + record.intended_ns());
  }
  absl::StrAppend(&line_, ",\"http_status\":", record.http_status(),
                  ",\"retries\":", record.retries());
  if (record.retries() > 0) {
    absl::StrAppend(&line_, ",\"stale_connection_ns\":", record.stale_connection_ns());
  }
  if (record.connection_replaced()) line_ += ",\"connection_replaced\":true";
  if (record.segment_losses() > 0) {
    absl::StrAppend(&line_, ",\"segment_losses\":", record.segment_losses());
  }
  if (record.delayed_ack_ns() > 0) {
    absl::StrAppend(&line_, ",\"delayed_ack_ns\":", record.delayed_ack_ns());
  }
  absl::StrAppend(&line_, ",\"stamps\":\"", record.stamps() == v1::STAMP_KERNEL ? "kernel" : "user",
                  "\",\"coalesced_chunks\":", record.coalesced_chunks(), "}");
}

extern constexpr ExportFormat kRecordsFormat = {
    .base = ExportBase::kPrefix, .suffix = ".jsonl", .level = ExportLevel::kRecords};

}  // namespace drumfire
