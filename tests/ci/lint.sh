#!/bin/sh
# clang-tidy over our sources (not the tests) and the headers they include, with clang's thread-safety analysis
# (common/sync/mutex.h), and each header alone; a warning is an error.
# Usage: tests/ci/lint.sh [FILE.cc...]    Without names: every source, many of a room at once as DRUMFIRE_UNITY compiles them.
set -eu
cd "$(dirname "$0")/../.."

# The compile commands, and the generated headers that they need.
preset=asan
[ $# -eq 0 ] || preset=debug
build=build/$preset
cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset" --target drumfire_proto drumfire_control >/dev/null

if [ $# -eq 0 ]; then
  python3 tests/ci/headers.py "$build"
  # shellcheck disable=SC2046  # a list of names
  set -- $(python3 tests/ci/lint_sources.py "$build")
fi
# What clang-tidy says is shown only of files that fail: of the others it counts warnings in system headers. A unity source
# includes .cc files on purpose.
printf '%s\n' "$@" | BUILD=$build xargs -P "$(nproc)" -n 1 sh -c '
  said=$(clang-tidy -p "$BUILD" --quiet --checks=-bugprone-suspicious-include --extra-arg=-Wthread-safety \
    --extra-arg=-Werror=thread-safety "$1" 2>&1) && exit 0
  printf "%s\n" "$said" | grep -vE "^[0-9]+ warnings?( and [0-9]+ errors?)? (generated|treated as errors)"
  exit 1' lint
echo "lint: $# translation units are clean"
