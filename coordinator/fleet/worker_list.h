// Parses the words of `--workers`, before any name is resolved.
//
//   host:port          one worker; also node[01-04,7]:7070, [::1]:7070 and unix:/path
//   dns:///name:port   every address of the name
//   slurm:port         every node of the Slurm job
//   @file              a word a line; "#" begins a comment
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace drumfire {

constexpr size_t kMaxWorkers = 4096;

struct WorkerSource {
  enum class Kind { kAddress, kDnsName, kSlurmJob };
  Kind kind = Kind::kAddress;
  // The address to dial, or the name to resolve; empty for a job.
  std::string text;
  // For names and jobs.
  uint32_t port = 0;
};

// All sources in the given order, with ranges and files already expanded.
using WorkerList = std::vector<WorkerSource>;

using ReadWorkerFile = std::function<absl::StatusOr<std::string>(const std::string& path)>;

// values: the flag's values, repeated or separated by commas and blanks. InvalidArgument is one
// line that begins with "--workers: " and names file and line, if any.
absl::StatusOr<WorkerList> ParseWorkerList(absl::Span<const std::string> values,
                                           const ReadWorkerFile& read_file);

// "--workers: found <found>, expected <expected>".
absl::Status WorkerListError(absl::string_view found, absl::string_view expected);

// The source as written by the user.
std::string ToString(const WorkerSource& source);

}  // namespace drumfire
