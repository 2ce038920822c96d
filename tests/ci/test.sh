#!/bin/sh
# Installs what is missing, builds and passes the tests. Arguments go to ctest.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"

tools/setup/packages.sh test
tools/setup/builtin_vocabulary.sh
tools/setup/tokenizer_oracle.sh >/dev/null
cmake --preset debug >/dev/null
cmake --build --preset debug
ctest --preset debug --label-exclude slow -j "$(nproc)" "$@"
