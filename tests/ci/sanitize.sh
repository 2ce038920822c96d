#!/bin/sh
# Builds the tests of the rooms that a sanitizer is for and passes them. asan (AddressSanitizer and UBSan): every room, and the
# simulated fleet. tsan: the rooms whose objects several threads share, but for those over gRPC: Debian's is not instrumented, so
# every message that crosses it looks like a race.
# Usage: tests/ci/sanitize.sh asan|tsan [TARGET...]    room_tests stands for every room.
set -eu
cd "$(dirname "$0")/../.."
preset=$1
shift

if [ $# -eq 0 ] && [ "$preset" = asan ]; then
  set -- room_tests tests_simulation_test
elif [ $# -eq 0 ]; then
  set -- common_loop_test common_mailbox_test coordinator_ingest_test coordinator_run_test coordinator_ui_test worker_sink_test worker_dispatch_test
fi
cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset" --target "$@"
export TSAN_OPTIONS="suppressions=$PWD/tests/ci/tsan.supp"
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
# Whole programs, not test by test: an instrumented one takes longer to start than most of its tests. The longest comes first.
programs=$(for target in "$@"; do
  [ "$target" != room_tests ] || target='*_test'
  find "build/$preset" -name "$target" -type f
done | sort -u | awk '/simulation/ { print; next } { rest = rest $0 "\n" } END { printf "%s", rest }')
printf '%s\n' "$programs" | xargs -P "$(nproc)" -n 1 sh -c '
  if ! said=$(timeout 1800 "$1" --gtest_brief=1 2>&1); then
    printf "%s\n" "$said"
    echo "sanitize: $1 failed" >&2
    exit 1
  fi
  echo "$(basename "$1"): $(printf "%s\n" "$said" | tail -n 1)"' sanitize
