#!/bin/sh
# clang-format leaves every source file as it is.
set -eu
cd "$(dirname "$0")/../.."
git ls-files '*.cc' '*.h' | xargs clang-format --dry-run --Werror
