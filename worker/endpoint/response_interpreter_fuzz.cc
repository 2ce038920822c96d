// Any bytes of a server: no crash, and success or failure does not hang on how they are cut in two.
// First byte of the input: where the cut is.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "common/dialect/dialect.h"
#include "worker/endpoint/response_interpreter.h"

namespace drumfire {
namespace {

using Progress = ResponseInterpreter::Progress;

std::string Interpret(absl::string_view first, absl::string_view second) {
  static const std::unique_ptr<ResponseReader> reader =
      FindDialect(v1::ENDPOINT_CHAT)->make_reader();
  ResponseInterpreter interpreter(reader.get(), {});
  Exchange exchange;
  interpreter.Start(&exchange);
  const bool is_over =
      interpreter.OnRead(std::string(first), {1, v1::STAMP_USER}) == Progress::kDone ||
      interpreter.OnRead(std::string(second), {1, v1::STAMP_USER}) == Progress::kDone;
  if (!is_over) interpreter.OnEof({1, v1::STAMP_USER});
  return (exchange.outcome == v1::OUTCOME_COMPLETED ? "ok|" : "failed|") + exchange.escaped_text;
}

}  // namespace
}  // namespace drumfire

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  const absl::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const size_t cut = data[0] * bytes.size() / 256;
  const std::string whole = drumfire::Interpret(bytes, "");
  if (whole != drumfire::Interpret(bytes.substr(0, cut), bytes.substr(cut))) std::abort();
  return 0;
}
