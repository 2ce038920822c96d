#include "tools/fleet_sim/figures.h"

#include <sys/resource.h>

#include <nlohmann/json.hpp>

namespace drumfire::fleet_sim {
namespace {

constexpr double kUsPerSecond = 1e6;

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / kUsPerSecond;
}

}  // namespace

std::string ToJson(const Figures& figures) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const nlohmann::ordered_json json = {
      {"streams", figures.streams},
      {"finished", figures.finished},
      {"dropped", figures.dropped},
      {"abandoned", figures.abandoned},
      {"first_hello_ns", figures.first_hello_ns},
      {"last_loaded_ns", figures.last_loaded_ns},
      {"first_prepare_ns", figures.first_prepare_ns},
      {"last_prepared_ns", figures.last_prepared_ns},
      {"last_start_ns", figures.last_start_ns},
      {"latest_start_ns", figures.latest_start_ns},
      {"heartbeats_sent", figures.heartbeats_sent},
      {"heartbeats_answered", figures.heartbeats_answered},
      {"slowest_answer_ns", figures.slowest_answer_ns},
      {"grants", figures.grants},
      {"demands", figures.demands},
      {"credits", figures.credits},
      {"first_grant_ns", figures.first_grant_ns},
      {"last_grant_ns", figures.last_grant_ns},
      {"records", figures.records},
      {"records_dropped", figures.records_dropped},
      {"batches_resent", figures.batches_resent},
      {"cpu_seconds", Seconds(usage.ru_utime) + Seconds(usage.ru_stime)},
      {"highest_resident_kb", usage.ru_maxrss},
  };
  return json.dump();
}

}  // namespace drumfire::fleet_sim
