"""51 typical runs: what the mock does, and the flags of drumfire. Each takes a few seconds.

The gap between tokens grows with the streams, since the mock paces some 80,000 chunks a second on
one core.
"""
import json
import os

TTFTS_MS = (5, 20, 50, 150, 500)
ITL_MS = 10


def closed_loops():
    for ttft_ms in TTFTS_MS:
        for streams in (1, 8, 64, 250):
            requests = max(4 if streams == 1 else 2 * streams, min(4 * streams, 1500 // ttft_ms))
            yield (f"closed loop, {streams} streams, TTFT {ttft_ms} ms", ttft_ms,
                   ["--concurrency", streams, "--request-count", requests])


def large_closed_loops():
    for streams, ttft_ms, itl_ms in ((1000, 50, 50), (1000, 500, 50), (10000, 500, 500)):
        yield (f"closed loop, {streams} streams, TTFT {ttft_ms} ms, ITL {itl_ms} ms", ttft_ms,
               ["--concurrency", streams, "--request-count", 2 * streams], itl_ms)


def rates():
    for ttft_ms in TTFTS_MS:
        for rate in (5, 50, 200):
            yield (f"{rate} requests/s, TTFT {ttft_ms} ms", ttft_ms,
                   ["--request-rate", rate, "--benchmark-duration", 3])
    for ttft_ms in (20, 150):
        for pattern in ("constant", "gamma"):
            yield (f"60 requests at 30/s, {pattern}, TTFT {ttft_ms} ms", ttft_ms,
                   ["--request-rate", 30, "--arrival-pattern", pattern, "--request-count", 60])


def with_warmup():
    for ttft_ms in (20, 150):
        yield (f"50 requests/s after a warmup, TTFT {ttft_ms} ms", ttft_ms,
               ["--request-rate", 50, "--benchmark-duration", 3, "--warmup-request-count", 50])
        yield (f"closed loop, 32 streams after a warmup, TTFT {ttft_ms} ms", ttft_ms,
               ["--concurrency", 32, "--request-count", 128, "--warmup-request-count", 32])


def write_trace(folder, rate):
    path = os.path.join(folder, f"trace-{rate}.jsonl")
    with open(path, "w", encoding="utf-8") as file:
        for k in range(3 * rate):
            file.write(json.dumps({"timestamp": 1000 * k // rate, "input_length": 32,
                                   "output_length": 16, "hash_ids": [k]}) + "\n")
    return path


def traces(folder):
    for ttft_ms in (20, 150):
        for rate in (10, 100):
            yield (f"trace at {rate}/s, TTFT {ttft_ms} ms", ttft_ms,
                   ["--input-file", write_trace(folder, rate), "--custom-dataset-type",
                    "mooncake_trace", "--fixed-schedule"])


def others():
    yield "late requests dropped, 100/s", 50, ["--request-rate", 100, "--benchmark-duration", 3,
                                               "--late", "drop"]


def all_runs(folder):
    """(name, TTFT in ms, flags, ITL in ms) of each run."""
    runs = [*closed_loops(), *rates(), *with_warmup(), *traces(folder), *others()]
    return [*((*run, ITL_MS) for run in runs), *large_closed_loops()]
