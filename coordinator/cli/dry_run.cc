#include "coordinator/cli/dry_run.h"

#include <cstdio>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/plan/digest.h"
#include "common/schedule/schedule.h"
#include "common/status/status_macros.h"
#include "coordinator/cli/schedule_file.h"
#include "coordinator/run/request_workload.h"
#include "nlohmann/json.hpp"

namespace drumfire {
namespace {

using Json = nlohmann::ordered_json;

Json KnownOrNull(bool known, int64_t value) { return known ? Json(value) : Json(); }

// One line per turn. Only plans with conversations have the keys `turn` and `delay_ns`.
class ScheduleLines {
 public:
  ScheduleLines(const v1::Plan& plan, uint32_t phase, const Workload& workload)
      : workload_(workload),
        has_conversations_(workload.dataset->has_conversations()),
        cursor_(plan, phase, workload.dataset.get()) {}

  // The lines of the next session.
  std::string Next() {
    const ScheduledSession session = cursor_.At(next_++);
    std::string lines;
    for (uint32_t turn = 0; turn < session.turns; ++turn) {
      const Json line = Line(session, turn);
      absl::StrAppend(&lines, line.dump(-1, ' ', false, Json::error_handler_t::replace), "\n");
    }
    return lines;
  }

 private:
  // Ordered as documented; null for what is not known.
  Json Line(const ScheduledSession& session, uint32_t turn) const {
    const ScheduledTurn scheduled = cursor_.TurnOf(session.entry, turn);
    const bool is_first = turn == 0;
    Json line;
    line["k"] = session.session;
    if (has_conversations_) line["turn"] = turn;
    line["t_ns"] = KnownOrNull(is_first && session.intended_ns >= 0, session.intended_ns);
    if (has_conversations_) line["delay_ns"] = scheduled.delay_ns;
    line["url"] = workload_.builder->FullUrl(session.url);
    line["entry"] = session.entry;
    line["isl"] = scheduled.isl;
    line["osl"] = KnownOrNull(scheduled.requested_osl > 0, scheduled.requested_osl);
    line["body_sha256"] = is_first ? Json(FirstBodySha256(session)) : Json();
    return line;
  }

  // Later bodies hold the server's replies.
  std::string FirstBodySha256(const ScheduledSession& session) const {
    std::string body;
    workload_.builder->AppendBody({.entry = session.entry}, session.model, &body);
    return HexEncode(Sha256(body));
  }

  const Workload& workload_;
  const bool has_conversations_;
  ScheduleCursor cursor_;
  uint64_t next_ = 0;
};

}  // namespace

absl::Status WriteSchedule(const ProfileRequest& request,
                           const std::function<absl::Status(absl::string_view)>& write) {
  DRUMFIRE_ASSIGN_OR_RETURN(const auto workload, WorkloadOf(request));
  const auto phase = static_cast<uint32_t>(request.plan.phases_size() - 1);
  const uint64_t sessions = TotalsOf(request.plan, phase, workload->dataset.get()).sessions;
  if (sessions == kUnboundedCredits) {
    return absl::InvalidArgumentError(
        "--schedule-out requires --request-count for a closed loop with a duration");
  }
  ScheduleLines lines(request.plan, phase, *workload);
  for (uint64_t session = 0; session < sessions; ++session) {
    DRUMFIRE_RETURN_IF_ERROR(write(lines.Next()));
  }
  return absl::OkStatus();
}

absl::Status WriteScheduleFile(const ProfileRequest& request) {
  DRUMFIRE_ASSIGN_OR_RETURN(std::unique_ptr<ScheduleFile> file,
                            ScheduleFile::Create(request.schedule_out));
  absl::Status status =
      WriteSchedule(request, [&](absl::string_view line) { return file->Write(line); });
  return status.ok() ? file->Finish() : status;
}

}  // namespace drumfire
