"""Joins a client's records with the mock server's truth log, request by request."""

import glob
import json
import os


def read_lines(path):
    with open(path) as file:
        for line in file:
            yield json.loads(line)


def records_path(place):
    """profile_export.jsonl itself, or the one below an artifact folder."""
    if os.path.isfile(place):
        return place
    found = glob.glob(os.path.join(place, "**", "profile_export.jsonl"), recursive=True)
    if len(found) != 1:
        raise SystemExit(f"{place}: expected one profile_export.jsonl, found {len(found)}")
    return found[0]


class Errors:
    """Differences between client and server, microseconds; positive: the client is later."""

    def __init__(self):
        self.joined = 0
        self.unmatched = 0
        self.other_count = 0  # requests whose events the client counted differently
        self.ttft_us = []
        self.gap_us = []  # absolute
        self.stamp_us = []  # each event's arrival less its send

    def add(self, truth, start_ns, ttft_ms, gaps_ms):
        sends = truth["send_ns"]
        self.joined += 1
        self.ttft_us.append(ttft_ms * 1e3 - (sends[0] - truth["arrival_ns"]) / 1e3)
        if len(gaps_ms) != len(sends) - 1:
            self.other_count += 1
            return
        wall_offset_ns = truth["arrival_wall_ns"] - truth["arrival_ns"]
        started_ns = start_ns - wall_offset_ns  # the server's clock; whole numbers, as floats are too coarse here
        since_start_us = ttft_ms * 1e3
        self.stamp_us.append(since_start_us - (sends[0] - started_ns) / 1e3)
        for gap_ms, earlier, later in zip(gaps_ms, sends, sends[1:]):
            self.gap_us.append(abs(gap_ms * 1e3 - (later - earlier) / 1e3))
            since_start_us += gap_ms * 1e3
            self.stamp_us.append(since_start_us - (later - started_ns) / 1e3)


def join(records, truth_log):
    """Errors over all streamed requests that both sides know. Warmup records are left out."""
    truths = {line["x_request_id"]: line for line in read_lines(truth_log) if line["send_ns"]}
    errors = Errors()
    for record in read_lines(records_path(records)):
        metadata, metrics = record["metadata"], record["metrics"]
        if metadata.get("benchmark_phase", "profiling") != "profiling" or record.get("error"):
            continue
        truth = truths.get(metadata["x_request_id"])
        if truth is None or "time_to_first_token" not in metrics:
            errors.unmatched += 1
            continue
        gaps_ms = metrics.get("inter_chunk_latency", {}).get("value", [])
        errors.add(truth, metadata["request_start_ns"], metrics["time_to_first_token"]["value"], gaps_ms)
    return errors


def percentile(values, percent):
    """Nearest rank; nan of nothing."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def describe(errors):
    """p50 / p99 of each kind, us, on one line."""
    parts = []
    for name, values in (("TTFT", errors.ttft_us), ("gap", errors.gap_us), ("stamp", errors.stamp_us)):
        parts.append(f"{name} {percentile(values, 50):.1f} / {percentile(values, 99):.1f}")
    return (f"{errors.joined} requests joined, {errors.unmatched} not, {errors.other_count} with other "
            f"event counts; error us p50 / p99: " + ", ".join(parts))
