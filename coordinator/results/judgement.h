// Collects the reasons of a verdict. Used only by the parts of Judge.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "coordinator/results/verdict.h"

namespace drumfire {

constexpr VerdictStatus kInvalid = VerdictStatus::kInvalid;
constexpr VerdictStatus kSuspect = VerdictStatus::kSuspect;

class Judgement {
 public:
  void Add(VerdictStatus level, FaultSource fault, absl::string_view check, double figure,
           double bound, std::string text, std::string cure = "");
  // Worst first.
  Verdict Finish();

 private:
  std::vector<VerdictReason> reasons_;
};

// Rate, concurrency, send delay, hiccups.
void JudgeLoad(const VerdictInputs& in, Judgement* out);

// Why this client was late, as far as its host shows, and one thing to try.
std::string OwnCause(const VerdictInputs& in);
std::string OwnCure(const VerdictInputs& in);
// "; TCP lost or reordered segments of 12 requests"; empty if there were none.
std::string SegmentLossText(const VerdictInputs& in);

}  // namespace drumfire
