#include "tools/fleet_sim/counting_run.h"

#include <algorithm>
#include <utility>

#include "common/plan/version.h"

namespace drumfire::fleet_sim {
namespace {

constexpr int64_t kReportEveryNs = 500 * kNsPerMs;
constexpr uint64_t kNoneUnsent = UINT64_MAX;

}  // namespace

absl::StatusOr<v1::Ready> CountingRun::Open(const v1::Hello& hello, uint64_t) {
  if (absl::Status fits = CheckClosedLoops(hello.plan()); !fits.ok()) return fits;
  auto link = resources_->OpenRecordLink(hello);
  if (!link.ok()) return link.status();
  auto ready = resources_->Describe(hello.plan());
  if (!ready.ok()) return ready.status();
  plan_ = hello.plan();
  link_ = *std::move(link);
  ready->set_protocol_version(kProtocolVersion);
  ready->set_records_endpoint(link_->endpoint());
  ready->set_records_server_key(link_->server_key());
  for (std::string& name : resources_->MissingChunks(plan_)) {
    ready->add_needed_chunks(std::move(name));
    ++missing_chunks_;
  }
  return ready;
}

absl::StatusOr<bool> CountingRun::AddChunk(const v1::Chunk& chunk) {
  if (absl::Status added = resources_->AddChunk(chunk); !added.ok()) return added;
  return --missing_chunks_ == 0;
}

void CountingRun::Prepare(const v1::Prepare& prepare) {
  phase_ = prepare.phase();
  slots_ = prepare.slots();
  granted_ = unsent_ = 0;
  start_ns_ = kNever;
  next_report_ns_ = 0;
  is_running_ = true;
  has_final_ = is_stopped_ = false;
  AddCredits(prepare.first_grant()).IgnoreError();  // it refuses none
  session_->OnPrepared({});
}

absl::Status CountingRun::AddCredits(const v1::Grant& grant) {
  lowest_unsent_ = unsent_ == 0 ? grant.first() : std::min(lowest_unsent_, grant.first());
  granted_ += grant.count();
  unsent_ += grant.count();
  has_news_ = true;
  has_final_ = has_final_ || grant.last();
  return absl::OkStatus();
}

int64_t CountingRun::OnTick(int64_t now_ns) {
  if (!is_running_) return kNever;
  if (!is_stopped_ && now_ns < start_ns_) return start_ns_;
  const int64_t duration_ns = plan_.phases(static_cast<int>(phase_)).duration_ns();
  const int64_t stop_ns = duration_ns > 0 ? start_ns_ + duration_ns : kNever;
  is_stopped_ = is_stopped_ || now_ns >= stop_ns;
  if (!is_stopped_) unsent_ = 0;
  if (is_stopped_ || has_final_) {
    FinishPhase();
  } else if (std::exchange(has_news_, false)) {
    session_->OnLowCredits(0, slots_);
  }
  if (!is_running_) return kNever;
  if (now_ns >= next_report_ns_) {
    next_report_ns_ = now_ns + kReportEveryNs;
    SendProgress();
  }
  return std::min(stop_ns, next_report_ns_);
}

v1::CreditTotals CountingRun::Totals() const {
  v1::CreditTotals totals;
  totals.set_granted(granted_);
  totals.set_begun(granted_ - unsent_);
  totals.set_sessions_completed(granted_ - unsent_);
  totals.set_sent(granted_ - unsent_);
  totals.set_completed(granted_ - unsent_);
  totals.set_unsent(unsent_);
  return totals;
}

void CountingRun::SendProgress() {
  v1::WorkerMessage message;
  v1::Progress* progress = message.mutable_progress();
  progress->set_phase(phase_);
  *progress->mutable_totals() = Totals();
  progress->set_lowest_unsent(unsent_ == 0 ? kNoneUnsent : lowest_unsent_);
  progress->mutable_health()->set_records_dropped(granted_ - unsent_);
  session_->Send(std::move(message));
}

void CountingRun::FinishPhase() {
  is_running_ = false;
  const uint64_t answered = granted_ - unsent_;
  v1::PhaseDone done;
  done.set_phase(phase_);
  *done.mutable_totals() = Totals();
  done.mutable_health()->set_records_dropped(answered);
  done.set_records_made(answered);
  v1::WorkerMessage histograms;
  histograms.mutable_histograms()->set_phase(phase_);
  histograms.mutable_histograms()->set_interval(1);
  histograms.mutable_histograms()->set_last(true);
  session_->Send(std::move(histograms));
  session_->OnPhaseDone(std::move(done));
}

}  // namespace drumfire::fleet_sim
