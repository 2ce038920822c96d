// The files of a run, from its result and its journal: the same for a run that just ended and for
// `drumfire report`.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/endpoint/request_builder.h"
#include "coordinator/export/export_run.h"
#include "coordinator/results/run_result.h"
#include "drumfire/v1/journal.pb.h"

namespace drumfire {

// inputs.json, by the run itself: bodies need the data set, which a report made later does not
// have. After the load, so that nothing holds up its start. builder: the run's.
absl::Status WriteInputs(const std::string& folder, const v1::RunManifest& manifest,
                         const RunResult& result, const RequestBuilder& builder);

// Everything else; returns the paths of all files of the run. all_records: lines in
// profile_export.jsonl beyond its usual bound.
absl::StatusOr<std::vector<std::string>> WriteExports(const std::string& folder,
                                                      const v1::RunManifest& manifest,
                                                      RunResult result, bool all_records);

}  // namespace drumfire
