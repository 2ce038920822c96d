#!/bin/sh
# Builds the coverage preset, passes the fast tests and prints which share of our lines they ran.
# Usage: tests/ci/coverage.sh     Needs the Debian package gcovr; the build is separate and takes as long as the tests' own.
set -eu
cd "$(dirname "$0")/../.."

cmake --preset coverage >/dev/null
cmake --build --preset coverage
find build/coverage -name '*.gcda' -delete
ctest --preset coverage --label-exclude slow -j 2
gcovr --root . --exclude '.*_test\.cc' --exclude '.*/testing/.*' --exclude 'build/.*' --exclude-throw-branches \
  --print-summary build/coverage -o build/coverage/lines.txt
echo "coverage: by file in build/coverage/lines.txt"
