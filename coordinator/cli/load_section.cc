#include "coordinator/cli/load_section.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/clock/clock.h"
#include "common/plan/validate_plan.h"
#include "common/schedule/arrival_shapes.h"

namespace drumfire {
namespace {

constexpr int64_t kDefaultGraceNs = 30 * kNsPerSecond;

v1::ArrivalPattern ReadPattern(FlagReader* flags, absl::string_view flag,
                               v1::ArrivalPattern fallback) {
  std::vector<std::string> names;
  std::vector<Choice> choices;
  names.reserve(ArrivalShapes().size());  // choices point into it
  for (const ArrivalShape& shape : ArrivalShapes()) {
    if (shape.mode != v1::LOAD_RATE) continue;
    names.push_back(absl::StrReplaceAll(shape.name, {{"_", "-"}}));
    choices.push_back({names.back(), shape.pattern});
  }
  return static_cast<v1::ArrivalPattern>(flags->Enum(flag, choices, fallback));
}

// vLLM's way to say that slots decide, not a rate.
bool AsksForNoRate(FlagReader* flags) {
  return flags->Has("--concurrency") &&
         absl::AsciiStrToLower(flags->values().Text("--request-rate")) == "inf";
}

bool AsksForBurst(FlagReader* flags) {
  return ReadPattern(flags, "--arrival-pattern", v1::ARRIVAL_POISSON) ==
         v1::ARRIVAL_CONCURRENCY_BURST;
}

void CheckFixedSchedule(FlagReader* flags, const DataFacts& data) {
  flags->Exclude("--fixed-schedule", "--no-fixed-schedule");
  flags->Exclude("--fixed-schedule", "--request-rate");
  flags->Exclude("--fixed-schedule", "--arrival-pattern");
  if (flags->Has("--fixed-schedule") && data.from_file && !data.has_timestamps) {
    flags->Fail("--fixed-schedule",
                absl::StrCat("requires timestamps, but ", flags->values().Text("--input-file"),
                             " has none"));
  }
}

// The mode that was asked for, or the one that the data suggests.
v1::LoadMode ChooseMode(FlagReader* flags, const DataFacts& data, std::vector<std::string>* notes) {
  if (flags->Has("--fixed-schedule")) return v1::LOAD_FIXED_SCHEDULE;
  if (AsksForNoRate(flags)) {
    notes->push_back("--request-rate inf: read as no rate, so --concurrency alone decides");
    return v1::LOAD_CLOSED_LOOP;
  }
  if (flags->Has("--request-rate") || AsksForBurst(flags)) return v1::LOAD_RATE;
  const bool timestamps_decide =
      data.has_timestamps && !flags->Has("--concurrency") && !flags->Has("--no-fixed-schedule");
  if (!timestamps_decide) return v1::LOAD_CLOSED_LOOP;
  notes->push_back(
      "no load was asked for: requests are sent at the file's timestamps "
      "(--concurrency or --request-rate to pace them otherwise)");
  return v1::LOAD_FIXED_SCHEDULE;
}

void CheckFiniteRate(FlagReader* flags) {
  const std::string& rate = flags->values().Text("--request-rate");
  if (absl::AsciiStrToLower(rate) != "inf") return;
  flags->Fail("--request-rate", Quoted(rate),
              "a number, or --concurrency N with it (so that slots decide)");
}

void ReadArrivals(FlagReader* flags, v1::Phase* phase) {
  const bool has_rate = phase->mode() == v1::LOAD_RATE;
  if (!has_rate) flags->Require("--arrival-pattern", "--request-rate");
  if (has_rate) {
    phase->set_arrival_pattern(ReadPattern(flags, "--arrival-pattern", v1::ARRIVAL_POISSON));
    CheckFiniteRate(flags);
    phase->set_request_rate(flags->Real("--request-rate", plan_limits::kMinRequestRate,
                                        plan_limits::kMaxRequestRate, 0));
    phase->set_arrival_smoothness(flags->Real("--arrival-smoothness", plan_limits::kMinSmoothness,
                                              plan_limits::kMaxSmoothness, 1));
  }
  if (flags->Has("--arrival-smoothness") && phase->arrival_pattern() != v1::ARRIVAL_GAMMA) {
    flags->Fail("--arrival-smoothness", "requires --arrival-pattern gamma");
  }
  if (phase->arrival_pattern() == v1::ARRIVAL_CONCURRENCY_BURST) {
    flags->Exclude("--arrival-pattern", "--request-rate");
    if (!flags->Has("--concurrency")) {
      flags->Fail("--arrival-pattern", "concurrency_burst requires --concurrency");
    }
  }
}

// --num-prompts is AIPerf's other name for the number of prompts, but users of vLLM's benchmark
// mean a number of requests by it, and fewer requests than prompts are never intended.
uint64_t CountOfPrompts(FlagReader* flags) {
  const bool by_that_name = flags->Has("--num-dataset-entries") &&
                            flags->values().Spelled("--num-dataset-entries") == "--num-prompts";
  return by_that_name ? flags->Count("--num-dataset-entries", 1, plan_limits::kMaxEntries, 0) : 0;
}

uint64_t DefaultCount(FlagReader* flags, const v1::Phase& phase, const DataFacts& data) {
  if (phase.mode() == v1::LOAD_FIXED_SCHEDULE) return data.rows;
  if (phase.duration_ns() > 0) return 0;
  if (data.from_file) return data.rows;
  if (const uint64_t prompts = CountOfPrompts(flags); prompts > 0) return prompts;
  return std::max<uint64_t>(10, uint64_t{2} * phase.concurrency());
}

void ReadStops(FlagReader* flags, const DataFacts& data, v1::Phase* phase) {
  phase->set_duration_ns(flags->TimeNs("--benchmark-duration", kNsPerSecond, kNsPerMs, 0));
  phase->set_grace_period_ns(flags->TimeOrEndlessNs("--benchmark-grace-period", kDefaultGraceNs));
  const uint64_t most = phase->mode() == v1::LOAD_FIXED_SCHEDULE ? std::max<uint64_t>(data.rows, 1)
                                                                 : plan_limits::kMaxRequestCount;
  phase->set_request_count(
      flags->Count("--request-count", 1, most, DefaultCount(flags, *phase, data)));
}

v1::Phase ReadProfiling(FlagReader* flags, const DataFacts& data, std::vector<std::string>* notes) {
  CheckFixedSchedule(flags, data);
  v1::Phase phase;
  phase.set_kind(v1::PHASE_PROFILING);
  phase.set_name("profiling");
  phase.set_mode(ChooseMode(flags, data, notes));
  if (data.has_timestamps && phase.mode() != v1::LOAD_FIXED_SCHEDULE) {
    notes->push_back(
        "the file's timestamps do not decide when rows are sent (--fixed-schedule: they do)");
  }
  const uint32_t default_slots = phase.mode() == v1::LOAD_CLOSED_LOOP ? 1 : 0;
  phase.set_concurrency(
      flags->Count("--concurrency", 1, plan_limits::kMaxConcurrency, default_slots));
  ReadArrivals(flags, &phase);
  ReadStops(flags, data, &phase);
  if (phase.request_count() > 0 && phase.request_count() < phase.concurrency()) {
    notes->push_back(absl::StrCat("only ", phase.request_count(), " requests for ",
                                  phase.concurrency(),
                                  " slots: the concurrency asked for cannot be reached"));
  }
  return phase;
}

void CheckWarmupFlags(FlagReader* flags) {
  for (absl::string_view flag : {"--warmup-concurrency", "--warmup-request-rate",
                                 "--warmup-arrival-pattern", "--warmup-grace-period"}) {
    if (flags->Has(flag)) {
      flags->Fail(flag, "requires --warmup-request-count or --warmup-duration");
    }
  }
}

// The warmup's load: its own flags, else the profiling phase's; a schedule is warmed up by a closed
// loop.
void ReadWarmupLoad(FlagReader* flags, const v1::Phase& profiling, v1::Phase* warmup) {
  const bool rate = flags->Has("--warmup-request-rate") || profiling.mode() == v1::LOAD_RATE;
  warmup->set_mode(rate ? v1::LOAD_RATE : v1::LOAD_CLOSED_LOOP);
  warmup->set_concurrency(flags->Count("--warmup-concurrency", 1, plan_limits::kMaxConcurrency,
                                       std::max<uint32_t>(profiling.concurrency(), rate ? 0 : 1)));
  if (!rate) return flags->Require("--warmup-arrival-pattern", "--warmup-request-rate");
  const bool own_rate_after_burst = flags->Has("--warmup-request-rate") &&
                                    profiling.arrival_pattern() == v1::ARRIVAL_CONCURRENCY_BURST;
  const bool inherits = profiling.mode() == v1::LOAD_RATE && !own_rate_after_burst;
  warmup->set_request_rate(flags->Real("--warmup-request-rate", plan_limits::kMinRequestRate,
                                       plan_limits::kMaxRequestRate, profiling.request_rate()));
  warmup->set_arrival_pattern(
      ReadPattern(flags, "--warmup-arrival-pattern",
                  inherits ? profiling.arrival_pattern() : v1::ARRIVAL_POISSON));
  warmup->set_arrival_smoothness(inherits ? profiling.arrival_smoothness() : 1);
  const bool burst = warmup->arrival_pattern() == v1::ARRIVAL_CONCURRENCY_BURST;
  if (burst) flags->Exclude("--warmup-arrival-pattern", "--warmup-request-rate");
  if (burst && warmup->concurrency() == 0) {
    flags->Fail("--warmup-arrival-pattern", "concurrency_burst requires --warmup-concurrency");
  }
  if (!burst && warmup->request_rate() == 0) {
    flags->Fail("--warmup-arrival-pattern", "requires --warmup-request-rate");
  }
}

v1::Phase ReadWarmup(FlagReader* flags, const v1::Phase& profiling) {
  v1::Phase warmup;
  warmup.set_kind(v1::PHASE_WARMUP);
  warmup.set_name("warmup");
  warmup.set_request_count(
      flags->Count("--warmup-request-count", 0, plan_limits::kMaxRequestCount, 0));
  warmup.set_duration_ns(flags->TimeNs("--warmup-duration", kNsPerSecond, 0, 0));
  warmup.set_grace_period_ns(flags->TimeOrEndlessNs("--warmup-grace-period", -1));
  ReadWarmupLoad(flags, profiling, &warmup);
  return warmup;
}

// Fewer requests than prompts: a note says how many are not sent.
void NoteUnused(FlagReader* flags, const DataFacts& data, const v1::Phase& phase,
                ProfileRequest* request) {
  const uint64_t entries = request->plan.dataset().entries();
  const bool asked_for = data.from_file || flags->Has("--num-dataset-entries");
  if (!flags->Has("--request-count") && CountOfPrompts(flags) == phase.request_count() &&
      phase.request_count() > 0) {
    request->notes.push_back(absl::StrCat("--num-prompts ", entries, ": read as --request-count ",
                                          entries, " as well, one request for each prompt"));
  }
  if (!asked_for || phase.request_count() == 0 || phase.request_count() >= entries) return;
  request->notes.push_back(absl::StrCat("only ", phase.request_count(), " of the ", entries,
                                        data.from_file ? " rows" : " prompts",
                                        " are sent (--request-count sets the number of requests)"));
}

bool HasStop(const v1::Phase& phase) {
  return phase.request_count() > 0 || phase.duration_ns() > 0;
}

}  // namespace

void ReadLoadSection(FlagReader* flags, const DataFacts& data, ProfileRequest* request) {
  const v1::Phase profiling = ReadProfiling(flags, data, &request->notes);
  const v1::Phase warmup = ReadWarmup(flags, profiling);
  if (HasStop(warmup)) {
    *request->plan.add_phases() = warmup;
  } else {
    CheckWarmupFlags(flags);
  }
  *request->plan.add_phases() = profiling;
  NoteUnused(flags, data, profiling, request);
  request->plan.set_late_policy(static_cast<v1::LatePolicy>(flags->Enum(
      "--late", {{"catch-up", v1::LATE_CATCH_UP}, {"drop", v1::LATE_DROP}}, v1::LATE_CATCH_UP)));
  request->plan.mutable_engine()->set_late_after_ns(
      flags->TimeNs("--late-after", kNsPerSecond, 0, kNsPerMs));
}

}  // namespace drumfire
