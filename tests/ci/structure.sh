#!/bin/sh
# The direction of dependencies, names that sources of a room must not share, the length of functions, and one rule about files.
set -eu
cd "$(dirname "$0")/../.."

python3 tests/ci/unity_names.py
python3 tests/ci/function_size.py

# A worker opens no file that a plan could name: what reads those is for the coordinator alone.
if grep -rnE '#include "common/(tokens/tokenizer_file|dataset/input_file)\.h"' worker --exclude='*_benchmark.cc'; then
  echo "structure: worker reads files of users" >&2
  exit 1
fi

forbid() {  # forbid FOLDER PATTERN
  if grep -rnE "#include \"($2)/" "$1" --include='*.h' --include='*.cc'; then
    echo "structure: $1 includes $2" >&2
    exit 1
  fi
}
forbid common 'coordinator|worker|tools|tests'
forbid coordinator 'worker|tools|tests'
forbid worker 'coordinator|tools|tests'
