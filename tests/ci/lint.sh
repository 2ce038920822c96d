#!/bin/sh
# clang-tidy over our sources (not the tests) and the headers they include; a warning is an error.
# Usage: tests/ci/lint.sh [FILE.cc...]    Without names: every source, one per core at a time.
set -eu
cd "$(dirname "$0")/../.."

sources() {
  git ls-files 'common/*.cc' 'coordinator/*.cc' 'worker/*.cc' 'tools/*.cc' | grep -vE '_(test|fuzz|benchmark)\.cc$'
}

# The compile commands, and the generated headers that they need.
cmake --preset debug >/dev/null
cmake --build --preset debug --target drumfire_proto >/dev/null

[ $# -gt 0 ] || set -- $(sources)
# What clang-tidy says is shown only of files that fail: of the others it counts warnings in system headers.
printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 sh -c '
  said=$(clang-tidy -p build/debug --quiet "$1" 2>&1) && exit 0
  printf "%s\n" "$said" | grep -vE "^[0-9]+ warnings?( and [0-9]+ errors?)? (generated|treated as errors)"
  exit 1' lint
echo "lint: $# files are clean"
