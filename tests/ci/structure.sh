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

forbid common 'coordinator|worker|tools|tests'
forbid coordinator 'worker|tools|tests'
forbid worker 'coordinator|tools|tests'
