#!/bin/sh
# clang-tidy over our sources (not the tests), two at a time; warnings are errors.
set -eu
cd "$(dirname "$0")/../.."
git ls-files 'common/*.cc' 'coordinator/*.cc' 'worker/*.cc' 'tools/*.cc' | grep -v -E '_(test|fuzz|benchmark)\.cc$' |
  xargs -P 2 -n 4 clang-tidy -p build/debug --quiet 2>/dev/null
