#!/bin/sh
# Installs what the checks of deploy/ need and passes those that run without containers; the programs must be built.
set -eu
cd "$(dirname "$0")/../.."

tools/setup/kubernetes.sh >/dev/null
ctest --preset debug --label-regex deploy --label-exclude containers
