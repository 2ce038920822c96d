#!/bin/sh
# Builds with a sanitizer preset and passes the tests that are fast enough under it.
# Usage: tests/ci/sanitize.sh asan|tsan
set -eu
cd "$(dirname "$0")/../.."
cmake --preset "$1" >/dev/null
cmake --build --preset "$1"
ctest --preset "$1" --label-exclude 'slow|no_sanitizer' -j 2
