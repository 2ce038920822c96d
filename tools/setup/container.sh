#!/bin/bash
# Installs podman with what its containers and networks need, writes its settings for machines that lack rights or
# kernel features, and makes a base image from Debian's archive, so that no image registry is needed. As root.
# Usage: tools/setup/container.sh [FOLDER]    (default: build/container in this checkout)
# Then: export CONTAINERS_CONF=FOLDER/containers.conf; the base image is localhost/drumfire-base:bookworm.
set -euo pipefail

packages="podman buildah runc conmon netavark aardvark-dns catatonit iptables mmdebstrap uidmap"
base=localhost/drumfire-base:bookworm

root=$(cd "$(dirname "$0")/../.." && pwd)
folder=${1:-$root/build/container}

missing=""
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
done
if [ -n "$missing" ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q >/dev/null
  # shellcheck disable=SC2086  # a list of words
  apt-get install -y -q --no-install-recommends $missing >/dev/null
fi

mkdir -p "$folder"
# podman asks for more descriptors than some sandboxes may give, and crun refuses cgroup layouts that runc takes.
cat >"$folder/containers.conf" <<EOF
[containers]
default_ulimits = ["nofile=$(ulimit -H -n):$(ulimit -H -n)", "nproc=32768:32768"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
EOF
export CONTAINERS_CONF="$folder/containers.conf"

if ! podman image exists "$base"; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mmdebstrap --quiet --variant=minbase bookworm "$work/base.tar"
  podman import --quiet --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    "$work/base.tar" "$base" >/dev/null
fi
echo "container: $base; export CONTAINERS_CONF=$CONTAINERS_CONF"
