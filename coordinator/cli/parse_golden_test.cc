// Does every supported flag reach the plan or the request? testdata/commands.txt has them all, each
// with a value that is no default; testdata/requests.txt has what each command becomes.
// After a change that is meant: DRUMFIRE_UPDATE_GOLDEN=1 writes that file anew; review its diff.
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/str_join.h"
#include "coordinator/cli/fake_inputs.h"
#include "coordinator/cli/flags.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

constexpr char kFolder[] = "coordinator/cli/testdata/";

std::string ReadAll(const std::string& path) {
  std::ifstream file(path);
  return (std::stringstream() << file.rdbuf()).str();
}

std::vector<std::string> Commands() {
  std::vector<std::string> lines =
      absl::StrSplit(ReadAll(absl::StrCat(kFolder, "commands.txt")), '\n');
  lines.pop_back();
  return lines;
}

FakeInputs Machine() {
  FakeInputs inputs = MachineWithFiles();
  inputs.files["key"] = "KEY-OF-A-FILE\n";
  inputs.files["ca.pem"] = "-----BEGIN CERTIFICATE-----\n";
  inputs.files["token"] = "a-token-of-sixteen-bytes-or-more\n";
  inputs.variables["KEY"] = "KEY-OF-A-VARIABLE";
  return inputs;
}

std::string TextOf(const google::protobuf::Message& message) {
  std::string text;
  google::protobuf::TextFormat::PrintToString(message, &text);
  return text;
}

std::string WorkersOf(const WorkerList& list) {
  return absl::StrJoin(list, " ", [](std::string* out, const WorkerSource& source) {
    out->append(ToString(source));
  });
}

// What is in the request besides the plan.
std::string RestOf(const ProfileRequest& request) {
  std::ostringstream out;
  out << "seed_is_drawn: " << request.seed_is_drawn << "\nartifact_dir: " << request.artifact_dir
      << "\noverwrite: " << request.overwrite << "\nexport_prefix: " << request.export_prefix
      << "\nexport_level: " << static_cast<int>(request.export_level)
      << "\nui: " << static_cast<int>(request.ui) << "\nworkers: " << WorkersOf(request.worker_list)
      << "\nworker_count: " << request.worker_count << "\nlocal_workers: " << request.local_workers
      << "\ntoken: " << request.credentials.token << "\nlease_ns: " << request.lease_ns
      << "\nready_timeout_ns: " << request.ready_timeout_ns
      << "\nrecord_buffer_bytes: " << request.record_buffer_bytes
      << "\nwait: " << request.wait.timeout_ns << " " << static_cast<int>(request.wait.mode) << " "
      << request.wait.interval_ns << "\ndry_run: " << request.dry_run
      << "\nschedule_out: " << request.schedule_out << "\ncli_command: " << request.cli_command
      << "\n";
  for (const v1::Header& header : request.secrets.headers()) {
    out << "secret_header: " << header.name() << "=" << header.value() << "\n";
  }
  for (const std::string& query : request.secrets.queries()) {
    out << "secret_query: " << query << "\n";
  }
  for (const std::string& note : request.notes) out << "note: " << note << "\n";
  return out.str();
}

template <typename T>
std::string Given(const std::optional<T>& value) {
  return value.has_value() ? absl::StrCat(static_cast<int64_t>(*value)) : "none";
}

std::string ReaderOptionsOf(const InputFileOptions& options) {
  return absl::StrCat("reader: kind ", Given(options.kind), ", unit ", Given(options.time_unit),
                      ", block ", Given(options.block_size), ", from ",
                      Given(options.start_offset_ns), " to ", Given(options.end_offset_ns),
                      ", auto ", options.auto_offset, ", speedup ", options.speedup,
                      ", ignores times ", options.ignore_times, " and keys ",
                      absl::StrJoin(options.ignored_keys, " "), "\n");
}

std::string Described(const std::string& command) {
  const FakeInputs machine = Machine();
  const absl::StatusOr<ProfileRequest> request = ParseWith(command, machine);
  EXPECT_TRUE(request.ok()) << command << "\n" << request.status();
  if (!request.ok()) return "";
  return absl::StrCat("== ", command, "\n", RestOf(*request), ReaderOptionsOf(machine.last_options),
                      TextOf(request->plan), "\n");
}

TEST(ParseGoldenTest, EveryCommandBecomesTheSameRequest) {
  std::string text;
  for (const std::string& command : Commands()) text += Described(command);
  const std::string path = absl::StrCat(kFolder, "requests.txt");
  if (std::getenv("DRUMFIRE_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << text;
  const std::vector<std::string> want = absl::StrSplit(ReadAll(path), '\n');
  const std::vector<std::string> got = absl::StrSplit(text, '\n');
  for (size_t i = 0; i < std::min(want.size(), got.size()); ++i) {
    ASSERT_EQ(got[i], want[i]) << path << ":" << i + 1;
  }
  EXPECT_EQ(got.size(), want.size());
}

TEST(ParseGoldenTest, TheCommandsHaveEverySupportedFlag) {
  // These need certificates that are valid now; fleet_flags_test has them.
  std::set<std::string> given = {"--tls-cert", "--tls-key", "--tls-ca",   "--help",
                                 "--help-all", "--version", "--tokenizer"};
  for (const std::string& command : Commands()) {
    for (const std::string& word : Words(command)) given.insert(word);
  }
  for (const FlagSpec& flag : ProfileFlags()) {
    if (flag.support != FlagSupport::kSupported) continue;
    const std::vector<std::string> names = absl::StrSplit(flag.names, ' ');
    EXPECT_TRUE(given.contains(names[0])) << names[0] << " is in none of the commands";
  }
}

}  // namespace
}  // namespace drumfire
