#include "coordinator/fleet/local_fleet.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <thread>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/status_macros.h"

extern char** environ;

namespace drumfire {
namespace {

constexpr int kLeaveMs = 3000;
constexpr int kTermMs = 1000;
constexpr int kPollMs = 2;

// A socket's path has at most 107 bytes: a deep TMPDIR leaves none for the sockets' own names.
constexpr size_t kLongestBase = 107 - sizeof("/drumfire-XXXXXX/worker-4096.records");

std::string SocketBase() {
  const char* base = getenv("TMPDIR");
  return base == nullptr || absl::string_view(base).size() > kLongestBase ? "/tmp" : base;
}

bool IsProgram(const std::string& path) { return access(path.c_str(), X_OK) == 0; }

}  // namespace

absl::StatusOr<std::string> FindWorkerProgram() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::string beside = (self.parent_path() / "drumfire-worker").string();
  if (!error && IsProgram(beside)) return beside;
  const char* path = getenv("PATH");
  for (absl::string_view folder : absl::StrSplit(path != nullptr ? path : "", ':')) {
    std::string candidate = absl::StrCat(folder, "/drumfire-worker");
    if (IsProgram(candidate)) return candidate;
  }
  return absl::NotFoundError(
      absl::StrCat("cannot find drumfire-worker: looked for ", beside, " and along PATH"));
}

absl::StatusOr<std::unique_ptr<LocalFleet>> LocalFleet::Start(const std::string& program,
                                                              uint32_t count, int log,
                                                              Serves serves) {
  std::unique_ptr<LocalFleet> fleet(new LocalFleet(serves));
  std::string folder = absl::StrCat(SocketBase(), "/drumfire-XXXXXX");
  if (mkdtemp(folder.data()) == nullptr) {
    return absl::InternalError(
        absl::StrCat("cannot make a folder for sockets, ", folder, ": ", strerror(errno)));
  }
  fleet->folder_ = folder;
  for (uint32_t worker = 0; worker < count; ++worker) {
    const std::string socket_path = absl::StrCat(folder, "/worker-", worker);
    DRUMFIRE_RETURN_IF_ERROR(fleet->StartWorker(program, socket_path, log));
  }
  return fleet;
}

absl::Status LocalFleet::StartWorker(const std::string& program, const std::string& socket_path,
                                     int log) {
  const std::string address = "unix:" + socket_path;
  // A separate session, so that Ctrl-C at the terminal reaches only the coordinator, which then
  // drains them.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, log, STDERR_FILENO);
  std::string name = "drumfire-worker", listen = "--listen", where = address, once = "--once";
  std::string parent = absl::StrCat("--parent=", getpid());
  char* arguments[] = {name.data(),
                       listen.data(),
                       where.data(),
                       parent.data(),
                       serves_ == Serves::kOneRun ? once.data() : nullptr,
                       nullptr};
  pid_t pid = 0;
  const int failed = posix_spawn(&pid, program.c_str(), &actions, &attributes, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (failed != 0) {
    return absl::InternalError(absl::StrCat("cannot start ", program, ": ", strerror(failed)));
  }
  pids_.push_back(pid);
  addresses_.push_back(address);
  return absl::OkStatus();
}

void LocalFleet::WaitForAll(int milliseconds) {
  for (int waited_ms = 0; waited_ms <= milliseconds; waited_ms += kPollMs) {
    bool all_gone = true;
    for (pid_t& pid : pids_) {
      if (pid != 0 && waitpid(pid, nullptr, WNOHANG) == pid) pid = 0;
      all_gone = all_gone && pid == 0;
    }
    if (all_gone) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(kPollMs));
  }
}

void LocalFleet::SignalAll(int signal) {
  for (const pid_t pid : pids_) {
    if (pid != 0) kill(pid, signal);
  }
}

LocalFleet::~LocalFleet() {
  if (awaits_run_) WaitForAll(kLeaveMs);
  SignalAll(SIGTERM);
  WaitForAll(kTermMs);
  SignalAll(SIGKILL);
  WaitForAll(kTermMs);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace drumfire
