#!/usr/bin/env bash
# Builds the Debian package: tools/setup/deb.sh. Run on Debian 12, as root or a user with sudo; the package's path is the last line.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools/setup/packages.sh run
tools/setup/builtin_vocabulary.sh
cmake --preset release -DDRUMFIRE_TESTS=OFF
cmake --build --preset release --target drumfire drumfire-worker drumfire-mock
cpack --config build/release/CPackConfig.cmake -B build/package
ls -1 "$PWD"/build/package/drumfire_*.deb
