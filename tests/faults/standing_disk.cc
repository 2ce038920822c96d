// A disk that stands still, for a program that it is preloaded into (LD_PRELOAD): while the file
// STANDING_DISK_FLAG exists, writes and syncs of files below the folder STANDING_DISK_FOLDER wait.
#include <dlfcn.h>
#include <sys/types.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

bool IsOnDisk(int descriptor) {
  const char* folder = getenv("STANDING_DISK_FOLDER");
  char link[64], path[PATH_MAX];
  std::snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, path, sizeof(path));
  if (folder == nullptr || length < 0) return false;
  const size_t folder_length = std::strlen(folder);
  return static_cast<size_t>(length) >= folder_length &&
         std::strncmp(path, folder, folder_length) == 0;
}

void WaitFor(int descriptor) {
  constexpr useconds_t kPollUs = 10'000;
  const char* flag = getenv("STANDING_DISK_FLAG");
  if (flag == nullptr || access(flag, F_OK) != 0 || !IsOnDisk(descriptor)) return;
  while (access(flag, F_OK) == 0) usleep(kPollUs);
}

template <typename Function>
Function* Next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

ssize_t write(int descriptor, const void* bytes, size_t size) {
  static auto* const next = Next<ssize_t(int, const void*, size_t)>("write");
  WaitFor(descriptor);
  return next(descriptor, bytes, size);
}

int fsync(int descriptor) {
  static auto* const next = Next<int(int)>("fsync");
  WaitFor(descriptor);
  return next(descriptor);
}

int fdatasync(int descriptor) {
  static auto* const next = Next<int(int)>("fdatasync");
  WaitFor(descriptor);
  return next(descriptor);
}
}
