#!/bin/sh
# Passes the tests of tests/faults with the programs of build/debug, and prints what became of each row of docs/faults.md.
# Needs root for hosts (network namespaces); without, the tests are skipped and the table says why. Arguments go to ctest.
# A shared machine may take the cores away for longer than a test's lease: a row that fails is tried once more, and both stand in the table.
set -eu
cd "$(dirname "$0")/../.."

results=$(mktemp)
trap 'rm -f "$results"' EXIT
status=0
DRUMFIRE_FAULTS_RESULTS=$results ctest --preset debug -L faults --repeat until-pass:2 "$@" || status=$?
python3 tests/faults/table.py "$results" docs/faults.md || status=1
exit $status
