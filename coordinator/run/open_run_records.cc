// The records of a run in its folder, over ZeroMQ.
#include <unistd.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "coordinator/ingest/zmq_record_transport.h"
#include "coordinator/run/run_directory.h"
#include "coordinator/run/run_records.h"

namespace drumfire {
namespace {

absl::StatusOr<std::unique_ptr<RunRecords>> Begin(const std::string& folder,
                                                  const v1::RunManifest& manifest,
                                                  const LinkKeys& keys, RunRecords::Parts parts) {
  DRUMFIRE_RETURN_IF_ERROR(WriteManifest(folder, manifest));
  DRUMFIRE_ASSIGN_OR_RETURN(parts.transport, ZmqRecordTransport::Create(keys));
  return RunRecords::Create(manifest, std::move(parts));
}

}  // namespace

absl::StatusOr<std::unique_ptr<RunRecords>> OpenRunRecords(const std::string& folder,
                                                           const std::string& plan_hash,
                                                           const v1::RunManifest& manifest,
                                                           const LinkKeys& keys,
                                                           LoopRunners* runners) {
  // First what only one run can make: another that wants the same folder gets no further.
  const std::string journal_path = JournalPath(folder);
  DRUMFIRE_ASSIGN_OR_RETURN(auto file, CreateJournalFile(journal_path));
  RunRecords::Parts parts;
  parts.file = std::move(file);
  parts.plan_hash = plan_hash;
  parts.runners = runners;
  auto records = Begin(folder, manifest, keys, std::move(parts));
  if (records.ok()) return records;
  // No run without its beginning: a journal without a header could not even be reported on.
  unlink(journal_path.c_str());
  unlink(absl::StrCat(folder, "/", kManifestFileName).c_str());
  return records;
}

}  // namespace drumfire
