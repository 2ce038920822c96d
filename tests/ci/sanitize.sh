#!/bin/sh
# Builds the tests that sanitizers are for (bytes from outside, threads) with a sanitizer preset and passes them.
# Usage: tests/ci/sanitize.sh asan|tsan
set -eu
cd "$(dirname "$0")/../.."

threads="common_mailbox_test worker_engine_test worker_dispatch_test worker_session_test worker_sink_test
  coordinator_ingest_test tests_records_test"
bytes="common_net_test common_histogram_test common_plan_test common_tokens_test common_dataset_test common_endpoint_test
  common_record_test worker_http_test worker_endpoint_test worker_health_test coordinator_ledger_test coordinator_run_test"

targets=$threads
[ "$1" = asan ] && targets="$threads $bytes"

cmake --preset "$1" >/dev/null
# shellcheck disable=SC2086  # a list of words
cmake --build --preset "$1" --target $targets
# Tests of targets that were not built here are not failures.
ctest --preset "$1" --label-exclude 'slow|integration' --exclude-regex 'NOT_BUILT|structure|bench' -j 2
