// The plainest data set, for tests of what needs one: entries of one token and the same text.
#pragma once

#include <string>

#include "common/dataset/dataset.h"

namespace drumfire::testutil {

class Texts : public Dataset {
 public:
  uint64_t size() const override { return 4; }
  EntryInfo Info(uint64_t) const override { return {}; }
  TurnInfo Turn(uint64_t, uint32_t) const override { return {.isl = 1}; }
  void AppendText(uint64_t, uint32_t, uint32_t, std::string* out) const override {
    out->append("text");
  }
};

}  // namespace drumfire::testutil
