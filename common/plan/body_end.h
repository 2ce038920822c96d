// How long the engines wait for the end of a body, the same for every plan. Also used by the note
// that counts such responses.
#pragma once

#include <cstdint>

namespace drumfire {

// How long the end of a response's body may take once [DONE] or an error event has ended the
// response. Longer than a delayed acknowledgement (40 ms) can delay a separate last chunk.
constexpr int64_t kBodyEndPatienceNs = 100'000'000;

}  // namespace drumfire
