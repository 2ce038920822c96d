// One run as it was asked for on the command line, checked and resolved. Nothing in it needs to be
// looked up again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/credentials/fleet_credentials.h"
#include "common/plan/blob.h"
#include "coordinator/export/formats.h"
#include "coordinator/fleet/worker_list.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// kFull: progress, and all tables at the end.
enum class UiMode { kProgress, kNone, kFull };

// What shows that a model is there.
enum class WaitMode { kInference, kModels, kBoth };

// Before the run, no part of it.
struct ModelWait {
  int64_t timeout_ns = 0;  // 0 = do not wait
  WaitMode mode = WaitMode::kInference;
  int64_t interval_ns = 0;  // between questions
};

struct ProfileRequest {
  v1::Plan plan;
  // The plan's seed was drawn, since the user gave none.
  bool seed_is_drawn = false;
  // What of the requests never leaves memory.
  v1::RequestSecrets secrets;
  // Bytes of the plan's blobs (tokenizer file, rows) by SHA-256.
  ChunkMap chunks;

  // Folder of the results. Not created yet; its parent can be written.
  std::string artifact_dir;
  // Results of an earlier run in artifact_dir are to be replaced.
  bool overwrite = false;
  // Begin of the result files' names.
  std::string export_prefix = "profile_export";
  ExportLevel export_level = ExportLevel::kRecords;
  UiMode ui = UiMode::kProgress;

  // Running workers, to be looked up when the run starts; empty = local_workers are started.
  WorkerList worker_list;
  // So many there must be; 0 = as many as the list gives.
  uint32_t worker_count = 0;
  FleetCredentials credentials;
  // 0 = one per two cores.
  uint32_t local_workers = 0;
  int64_t lease_ns = 0;
  // Workers must be ready within this.
  int64_t ready_timeout_ns = 0;
  uint64_t record_buffer_bytes = 0;
  ModelWait wait;

  // Send nothing. The schedule goes to schedule_out ("-" = standard output, empty = nowhere).
  bool dry_run = false;
  std::string schedule_out;

  // The command as given, secrets redacted.
  std::string cli_command;
  // What the user should know: one line each, for console and result.
  std::vector<std::string> notes;
};

}  // namespace drumfire
