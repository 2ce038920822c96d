#!/bin/sh
# Builds the fuzz targets and runs each for a while from its seeds (tests/fuzz/corpus/NAME); a crash is an error, and its
# input is kept in build/fuzz.
# Usage: tests/ci/fuzz.sh [SECONDS [NAME...]]     SECONDS a target, 5 by default; NAME: sse_parser and so on, all by default
set -eu
cd "$(dirname "$0")/../.."

seconds=${1:-5}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- $(ls tests/fuzz/corpus)

targets=$(printf '%s_fuzz ' "$@")
cmake --preset fuzz >/dev/null
# shellcheck disable=SC2086  # a list of words
cmake --build --preset fuzz --target $targets

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in "$@"; do
  mkdir "$work/$name"
  program=$(find build/fuzz -name "${name}_fuzz" -type f)
  if ! "$program" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix=build/fuzz/ "$work/$name" "tests/fuzz/corpus/$name" >"$work/log" 2>&1; then
    cat "$work/log" >&2
    echo "fuzz: $name failed; its input is in build/fuzz" >&2
    exit 1
  fi
  echo "fuzz: $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log") executions"
done
