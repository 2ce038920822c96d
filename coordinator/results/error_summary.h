// Failures by kind, most frequent first. Messages that differ only by a time, a port or an id are
// one kind, shown with the first message. The number of kinds is bounded, so error texts that
// differ in every request do not exhaust memory. One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/string_view.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

// The name of a failed or cancelled record in every export.
struct ErrorDetails {
  uint32_t code = 0;  // HTTP status, 499 for requests we cancelled; 0 = no response
  std::string type;
  std::string message;

  friend bool operator<(const ErrorDetails& a, const ErrorDetails& b) {
    return std::tie(a.code, a.type, a.message) < std::tie(b.code, b.type, b.message);
  }
};
ErrorDetails DetailsOf(const v1::Record& record);
// The client cancelled it, at the end of a phase or on an interrupt; this is not an error. A 499
// sent by a proxy is one.
bool IsCancellation(const ErrorDetails& details);

struct ErrorKind {
  ErrorDetails details;
  uint64_t count = 0;
};

class ErrorSummary {
 public:
  static constexpr size_t kMaxKinds = 100;

  // Counts failed and cancelled records; others are ignored.
  void Add(const v1::Record& record);

  // Most frequent first. After the first kMaxKinds kinds, further errors form one kind per code and
  // type, whose message says so.
  std::vector<ErrorKind> Kinds() const;
  uint64_t CountOf(v1::ErrorClass error_class) const;

 private:
  std::map<ErrorDetails, ErrorKind> kinds_;  // by details; the message is its ErrorGroupOf
  std::map<int, uint64_t> by_class_;
};

}  // namespace drumfire
