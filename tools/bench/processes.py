"""Starts the server and the clients of the benchmark, and measures what they use."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

TICK_S = 1 / os.sysconf("SC_CLK_TCK")
SAMPLE_S = 0.02
EXIT_INVALID = 3


class Programs:
    """The built programs of one build folder, and the CPUs that they may use."""

    def __init__(self, build, server_cpus, client_cpus):
        self.build = build
        self.server_cpus = server_cpus
        self.client_cpus = client_cpus

    def path(self, name):
        path = os.path.join(self.build, "bin", name)
        if os.path.exists(path):
            return path
        raise SystemExit(f"{name}: not built in {self.build}; build target {name} there first")

    def server_command(self, name, arguments):
        return ["taskset", "-c", self.server_cpus, self.path(name)] + arguments

    def client_command(self, name, arguments):
        return ["taskset", "-c", self.client_cpus, self.path(name)] + arguments


class MockServer:
    """drumfire-mock on a free port, for the length of a with block."""

    def __init__(self, programs, arguments, truth_log=None):
        self.command = programs.server_command("drumfire-mock", ["--port", "0"] + arguments)
        if truth_log:
            self.command += ["--truth-log", truth_log]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"listening on http://127\.0\.0\.1:(\d+)", line)
        if not found:
            raise SystemExit(f"drumfire-mock did not start: {line!r}")
        self.port = int(found.group(1))
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.process.stdout.close()


class Usage:
    """CPU seconds and highest resident memory of one process, as last seen."""

    def __init__(self):
        self.cpu_s = 0.0
        self.peak_rss_kb = 0

    def sample(self, pid):
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        self.cpu_s = (int(fields[11]) + int(fields[12])) * TICK_S
        self.peak_rss_kb = max(self.peak_rss_kb, int(fields[21]) * os.sysconf("SC_PAGESIZE") // 1024)


def children_of(pid):
    found = []
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/children") as file:
            found += [int(child) for child in file.read().split()]
    return found


class TreeSampler(threading.Thread):
    """Watches a process (the coordinator) and its children (the local workers) until it ends."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid = pid
        self.coordinator = Usage()
        self.workers = {}
        self.ended = threading.Event()

    def run(self):
        while not self.ended.wait(SAMPLE_S):
            try:
                self.coordinator.sample(self.pid)
                for child in children_of(self.pid):
                    self.workers.setdefault(child, Usage()).sample(child)
            except (FileNotFoundError, ProcessLookupError):
                continue

    def worker(self):
        total = Usage()
        for usage in self.workers.values():
            total.cpu_s += usage.cpu_s
            total.peak_rss_kb = max(total.peak_rss_kb, usage.peak_rss_kb)
        return total


def run_floor(programs, port, load, records=None):
    """One run of drumfire-floor; its line of JSON as a dict."""
    arguments = ["--port", str(port), "--connections", str(load.concurrency)]
    arguments += ["--requests", str(load.requests), "--isl", str(load.isl), "--osl", str(load.osl)]
    arguments += ["--streaming"] if load.streaming else []
    arguments += ["--records", records] if records else []
    done = subprocess.run(programs.client_command("drumfire-floor", arguments),
                          stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def check_end(code, output):
    """A run that calls itself INVALID still counts here, but says so; any other failure ends the benchmark."""
    if code == EXIT_INVALID:
        verdict_and_reasons = output.strip().split("\n\n")[0]
        print(verdict_and_reasons, file=sys.stderr, flush=True)
    elif code != 0:
        raise SystemExit(f"drumfire ended with {code}:\n{output[-2000:]}")


def run_drumfire(programs, port, load, engine, artifacts):
    """One run of `drumfire profile` with one local worker: coordinator, worker (Usage) and wall seconds."""
    arguments = ["profile", "-m", "mock-model", "-u", f"http://127.0.0.1:{port}"]
    arguments += ["--endpoint-type", "chat", "--concurrency", str(load.concurrency)]
    arguments += ["--request-count", str(load.requests), "--isl", str(load.isl)]
    arguments += ["--osl", str(load.osl), "--tokenizer", "builtin", "--local-workers", "1"]
    # The same prompts in every run, made once each: what is measured is the rest.
    arguments += ["--num-dataset-entries", "100", "--random-seed", "0"]
    arguments += ["--engine", engine, "--artifact-dir", artifacts, "--ui", "none"]
    arguments += ["--streaming"] if load.streaming else []
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(programs.client_command("drumfire", arguments), stdout=output,
                                   stderr=subprocess.STDOUT, text=True)
        sampler = TreeSampler(process.pid)
        sampler.start()
        code = process.wait()
        wall_s = time.monotonic() - started
        sampler.ended.set()
        sampler.join()
        output.seek(0)
        check_end(code, output.read())
    return sampler.coordinator, sampler.worker(), wall_s
