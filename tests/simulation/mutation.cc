#include "tests/simulation/mutation.h"

#include <algorithm>

namespace drumfire::simulation {

const std::vector<MutationRow>& Mutations() {
  static const std::vector<MutationRow> rows = {
      {Mutation::kGrantOverlaps, "grant_overlaps", "a link adds a credit to a grant", "sent_once"},
      {Mutation::kRepeatRenumbered, "repeat_renumbered",
       "a link repeats a grant under a number of its own", "sent_once"},
      {Mutation::kSlotTooMany, "slot_too_many", "a link adds a slot to Prepare", "concurrency"},
      {Mutation::kStartEarly, "start_early", "a link moves Start 30 ms ahead", "due"},
      {Mutation::kLeaseTooLong, "lease_too_long", "a link trebles the lease in Hello", "lease",
       Fault::kSplit},
      {Mutation::kLeaseIgnored, "lease_ignored", "the worker's lease never ends", "lease",
       Fault::kPause},
      {Mutation::kAnswerForged, "answer_forged",
       "a link answers heartbeats in the coordinator's place", "lease", Fault::kStall},
      {Mutation::kStrangerEntry, "stranger_entry", "a worker takes other data set entries",
       "schedule"},
      {Mutation::kRecordAltered, "record_altered",
       "a record's outcome changes on the way, with a checksum that fits", "records"},
      {Mutation::kRecordSwallowed, "record_swallowed",
       "a record is neither kept nor counted as dropped", "arrival"},
      {Mutation::kRecordTwice, "record_twice", "a batch comes again under a new number",
       "histograms"},
      {Mutation::kAckOfNothing, "ack_of_nothing", "a link acks a batch that never came", "arrival",
       Fault::kRecordLoss},
      {Mutation::kHistogramAltered, "histogram_altered", "a link leaves a histogram out",
       "histograms"},
      {Mutation::kTotalsLie, "totals_lie", "closing totals say one request more was completed",
       "totals"},
      {Mutation::kDropsHidden, "drops_hidden", "a worker does not tell what its buffer dropped",
       "arrival", Fault::kRecordStall},
      {Mutation::kBufferTooLarge, "buffer_too_large",
       "a worker keeps more unacknowledged records than asked", "record_buffer",
       Fault::kRecordStall},
      {Mutation::kJournalSwallows, "journal_swallows", "the file says it took an entry and did not",
       "journal"},
      {Mutation::kDoneSwallowed, "done_swallowed", "a link swallows closing totals unseen", "ends"},
      {Mutation::kGrantSwallowed, "grant_swallowed", "a link empties a grant", "totals"},
      {Mutation::kCloseIgnored, "close_ignored", "a worker goes on when its run is over", "freed"},
      {Mutation::kStartDelayHidden, "start_delay_hidden",
       "a link removes the start delay from Started", "late_start", Fault::kLateStart},
      {Mutation::kWarmupLies, "warmup_lies",
       "closing totals of a warmup say one request more was granted", "histograms"},
      {Mutation::kProgressLies, "progress_lies", "progress says that all was sent", "handed_over",
       Fault::kCrash},
      {Mutation::kSlotsKept, "slots_kept",
       "a link leaves a worker the slots that it is to give up, and says they are free",
       "concurrency", Fault::kRestart},
      {Mutation::kClockLies, "clock_lies", "a link adds 100 ms to the clock in a worker's replies",
       "clocks"},
      {Mutation::kJournalLate, "journal_late", "the file holds each entry back until the next one",
       "journal", Fault::kKill},
      {Mutation::kJournalTwice, "journal_twice", "the file takes each entry twice", "journal"},
      {Mutation::kStopUnheard, "stop_unheard", "the run is never told that the user stops it",
       "stopped", Fault::kInterrupt},
      {Mutation::kHeartbeatAntedated, "heartbeat_antedated",
       "a link says that heartbeats arrived a lease and a half before they did", "sent_once"},
      {Mutation::kRecordMisattributed, "record_misattributed",
       "a batch comes as another worker's, with a checksum that fits", "arrival"},
      {Mutation::kConnectIgnored, "connect_ignored",
       "a record link is said to be up and delivers nothing", "arrival"},
      {Mutation::kTaskForgotten, "task_forgotten", "a worker's loop forgets a task that was posted",
       "ends"},
      {Mutation::kAnswerForgotten, "answer_forgotten",
       "an engine never hands back its first request", "ends"},
      {Mutation::kDiskFullHidden, "disk_full_hidden",
       "the file on a full disk says it took an entry", "journal", Fault::kDiskFull},
      {Mutation::kTurnHurried, "turn_hurried", "a worker leaves out the delays between turns",
       "turn_order"},
      {Mutation::kTurnsForgotten, "turns_forgotten", "a worker ends each session after two turns",
       "schedule"},
      {Mutation::kUnsentTurnsHidden, "unsent_turns_hidden",
       "closing totals say that no session ended early", "totals"},
  };
  return rows;
}

const MutationRow& RowOf(Mutation mutation) {
  return *std::find_if(Mutations().begin(), Mutations().end(),
                       [mutation](const MutationRow& row) { return row.mutation == mutation; });
}

}  // namespace drumfire::simulation
