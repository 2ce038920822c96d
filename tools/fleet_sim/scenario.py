"""One run of the real coordinator against fake workers: starts both, waits, and gathers what both sides say."""

import base64
import dataclasses
import json
import os
import resource
import signal
import subprocess
import tempfile
import time

POLL_S = 0.01
# Exit 3 is a verdict on the run, 1 its end without figures (--no-records): what counts is looked at here.
ENDS = (0, 1, 3)
# The verdict's checks of the coordinator's own accounts. The others judge what the fake workers cannot show.
ACCOUNTS = {"open_sums", "different_histograms", "lost_workers"}


@dataclasses.dataclass
class Scenario:
    sim: list  # flags of drumfire-fleet-sim
    coordinator: list  # flags of drumfire profile


@dataclasses.dataclass
class Outcome:
    """What the coordinator reported (summary: its JSON) and what the simulated workers saw (one dict a process)."""
    summary: dict
    sims: list
    wall_s: float
    coordinator_cpu_s: float
    resident_mb: float

    def _sum(self, name):
        return sum(sim[name] for sim in self.sims)

    def _first(self, name):
        return min(sim[name] for sim in self.sims if sim[name])

    def _last(self, name):
        return max(sim[name] for sim in self.sims)

    @property
    def barrier_s(self):
        """From the first Hello to the last Start."""
        return (self._last("last_start_ns") - self._first("first_hello_ns")) / 1e9

    @property
    def steps_s(self):
        """The barrier's parts: loaded, clocks known, prepared, record links up and started."""
        times = [self._first("first_hello_ns"), self._last("last_loaded_ns"), self._first("first_prepare_ns"),
                 self._last("last_prepared_ns"), self._last("last_start_ns")]
        return [round((late - early) / 1e9, 2) for early, late in zip(times, times[1:])]

    @property
    def load_s(self):
        """From the first grant after the start to the last."""
        return max(self._last("last_grant_ns") - self._first("first_grant_ns"), 1) / 1e9

    @property
    def records(self):
        return self.summary["drumfire"]["records"]["received"]

    @property
    def records_per_s(self):
        return self.records / self.load_s

    @property
    def cpu_s_per_million(self):
        return self.coordinator_cpu_s / max(self.records, 1) * 1e6

    @property
    def credits_per_s(self):
        return self._sum("credits") / self.load_s

    @property
    def grants_per_s(self):
        return self._sum("grants") / self.load_s

    @property
    def heartbeats(self):
        return self._sum("heartbeats_answered")

    @property
    def slowest_answer_s(self):
        return self._last("slowest_answer_ns") / 1e9

    @property
    def lost(self):
        """Workers that the coordinator took for lost, and workers that gave it up."""
        told = sum(worker["lost"] for worker in self.summary["drumfire"]["workers"])
        return told + sum(count for sim in self.sims for count in sim["abandoned"].values())

    @property
    def faults(self):
        """Accounts that do not close, in the coordinator's words or ours."""
        told = self.summary["drumfire"]
        reasons = [r["text"] for r in told["verdict"]["reasons"] if r["check"] in ACCOUNTS]
        notes = [note for note in told.get("notes", []) if "histograms" in note and not self._sum("records_dropped")]
        counts = []
        if told["records"]["missing"]:
            counts.append(f"{told['records']['missing']} records missing")
        if told["records"]["made"] != self._sum("records"):
            counts.append(f"{told['records']['made']} records told, {self._sum('records')} made")
        return reasons + notes + counts


def write_small_tokenizer(folder):
    """A vocabulary of the 256 bytes: small enough that sending it to all workers costs nothing."""
    path = os.path.join(folder, "bytes.tiktoken")
    with open(path, "w") as file:
        file.writelines(f"{base64.b64encode(bytes([rank])).decode()} {rank}\n" for rank in range(256))
    return path


class FakeWorkers:
    """Processes of drumfire-fleet-sim, for the length of a with block."""

    def __init__(self, program, flags, workers, processes, folder):
        self.shares = [workers // processes + (i < workers % processes) for i in range(processes)]
        self.lists = [os.path.join(folder, f"addresses-{i}") for i in range(processes)]
        self.command = [program, *flags]

    def __enter__(self):
        self.processes = [
            subprocess.Popen([*self.command, "--workers", str(share), "--addresses-file", path],
                             stdout=subprocess.PIPE, text=True) for share, path in zip(self.shares, self.lists)]
        for process, path in zip(self.processes, self.lists):
            while not os.path.exists(path):
                if process.poll() is not None:
                    raise SystemExit(f"drumfire-fleet-sim ended with {process.returncode}")
                time.sleep(POLL_S)
        return self

    def addresses(self):
        return [line for path in self.lists for line in open(path).read().split()]

    def stop(self):
        """Their figures, a dict each."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        return [json.loads(process.communicate()[0]) for process in self.processes]

    def __exit__(self, *_):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()
            process.stdout.close()


def allow_descriptors():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def run_coordinator(program, flags, guard_s):
    """Exit code, output, wall seconds and resource usage."""
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen([program, *flags], stdout=output, stderr=subprocess.STDOUT, preexec_fn=allow_descriptors)
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - started > guard_s:
                process.kill()
            time.sleep(POLL_S)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        return process.returncode, output.read(), time.monotonic() - started, usage


def run_scenario(scenario, options, tokenizer):
    programs = os.path.join(options.build, "bin")
    with tempfile.TemporaryDirectory() as folder, FakeWorkers(
            os.path.join(programs, "drumfire-fleet-sim"), scenario.sim, options.workers, options.processes, folder) as fakes:
        artifacts = os.path.join(folder, "run")
        flags = ["profile", "-m", "mock-model", "-u", "http://127.0.0.1:9", "--endpoint-type", "chat", "--streaming",
                 "--isl", "10", "--osl", "10", "--ui", "none", "--artifact-dir", artifacts, "--lease", str(options.lease_s),
                 "--workers", ",".join(fakes.addresses()), *scenario.coordinator]
        if "--tokenizer" not in scenario.coordinator:
            flags += ["--tokenizer", tokenizer]
        code, output, wall_s, usage = run_coordinator(os.path.join(programs, "drumfire"), flags, options.guard_s)
        sims = fakes.stop()
        report = os.path.join(artifacts, "profile_export_aiperf.json")
        if code not in ENDS or not os.path.exists(report):
            raise SystemExit(f"drumfire ended with {code}:\n{output[-2000:]}\nworkers: {[sim['abandoned'] for sim in sims]}")
        with open(report) as file:
            summary = json.load(file)
    return Outcome(summary, sims, wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
