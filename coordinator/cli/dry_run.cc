#include "coordinator/cli/dry_run.h"

#include <cstdio>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/plan/digest.h"
#include "common/schedule/schedule.h"
#include "coordinator/cli/schedule_file.h"
#include "coordinator/run/request_workload.h"
#include "nlohmann/json.hpp"

namespace drumfire {
namespace {

using Json = nlohmann::ordered_json;

Json KnownOrNull(bool known, int64_t value) { return known ? Json(value) : Json(); }

std::string ScheduleLine(const ScheduledRequest& scheduled, const RequestBuilder& builder) {
  std::string body;
  builder.AppendBody({.entry = scheduled.entry}, scheduled.model, &body);
  // Ordered as documented; null for what is not known.
  Json line;
  line["k"] = scheduled.k;
  line["t_ns"] = KnownOrNull(scheduled.intended_ns >= 0, scheduled.intended_ns);
  line["url"] = builder.FullUrl(scheduled.url);
  line["entry"] = scheduled.entry;
  line["isl"] = scheduled.isl;
  line["osl"] = KnownOrNull(scheduled.requested_osl > 0, scheduled.requested_osl);
  line["body_sha256"] = HexEncode(Sha256(body));
  return absl::StrCat(line.dump(-1, ' ', false, Json::error_handler_t::replace), "\n");
}

absl::StatusOr<uint64_t> RequestCount(const v1::Plan& plan, uint32_t phase,
                                      const Dataset* dataset) {
  if (IsOpenLoop(plan.phases(phase))) return OpenLoopRequestCount(plan, phase, dataset);
  if (plan.phases(phase).request_count() > 0) return plan.phases(phase).request_count();
  return absl::InvalidArgumentError(
      "--schedule-out requires --request-count for a closed loop with a duration");
}

}  // namespace

absl::Status WriteSchedule(const ProfileRequest& request,
                           const std::function<absl::Status(absl::string_view)>& write) {
  const auto workload = WorkloadOf(request);
  if (!workload.ok()) return workload.status();
  const auto phase = static_cast<uint32_t>(request.plan.phases_size() - 1);
  const absl::StatusOr<uint64_t> count =
      RequestCount(request.plan, phase, (*workload)->dataset.get());
  if (!count.ok()) return count.status();
  ScheduleCursor cursor(request.plan, phase, (*workload)->dataset.get());
  for (uint64_t k = 0; k < *count; ++k) {
    absl::Status status = write(ScheduleLine(cursor.At(k), *(*workload)->builder));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status WriteScheduleFile(const ProfileRequest& request) {
  absl::StatusOr<std::unique_ptr<ScheduleFile>> file = ScheduleFile::Create(request.schedule_out);
  if (!file.ok()) return file.status();
  absl::Status status =
      WriteSchedule(request, [&](absl::string_view line) { return (*file)->Write(line); });
  return status.ok() ? (*file)->Finish() : status;
}

}  // namespace drumfire
