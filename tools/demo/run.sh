#!/bin/sh
# The main job from a clean clone: installs what is missing, builds, starts the mock server, runs a load of 4 local workers
# against it and ends in a report. All arguments are added to the `drumfire profile` command.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"

tools/setup/packages.sh run
tools/setup/builtin_vocabulary.sh
cmake --preset release -DDRUMFIRE_TESTS=OFF >/dev/null
cmake --build --preset release --target drumfire drumfire-worker drumfire-mock

bin=build/release/bin
work=$(mktemp -d)
"$bin/drumfire-mock" --ttft normal:40ms,5ms --itl normal:8ms,1ms --port-file "$work/port" >"$work/mock.log" &
mock=$!
trap 'kill "$mock" 2>/dev/null || true; rm -rf "$work"' EXIT
while [ ! -s "$work/port" ]; do
  kill -0 "$mock" || { cat "$work/mock.log" >&2; exit 1; }
  sleep 0.05
done

"$bin/drumfire" profile --model demo --url "http://127.0.0.1:$(cat "$work/port")" \
  --endpoint-type chat --streaming --tokenizer builtin --isl 128 --osl 64 \
  --concurrency 32 --request-count 400 --warmup-request-count 32 --local-workers 4 \
  --goodput "time_to_first_token:50 inter_token_latency:12" "$@"
