#!/bin/sh
# Passes the tests of tests/faults with the programs of build/debug, and prints what became of each row of docs/faults.md.
# Needs root for hosts (network namespaces); without, the tests are skipped and the table says why. Arguments go to ctest.
set -eu
cd "$(dirname "$0")/../.."

results=$(mktemp)
trap 'rm -f "$results"' EXIT
status=0
DRUMFIRE_FAULTS_RESULTS=$results ctest --preset debug -L faults "$@" || status=$?
python3 tests/faults/table.py "$results" docs/faults.md || status=1
exit $status
