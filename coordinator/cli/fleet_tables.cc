#include "coordinator/cli/fleet_tables.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/clock/clock.h"
#include "common/control/printable.h"
#include "coordinator/export/text_table.h"
#include "coordinator/fleet/owner.h"

namespace drumfire {
namespace {

using Align = TextTable::Align;

constexpr size_t kLongestCell = 40;
constexpr size_t kOwnerColumns = 44;
constexpr double kBytesPerGiB = 1024.0 * 1024 * 1024;
constexpr char kUnknown[] = "-";

std::string Cell(absl::string_view text) {
  return text.empty() ? kUnknown : Printable(text, kLongestCell);
}

template <typename Number>
std::string NumberCell(Number number) {
  return number == 0 ? kUnknown : absl::StrCat(number);
}

// With a unit in which it has few digits.
std::string TimeCell(int64_t ns) {
  const auto value = static_cast<double>(ns);
  if (std::abs(ns) >= kNsPerSecond) return absl::StrFormat("%.3f s", value / kNsPerSecond);
  if (std::abs(ns) >= kNsPerMs) return absl::StrFormat("%.2f ms", value / kNsPerMs);
  return absl::StrFormat("%.0f us", value / kNsPerUs);
}

std::string ClockCell(const std::optional<ClockReading>& clock) {
  if (!clock.has_value()) return kUnknown;
  return absl::StrCat(TimeCell(clock->offset_ns), " ± ", TimeCell(clock->bound_ns));
}

std::string MemoryCell(uint64_t bytes) {
  if (bytes == 0) return kUnknown;
  return absl::StrFormat("%.1f GiB", static_cast<double>(bytes) / kBytesPerGiB);
}

bool HasOwner(const v1::StatusReply& reply) {
  return !reply.run_id().empty() || !reply.owner().empty();
}

std::string OwnerCell(const v1::StatusReply& reply) {
  if (!HasOwner(reply)) return "idle";
  return Wrapped(OwnerText(reply.run_id(), reply.owner(), reply.owned_ns()), kOwnerColumns, 3);
}

std::string AddressCell(const WorkerStatus& worker) {
  return Printable(worker.address.dial, 2 * kLongestCell);
}

}  // namespace

std::string CheckTable(const std::vector<WorkerStatus>& workers) {
  const std::vector<std::string> header = {"Worker",     "Host",  "Version",     "Clock offset",
                                           "Round trip", "Cores", "Free memory", "Descriptors",
                                           "Ports",      "Owner"};
  TextTable table("Drumfire | Fleet", header,
                  {Align::kLeft, Align::kLeft, Align::kLeft, Align::kRight, Align::kRight,
                   Align::kRight, Align::kRight, Align::kRight, Align::kRight, Align::kLeft});
  for (const WorkerStatus& worker : workers) {
    std::vector<std::string> cells(header.size(), kUnknown);
    cells[0] = AddressCell(worker);
    if (worker.fault.empty()) {
      const v1::HostLimits& limits = worker.reply.limits();
      cells = {cells[0],
               Cell(limits.host_name()),
               Cell(worker.reply.version()),
               ClockCell(worker.wall_clock),
               TimeCell(worker.round_trip_ns),
               NumberCell(limits.cores()),
               MemoryCell(limits.free_memory_bytes()),
               NumberCell(limits.max_descriptors()),
               NumberCell(limits.ephemeral_ports()),
               OwnerCell(worker.reply)};
    }
    table.AddRow(std::move(cells));
  }
  return table.ToString();
}

std::string OwnerTable(const std::vector<WorkerStatus>& workers) {
  TextTable table("Drumfire | Fleet", {"Worker", "Run", "Phase", "Since", "Owner"},
                  {Align::kLeft, Align::kLeft, Align::kLeft, Align::kRight, Align::kLeft});
  for (const WorkerStatus& worker : workers) {
    const v1::StatusReply& reply = worker.reply;
    if (!worker.fault.empty() || !HasOwner(reply)) {
      const char* state = worker.fault.empty() ? "idle" : "not reached";
      table.AddRow({AddressCell(worker), kUnknown, kUnknown, kUnknown, state});
      continue;
    }
    table.AddRow({AddressCell(worker), Cell(reply.run_id()), Cell(reply.phase()),
                  reply.owned_ns() > 0 ? AgeText(reply.owned_ns()) : kUnknown,
                  reply.owner().empty()
                      ? "not told"
                      : Wrapped(Printable(reply.owner(), 3 * kOwnerColumns), kOwnerColumns, 3)});
  }
  return table.ToString();
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
