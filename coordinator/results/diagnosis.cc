#include "coordinator/results/diagnosis.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/clock/clock.h"
#include "common/dialect/dialect.h"
#include "common/plan/body_end.h"
#include "coordinator/results/refusal_diagnosis.h"

namespace drumfire {
namespace {

// Held-back UTF-8 and a tokenizer that splits a little finer than the server's stay below it.
constexpr double kTokensPerChunkWorthSaying = 1.5;

bool MakesTokens(const v1::Plan& plan) { return DialectOf(plan.endpoint()).produces_tokens; }

using Lines = std::vector<std::string>;

void AddStreaming(const v1::Plan& plan, const ResponseAnomalies& anomalies, Lines* diagnosis) {
  if (!MakesTokens(plan) || anomalies.totals.completed == 0) return;
  if (!plan.endpoint().streaming()) {
    diagnosis->push_back(
        "Responses were not streamed, as requested: time to first token and inter-token latency "
        "need "
        "--streaming.");
  } else if (anomalies.unstreamed > 0) {
    diagnosis->push_back(absl::StrCat(anomalies.unstreamed, " of ", anomalies.totals.completed,
                                      " responses were not streamed although a stream was "
                                      "requested: the times to the first token "
                                      "and between tokens are those of the others."));
  }
}

void AddChunks(const v1::Plan& plan, const ResponseAnomalies& anomalies, Lines* diagnosis) {
  if (!plan.endpoint().streaming() || anomalies.streamed_chunks == 0) return;
  const double per_chunk = static_cast<double>(anomalies.streamed_tokens) /
                           static_cast<double>(anomalies.streamed_chunks);
  if (per_chunk < kTokensPerChunkWorthSaying) return;
  diagnosis->push_back(absl::StrFormat(
      "Chunks carried %.1f tokens on average: inter_token_latency spreads the time after the first "
      "chunk evenly over all tokens but one. inter_chunk_latency is the wait between chunks as a "
      "user sees it.",
      per_chunk));
}

void AddBodies(const ResponseAnomalies& anomalies, Lines* diagnosis) {
  if (anomalies.left_open > 0) {
    diagnosis->push_back(absl::StrCat(
        anomalies.left_open,
        " responses ended with [DONE] or an error, but their HTTP body did not end: each held its "
        "slot for up to ",
        kBodyEndPatienceNs / kNsPerMs, " ms longer, and its connection was closed."));
  }
  if (anomalies.unfinished > 0) {
    diagnosis->push_back(
        absl::StrCat(anomalies.unfinished,
                     " streams ended without finish_reason, [DONE] or usage and count as failed "
                     "(UnfinishedStream): a gateway ends a stream this way when the server behind "
                     "it dies. If this "
                     "server never announces the end of a stream, add --accept-unannounced-end."));
  }
  if (anomalies.no_output > 0) {
    diagnosis->push_back(absl::StrCat(
        anomalies.no_output,
        " responses had no tokens and count as failed (NoOutput): check the engine behind the "
        "server's front end."));
  }
}

void AddUsage(const v1::Plan& plan, const ResponseAnomalies& anomalies, Lines* diagnosis) {
  const RunTotals& totals = anomalies.totals;
  if (anomalies.without_usage > 0) {
    diagnosis->push_back(absl::StrCat(
        "The server refuses stream_options, which requests usage: ", anomalies.without_usage,
        " requests were sent without it, the first of them a second time. --no-stream-usage omits "
        "it from the start."));
  }
  if (totals.malformed_usage > 0) {
    diagnosis->push_back(absl::StrCat("The usage of ", totals.malformed_usage, " of ",
                                      totals.completed,
                                      " responses contained a value that is not a count (null, "
                                      "text, negative, a fraction, or over ",
                                      UINT32_MAX, "): that field counts as missing."));
  }
  const int64_t missing = totals.completed - totals.usage_completion.requests;
  if (!plan.records().use_server_token_count() || !MakesTokens(plan) || missing <= 0) return;
  diagnosis->push_back(
      absl::StrCat("The server sent no token count for ", missing, " of ", totals.completed,
                   " responses: they have no OSL, no ITL",
                   totals.usage_prompt.requests < totals.completed ? ", no ISL" : "",
                   " and no part in token rates. Omit --use-server-token-count to count with the "
                   "tokenizer."));
}

}  // namespace

std::vector<std::string> Diagnose(const v1::Plan& plan, const ResponseAnomalies& anomalies) {
  Lines diagnosis;
  AddStreaming(plan, anomalies, &diagnosis);
  AddChunks(plan, anomalies, &diagnosis);
  AddBodies(anomalies, &diagnosis);
  AddUsage(plan, anomalies, &diagnosis);
  for (std::string& line : DiagnoseRefusals(plan, anomalies.errors))
    diagnosis.push_back(std::move(line));
  return diagnosis;
}

}  // namespace drumfire
