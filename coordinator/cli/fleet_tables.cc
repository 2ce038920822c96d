#include "coordinator/cli/fleet_tables.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/clock/clock.h"
#include "common/control/printable.h"
#include "coordinator/cli/certificate_ends.h"
#include "coordinator/export/display_width.h"
#include "coordinator/export/text_table.h"
#include "coordinator/export/unit_text.h"
#include "coordinator/fleet/owner.h"

namespace drumfire {
namespace {

constexpr size_t kScreenColumns = 80;
constexpr size_t kLongestCell = 40;
constexpr size_t kLongestText = 160;
constexpr double kBytesPerGiB = 1024.0 * 1024 * 1024;
constexpr char kUnknown[] = "-";

// The first column is left-aligned, and so are texts; numbers are right-aligned.
struct FleetColumn {
  const char* name;
  size_t width;
  bool is_number;
};
constexpr FleetColumn kCheckColumns[] = {
    {"Worker", 18, false},    {"Host", 11, false}, {"Clock offset", 18, true},
    {"Round trip", 11, true}, {"Cores", 6, true},  {"Memory", 7, true},
    {"Files", 9, true},
};
constexpr FleetColumn kOwnerColumns[] = {
    {"Worker", 24, false}, {"Phase", 11, false}, {"Since", 9, true}, {" Owner", 36, false}};

// Text too wide for its column gets a separate line in the first one, and is cut elsewhere.
std::string Row(absl::Span<const FleetColumn> columns, const std::vector<std::string>& cells) {
  std::string out;
  for (size_t i = 0; i < columns.size(); ++i) {
    const size_t width = columns[i].width;
    if (i == 0 && DisplayWidth(cells[i]) >= width) {
      out = absl::StrCat(FitMiddle(cells[i], kScreenColumns), "\n", std::string(width, ' '));
      continue;
    }
    const std::string cell = FitMiddle(cells[i], width - 1);
    absl::StrAppend(&out, columns[i].is_number ? PadLeft(cell, width) : PadRight(cell, width));
  }
  while (out.back() == ' ') out.pop_back();
  return absl::StrCat(out, "\n");
}

std::string Header(absl::Span<const FleetColumn> columns) {
  std::vector<std::string> names;
  for (const FleetColumn& column : columns) names.emplace_back(column.name);
  return Row(columns, names);
}

// A line under a worker's row.
std::string Under(const std::string& text) {
  std::string out;
  const std::string wrapped = Wrapped(text, kScreenColumns - 4, 3);
  for (const absl::string_view line : absl::StrSplit(wrapped, '\n')) {
    absl::StrAppend(&out, "    ", line, "\n");
  }
  return out;
}

std::string PrintableCell(absl::string_view text) {
  return text.empty() ? kUnknown : Printable(text, kLongestCell);
}

template <typename Number>
std::string NumberCell(Number number) {
  return number == 0 ? kUnknown : absl::StrCat(number);
}

// With a unit in which it has few digits.
std::string TimeCell(int64_t ns) { return TimeText(static_cast<double>(ns)); }

std::string ClockCell(const std::optional<ClockReading>& clock) {
  if (!clock.has_value()) return kUnknown;
  return absl::StrCat(TimeCell(clock->offset_ns), "±", TimeCell(clock->bound_ns));
}

std::string MemoryCell(uint64_t bytes) {
  if (bytes == 0) return kUnknown;
  return absl::StrCat(ShortNumber(static_cast<double>(bytes) / kBytesPerGiB), "G");
}

bool HasOwner(const v1::StatusReply& reply) {
  return !reply.run_id().empty() || !reply.owner().empty();
}

std::string AddressCell(const WorkerStatus& worker) {
  return Printable(worker.address.dial, 2 * kLongestCell);
}

std::string CheckRow(const WorkerStatus& worker) {
  std::vector<std::string> cells(std::size(kCheckColumns), kUnknown);
  cells[0] = AddressCell(worker);
  if (!worker.fault.empty()) return Row(kCheckColumns, cells);
  const v1::HostLimits& limits = worker.reply.limits();
  cells = {cells[0],
           PrintableCell(limits.host_name()),
           ClockCell(worker.wall_clock),
           TimeCell(worker.round_trip_ns),
           NumberCell(limits.cores()),
           MemoryCell(limits.free_memory_bytes()),
           NumberCell(limits.max_descriptors())};
  return Row(kCheckColumns, cells);
}

std::string CheckCertificate(const WorkerStatus& worker, absl::Time now) {
  if (!worker.certificate_end) return "";
  return Under(absl::StrCat("certificate until ", EndText(*worker.certificate_end, now)));
}

std::string CheckOwner(const v1::StatusReply& reply) {
  if (!HasOwner(reply)) return "";
  return Under(
      absl::StrCat("in use: ", OwnerText(reply.run_id(), reply.owner(), reply.owned_ns())));
}

}  // namespace

std::string CheckTable(const std::vector<WorkerStatus>& workers, absl::Time now) {
  std::string out = Header(kCheckColumns);
  for (const WorkerStatus& worker : workers) {
    absl::StrAppend(&out, CheckRow(worker));
    if (!worker.fault.empty()) continue;
    absl::StrAppend(&out, CheckCertificate(worker, now), CheckOwner(worker.reply));
  }
  return out;
}

std::string OwnerTable(const std::vector<WorkerStatus>& workers) {
  std::string out = Header(kOwnerColumns);
  for (const WorkerStatus& worker : workers) {
    const v1::StatusReply& reply = worker.reply;
    if (!worker.fault.empty() || !HasOwner(reply)) {
      const char* state = worker.fault.empty() ? "idle" : "not reached";
      absl::StrAppend(&out, Row(kOwnerColumns, {AddressCell(worker), kUnknown, kUnknown,
                                                absl::StrCat(" ", state)}));
      continue;
    }
    const std::string owner =
        reply.owner().empty() ? "unknown" : Printable(reply.owner(), kLongestText);
    absl::StrAppend(&out,
                    Row(kOwnerColumns, {AddressCell(worker), PrintableCell(reply.phase()),
                                        reply.owned_ns() > 0 ? AgeText(reply.owned_ns()) : kUnknown,
                                        absl::StrCat(" ", owner)}),
                    Under(absl::StrCat("run ", PrintableCell(reply.run_id()))));
  }
  return out;
}

std::string StateLine(const std::vector<WorkerStatus>& workers) {
  size_t idle = 0;
  size_t reached = 0;
  std::set<std::string> versions;
  uint64_t fewest_ports = UINT64_MAX;
  for (const WorkerStatus& worker : workers) {
    if (!worker.fault.empty()) continue;
    ++reached;
    idle += HasOwner(worker.reply) ? 0 : 1;
    versions.insert(PrintableCell(worker.reply.version()));
    fewest_ports = std::min<uint64_t>(fewest_ports, worker.reply.limits().ephemeral_ports());
  }
  if (reached == 0) return "";
  return absl::StrFormat("%d of %d idle; version %s; local ports for one target address: %s", idle,
                         reached, absl::StrJoin(versions, ", "), NumberCell(fewest_ports));
}

std::vector<std::string> FaultLines(const std::vector<WorkerStatus>& workers) {
  std::vector<std::string> lines;
  for (const WorkerStatus& worker : workers) {
    if (worker.fault.empty()) continue;
    lines.push_back(absl::StrCat("worker ", AddressCell(worker), ": ", worker.fault));
  }
  return lines;
}

}  // namespace drumfire
