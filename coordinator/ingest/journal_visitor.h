// The kinds of entry in a journal, in one place: the writer, the reader and whoever handles entries
// go by this table. A new kind is a message, a line in each list, and a handler where it matters.
#pragma once

#include <type_traits>

#include "coordinator/ingest/journal_format.h"
#include "drumfire/v1/journal.pb.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

// Told of each entry of a run, live or from a journal, in the order in which they were written. A
// message lives until the return. Overrides only what it needs.
class JournalVisitor {
 public:
  virtual ~JournalVisitor() = default;
  // Of this run, each batch once.
  virtual void OnBatch(const v1::RecordBatch& /*batch*/) {}
  virtual void OnWorkerFacts(const v1::WorkerFacts& /*facts*/) {}
  virtual void OnPhaseStart(const v1::PhaseStart& /*start*/) {}
  virtual void OnPhaseDone(const v1::WorkerPhaseDone& /*done*/) {}
  virtual void OnHistograms(const v1::WorkerHistograms& /*histograms*/) {}
  // The run ended under control.
  virtual void OnRunEnd(const v1::RunEnd& /*end*/) {}
};

// Of a message: its type in the file, and its handler.
template <typename Message>
struct JournalEntry;

template <JournalEntryType type, typename Message, void (JournalVisitor::*handler)(const Message&)>
struct JournalEntryRow {
  static constexpr JournalEntryType kType = type;
  static void Visit(const Message& message, JournalVisitor* visitor) {
    (visitor->*handler)(message);
  }
};

template <>
struct JournalEntry<v1::RecordBatch>
    : JournalEntryRow<JournalEntryType::kRecordBatch, v1::RecordBatch, &JournalVisitor::OnBatch> {};
template <>
struct JournalEntry<v1::PhaseStart> : JournalEntryRow<JournalEntryType::kPhaseStart, v1::PhaseStart,
                                                      &JournalVisitor::OnPhaseStart> {};
template <>
struct JournalEntry<v1::WorkerFacts>
    : JournalEntryRow<JournalEntryType::kWorkerFacts, v1::WorkerFacts,
                      &JournalVisitor::OnWorkerFacts> {};
template <>
struct JournalEntry<v1::WorkerPhaseDone>
    : JournalEntryRow<JournalEntryType::kPhaseDone, v1::WorkerPhaseDone,
                      &JournalVisitor::OnPhaseDone> {};
template <>
struct JournalEntry<v1::WorkerHistograms>
    : JournalEntryRow<JournalEntryType::kHistograms, v1::WorkerHistograms,
                      &JournalVisitor::OnHistograms> {};
template <>
struct JournalEntry<v1::RunEnd>
    : JournalEntryRow<JournalEntryType::kRunEnd, v1::RunEnd, &JournalVisitor::OnRunEnd> {};

// What a reader parses by its type. Batches have a decoder of their own.
template <typename... Messages>
struct JournalMessages {};
using ParsedJournalMessages = JournalMessages<v1::PhaseStart, v1::WorkerFacts, v1::WorkerPhaseDone,
                                              v1::WorkerHistograms, v1::RunEnd>;

}  // namespace drumfire
