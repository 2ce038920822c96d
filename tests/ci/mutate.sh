#!/bin/sh
# N random mutants of product lines; prints those that no test notices. Usage: tests/ci/mutate.sh N [--seed S] [--skip K] [--only I,I...] [--jobs J] [PATH...]
set -eu
cd "$(dirname "$0")/../.."
exec python3 tests/ci/mutate.py "$@"
