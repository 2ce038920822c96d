#!/bin/sh
# The order of the rooms, names that sources of a room must not share, the length of functions, and one rule about files.
set -eu
cd "$(dirname "$0")/../.."

python3 tests/ci/room_order.py
python3 tests/ci/unity_names.py
python3 tests/ci/function_size.py

# A worker opens no file that a plan could name: what reads those is for the coordinator alone.
if grep -rnE '#include "common/(tokens/tokenizer_file|dataset/input_file)\.h"' worker --exclude='*_benchmark.cc'; then
  echo "structure: worker reads files of users" >&2
  exit 1
fi
