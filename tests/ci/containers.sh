#!/bin/sh
# Builds the image from Debian's archive (no registry) and runs the demo overlay of deploy/kubernetes with it under podman:
# three workers, a target and a coordinator, with certificates. As root; the first build takes a quarter of an hour on 2 cores.
set -eu
cd "$(dirname "$0")/../.."

tools/setup/kubernetes.sh
tools/setup/container.sh
tools/setup/builtin_vocabulary.sh
export CONTAINERS_CONF="$PWD/build/container/containers.conf"
base=localhost/drumfire-base:bookworm
podman build --file deploy/container/Containerfile --tag localhost/drumfire:dev \
  --build-arg BUILD_BASE=$base --build-arg RUNTIME_BASE=$base --build-arg REVISION="$(git rev-parse HEAD)" .
cmake --preset debug >/dev/null
ctest --preset debug --label-regex containers
