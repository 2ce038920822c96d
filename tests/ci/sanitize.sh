#!/bin/sh
# Builds the tests that a sanitizer is for (asan: bytes from outside; tsan: threads) and passes them.
# Usage: tests/ci/sanitize.sh asan|tsan
set -eu
cd "$(dirname "$0")/../.."

targets="common_mailbox_test coordinator_ingest_test"
[ "$1" = asan ] && targets="common_net_test common_histogram_test common_record_test common_endpoint_test
  worker_http_test worker_endpoint_test coordinator_ingest_test"

cmake --preset "$1" >/dev/null
# shellcheck disable=SC2086  # a list of words
cmake --build --preset "$1" --target $targets
export TSAN_OPTIONS="suppressions=$PWD/tests/ci/tsan.supp"
# Tests of targets that were not built here are not failures.
ctest --preset "$1" --label-exclude 'slow|integration|deploy' --exclude-regex 'NOT_BUILT|structure|bench' -j 2
