#!/bin/sh
# Installs the Debian 12 packages that building, running and testing need. As root, or by sudo.
# Usage: tools/setup/packages.sh [run|test]     run: to build and run (default); test: also what the tests and checks use
set -eu

run_packages="g++ cmake ninja-build ccache mold pkg-config make git ca-certificates
  libgrpc++-dev protobuf-compiler protobuf-compiler-grpc libprotobuf-dev libabsl-dev
  libcurl4-openssl-dev libssl-dev libzmq3-dev cppzmq-dev libgoogle-glog-dev zlib1g-dev libzstd-dev
  libcli11-dev nlohmann-json3-dev libsimdjson-dev libpcre2-dev libicu-dev"
test_packages="libgtest-dev libgmock-dev clang-format clang-tidy clang libclang-rt-14-dev python3 openssl iproute2 nftables python3-zmq faketime
  default-jdk-headless libhdrhistogram-java shellcheck"

packages=$run_packages
[ "${1:-run}" = test ] && packages="$run_packages $test_packages"

missing=""
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
done
# Node may come from elsewhere, and Debian's packages would not go with it.
command -v npm >/dev/null || missing="$missing nodejs npm"
[ -n "$missing" ] || exit 0

as_root=""
[ "$(id -u)" = 0 ] || as_root=sudo
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -q >/dev/null
# shellcheck disable=SC2086  # a list of words
$as_root apt-get install -y -q --no-install-recommends $missing >/dev/null
