#include "tools/bench/floor_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"

namespace drumfire::bench {
namespace {

constexpr size_t kReadBytes = 64 << 10;
constexpr int kEventsPerWait = 256;
constexpr absl::string_view kContentKey = "\"content\":\"";

std::string MakeRequest(const FloorOptions& options) {
  std::string prompt;
  for (int64_t i = 0; i < options.prompt_words; ++i) prompt += " word";
  const std::string body =
      absl::StrCat(R"({"messages":[{"role":"user","content":")", prompt,
                   R"("}],"model":"mock-model","stream":)", options.stream ? "true" : "false",
                   R"(,"max_completion_tokens":)", options.output_tokens, "}");
  return absl::StrCat("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n",
                      "Content-Type: application/json\r\nX-Request-ID: floor-",
                      absl::Hex(0, absl::kZeroPad16), "\r\nContent-Length: ", body.size(),
                      "\r\n\r\n", body);
}

double CpuUs() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

int64_t ResidentKb() {
  std::ifstream file("/proc/self/statm");
  int64_t total_pages = 0;
  int64_t resident_pages = 0;
  file >> total_pages >> resident_pages;
  return resident_pages * sysconf(_SC_PAGESIZE) / 1024;
}

bool CarriesText(absl::string_view chunk) {
  const size_t at = chunk.find(kContentKey);
  return at != chunk.npos && chunk.substr(at + kContentKey.size(), 1) != "\"";
}

absl::StatusOr<int> Connect(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot connect to port ", port));
  }
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
  return fd;
}

class FloorClient {
 public:
  explicit FloorClient(const FloorOptions& options)
      : options_(options), request_(MakeRequest(options)), buffer_(kReadBytes) {
    id_at_ = request_.find("floor-") + 6;
  }
  ~FloorClient();

  absl::Status ConnectAll();
  absl::Status Run();
  FloorResult& result() { return result_; }

 private:
  struct Line {  // one connection
    int fd = -1;
    ResponseScanner scanner;
    int64_t record = -1;
  };

  absl::Status Send(Line* line);
  absl::Status Read(Line* line);
  // Reads and gives the kernel's stamp of the last segment.
  ssize_t ReadWithStamp(int fd, int64_t* stamp_ns);
  void OnChunk(const Line& line, absl::string_view chunk, int64_t stamp_ns);

  const FloorOptions options_;
  std::string request_;
  size_t id_at_ = 0;
  std::vector<char> buffer_;
  std::vector<Line> lines_;
  int epoll_fd_ = epoll_create1(EPOLL_CLOEXEC);
  int64_t started_ = 0;
  FloorResult result_;
};

FloorClient::~FloorClient() {
  for (const Line& line : lines_) close(line.fd);
  close(epoll_fd_);
}

absl::Status FloorClient::ConnectAll() {
  lines_.reserve(static_cast<size_t>(options_.connections));
  for (int i = 0; i < options_.connections; ++i) {
    const absl::StatusOr<int> fd = Connect(options_.port);
    if (!fd.ok()) return fd.status();
    lines_.emplace_back();
    lines_.back().fd = *fd;
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.u32 = static_cast<uint32_t>(i);
    epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, *fd, &event);
  }
  return absl::OkStatus();
}

absl::Status FloorClient::Run() {
  for (Line& line : lines_) {
    const absl::Status status = started_ < options_.requests ? Send(&line) : absl::OkStatus();
    if (!status.ok()) return status;
  }
  epoll_event events[kEventsPerWait];
  while (result_.requests < options_.requests) {
    const int count = epoll_wait(epoll_fd_, events, kEventsPerWait, -1);
    for (int i = 0; i < count; ++i) {
      const absl::Status status = Read(&lines_[events[i].data.u32]);
      if (!status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

absl::Status FloorClient::Send(Line* line) {
  const std::string number = absl::StrCat(absl::Hex(started_, absl::kZeroPad16));
  request_.replace(id_at_, number.size(), number);
  if (options_.keep_records) {
    line->record = started_;
    result_.records.push_back({"floor-" + number, SystemClock().WallNs(), {}});
  }
  ++started_;
  const ssize_t sent = send(line->fd, request_.data(), request_.size(), MSG_NOSIGNAL);
  if (sent == static_cast<ssize_t>(request_.size())) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, "send");
}

absl::Status FloorClient::Read(Line* line) {
  int64_t stamp_ns = 0;
  const ssize_t got = ReadWithStamp(line->fd, &stamp_ns);
  if (got <= 0) return absl::ErrnoToStatus(errno, "the server closed a connection");
  ++result_.reads;
  const absl::string_view data(buffer_.data(), static_cast<size_t>(got));
  const ResponseScanner::Progress progress =
      line->scanner.Feed(data, [&](absl::string_view chunk) { OnChunk(*line, chunk, stamp_ns); });
  if (progress == ResponseScanner::Progress::kBad) {
    return absl::InternalError(absl::StrCat("not a 200: ", data.substr(0, 80)));
  }
  if (progress == ResponseScanner::Progress::kNeedMore) return absl::OkStatus();
  if (result_.open_rss_kb == 0) result_.open_rss_kb = ResidentKb();
  ++result_.requests;
  return started_ < options_.requests ? Send(line) : absl::OkStatus();
}

ssize_t FloorClient::ReadWithStamp(int fd, int64_t* stamp_ns) {
  alignas(cmsghdr) char control[64];
  iovec part = {buffer_.data(), buffer_.size()};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  const ssize_t got = recvmsg(fd, &message, 0);
  const cmsghdr* const header = CMSG_FIRSTHDR(&message);
  if (got > 0 && header != nullptr && header->cmsg_type == SCM_TIMESTAMPNS) {
    timespec stamp;
    std::memcpy(&stamp, CMSG_DATA(header), sizeof(stamp));
    *stamp_ns = stamp.tv_sec * kNsPerSecond + stamp.tv_nsec;
  }
  return got;
}

void FloorClient::OnChunk(const Line& line, absl::string_view chunk, int64_t stamp_ns) {
  ++result_.chunks;
  if (!options_.keep_records || !CarriesText(chunk)) return;
  result_.records[static_cast<size_t>(line.record)].text_stamps_ns.push_back(stamp_ns);
}

}  // namespace

absl::StatusOr<FloorResult> RunFloor(const FloorOptions& options) {
  const int64_t rss_before_kb = ResidentKb();
  FloorClient client(options);
  const absl::Status connected = client.ConnectAll();
  if (!connected.ok()) return connected;
  const double cpu_before_us = CpuUs();
  const int64_t started_ns = SystemClock().MonotonicNs();
  const absl::Status status = client.Run();
  if (!status.ok()) return status;
  FloorResult& result = client.result();
  result.cpu_us = CpuUs() - cpu_before_us;
  result.wall_s = static_cast<double>(SystemClock().MonotonicNs() - started_ns) * 1e-9;
  result.open_rss_kb -= rss_before_kb;
  return std::move(result);
}

}  // namespace drumfire::bench
