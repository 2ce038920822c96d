#!/bin/sh
# Builds the tests of the rooms that a sanitizer is for and passes them. asan (AddressSanitizer and UBSan): bytes from outside,
# and the worker's loops. tsan: threads and everything that crosses them.
# Usage: tests/ci/sanitize.sh asan|tsan [TARGET...]    room_tests stands for every room.
set -eu
cd "$(dirname "$0")/../.."
preset=$1
shift

if [ $# -eq 0 ]; then
  set -- common_loop_test common_mailbox_test coordinator_ingest_test worker_sink_test worker_dispatch_test
  [ "$preset" = tsan ] || set -- "$@" worker_session_test common_net_test common_histogram_test common_record_test common_endpoint_test \
    common_dialect_test common_dataset_test worker_http_test worker_endpoint_test
fi
cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset" --target "$@"
export TSAN_OPTIONS="suppressions=$PWD/tests/ci/tsan.supp"
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
# Tests of targets that were not built here are not failures.
ctest --preset "$preset" --label-exclude 'slow|integration|deploy' --exclude-regex 'NOT_BUILT|^(structure|bench|ci)\b' -j "$(nproc)"
