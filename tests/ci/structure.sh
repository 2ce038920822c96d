#!/bin/sh
# The direction of dependencies: common knows neither side, the sides do not know each other.
set -eu
cd "$(dirname "$0")/../.."

forbid() {  # forbid FOLDER PATTERN
  if grep -rnE "#include \"($2)/" "$1" --include='*.h' --include='*.cc'; then
    echo "structure: $1 includes $2" >&2
    exit 1
  fi
}

# A worker opens no file that a plan could name: what reads those is for the coordinator alone.
if grep -rnE '#include "common/(tokens/tokenizer_file|dataset/input_file)\.h"' worker --exclude='*_benchmark.cc'; then
  echo "structure: worker reads files of users" >&2
  exit 1
fi

forbid common 'coordinator|worker|tools|tests'
forbid coordinator 'worker|tools|tests'
forbid worker 'coordinator|tools|tests'
