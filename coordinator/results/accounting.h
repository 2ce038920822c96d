// Accounts for every session, every request and every record of a worker's phase. The sums must
// close, so nothing is lost silently.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/results/run_facts.h"
#include "coordinator/results/session_tally.h"
#include "drumfire/v1/control.pb.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

// Records received, by outcome.
struct OutcomeCounts {
  uint64_t completed = 0;
  uint64_t failed = 0;
  uint64_t cancelled = 0;
  uint64_t dropped = 0;

  void Add(v1::Outcome outcome);
  uint64_t Sum() const { return completed + failed + cancelled + dropped; }
};

// Everything that the records of a worker show.
struct ReceivedRecords {
  OutcomeCounts outcomes;
  SessionTally sessions;

  void Add(const v1::Record& record);
};

// Requests: scheduled = completed + failed + cancelled + dropped + lost + fate_unknown +
// unsent_turns. lost: in flight at a worker when it was lost, or the next one of a session that it
// had begun. fate_unknown: requests granted to a lost worker, which may have completed them without
// their records arriving, or may not have sent them. unsent_turns: never sent because their
// session ended early, was dropped or lost. unsent: never sent because the phase ended first. For
// the run, those are among the cancelled ones if the schedule is finite; for a worker they are the
// sessions it returned, counted nowhere else.
struct CreditSums {
  uint64_t scheduled = 0;
  uint64_t completed = 0;
  uint64_t failed = 0;
  uint64_t cancelled = 0;
  uint64_t dropped = 0;
  uint64_t lost = 0;
  uint64_t fate_unknown = 0;
  uint64_t unsent_turns = 0;
  uint64_t unsent = 0;
  bool lost_is_known = true;  // false: lost counts only those of which somebody told

  void Add(const CreditSums& other);
};

// Sessions: scheduled = completed + ended_early + dropped + lost + fate_unknown. completed: every
// turn was. ended_early: a turn failed or was cancelled, or the phase ended between two turns.
struct SessionSums {
  uint64_t scheduled = 0;
  uint64_t completed = 0;
  uint64_t ended_early = 0;
  uint64_t dropped = 0;
  uint64_t lost = 0;
  uint64_t fate_unknown = 0;
  bool lost_is_known = true;

  void Add(const SessionSums& other);
};

// made = received + dropped at the worker + missing. made is the worker's own count, or the
// received records if it reported none.
struct RecordSums {
  uint64_t made = 0;
  uint64_t received = 0;
  uint64_t dropped = 0;
  uint64_t missing = 0;

  void Add(const RecordSums& other);
};

struct WorkerAccount {
  uint32_t worker = 0;
  bool is_lost = false;  // no closing totals arrived
  // Nor does anybody tell that it was lost: the journal ends before.
  bool is_open = false;
  CreditSums credits;
  SessionSums sessions;
  RecordSums records;
  uint64_t unsent_turns_of_lost = 0;  // of its credits.unsent_turns, those behind a lost turn
  v1::WorkerFacts facts;
  v1::WorkerStart start;
  int64_t start_late_ns = 0;
  v1::PhaseDone done;  // for a lost worker: its last progress report
};

struct Accounts {
  std::vector<WorkerAccount> workers;
  CreditSums credits;
  SessionSums sessions;
  RecordSums records;
  uint64_t unsent_turns_of_lost = 0;  // of credits.unsent_turns, those behind a lost turn
  // Each sum that does not close, as text; empty = all close.
  std::vector<std::string> problems;
};

// For a finite schedule that stopped early (an interrupt, a lost worker, slots that never became
// free), unsent requests count as cancelled.
void CancelUnsent(uint64_t scheduled, CreditSums* credits);

// How many turns a session of a lost worker had of which no record came is not known: what is
// missing to the schedule are such turns. They are unsent if all these sessions are lost, and of
// unknown fate if that of some session is unknown.
void AddTurnsOfLostSessions(uint64_t scheduled, Accounts* accounts);

// received: per worker. facts: of which the phase is one.
Accounts CloseAccounts(const RunFacts& facts, const PhaseFacts& phase,
                       const std::map<uint32_t, ReceivedRecords>& received);

}  // namespace drumfire
