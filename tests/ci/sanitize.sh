#!/bin/sh
# Builds every room's tests, the programs and the simulation with a sanitizer (asan: AddressSanitizer and UBSan) and passes all
# fast tests that need no other process.
# Usage: tests/ci/sanitize.sh asan|tsan
set -eu
cd "$(dirname "$0")/../.."

cmake --preset "$1" >/dev/null
cmake --build --preset "$1" --target room_tests
export TSAN_OPTIONS="suppressions=$PWD/tests/ci/tsan.supp"
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
ctest --preset "$1" --label-exclude 'slow|integration|deploy' --exclude-regex '^(structure|bench|ci)\b' -j "$(nproc)"
