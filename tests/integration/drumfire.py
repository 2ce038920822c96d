"""What the integration tests share: the built programs, a mock server per test, a run and its files.

Tests start real processes and real sockets on loopback. Nothing waits by the clock: what is waited for is a file, a line or an exit.
"""
import json
import os
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

BIN = Path(os.environ["DRUMFIRE_BIN"])
# A guard against hangs, not a measure of anything.
GUARD_S = 120


def wait_for(condition, what, process=None):
    """Polls until condition() is truthy; fails after the guard, or when the process that should bring it about is gone."""
    deadline = time.monotonic() + GUARD_S
    while True:
        value = condition()
        if value:
            return value
        if process is not None and process.poll() is not None:
            said = process.stderr.read() if process.stderr else ""
            raise AssertionError(f"{what}: the process ended with {process.returncode} {said}")
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {GUARD_S} s")
        time.sleep(0.005)


def read_lines(path):
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


class Run:
    """A finished `drumfire` command: exit code, output, artifact folder."""

    def __init__(self, code, out, err, folder):
        self.code, self.out, self.err, self.folder = code, out, err, Path(folder)

    @property
    def text(self):
        """What it printed, as one line: the lines are broken to fit a terminal."""
        return " ".join(self.out.split())

    @property
    def summary(self):
        return json.loads((self.folder / "profile_export_aiperf.json").read_text())

    @property
    def records(self):
        return read_lines(self.folder / "profile_export.jsonl")

    @property
    def verdict(self):
        return self.summary["drumfire"]["verdict"]


class DrumfireTest(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.folder = Path(self._folder.name)
        self._processes = []
        self._runs = 0
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        for process in self._processes:
            if process.poll() is None:
                process.kill()
            process.wait()
        self._folder.cleanup()

    def start(self, program, *arguments, prefix=(), **options):
        """prefix: words before the program, for example what starts it on another host."""
        process = subprocess.Popen([*prefix, BIN / program, *map(str, arguments)], text=True, **options)
        self._processes.append(process)
        return process

    def mock(self, *arguments, address="127.0.0.1", prefix=()):
        """Starts a mock server; returns its URL. truth() stops it and gives its log."""
        port_file = self.folder / f"port-{len(self._processes)}"
        self.truth_log = self.folder / "truth.jsonl"
        self.mock_process = self.start(
            "drumfire-mock", "--host", address, "--port-file", port_file, "--truth-log", self.truth_log, *arguments,
            prefix=prefix, stdout=subprocess.DEVNULL)
        port = wait_for(lambda: port_file.exists() and port_file.read_text().strip(), "mock server", self.mock_process)
        return f"http://{address}:{port}"

    def arrivals(self):
        """Stops the mock server and returns its truth log."""
        self.mock_process.send_signal(signal.SIGTERM)
        self.mock_process.wait(GUARD_S)
        return read_lines(self.truth_log)

    def truth(self):
        """Stops the mock server and returns its truth log by request id."""
        return {entry["x_request_id"]: entry for entry in self.arrivals()}

    def start_worker(self, *arguments, listen="127.0.0.1:0", prefix=()):
        """Starts a worker and returns its process, with its address and the file of its standard error as .address and .log."""
        log = self.folder / f"worker-{len(self._processes)}.log"
        with open(log, "w") as log_file:
            process = self.start("drumfire-worker", "--listen", listen, *arguments, prefix=prefix, stdout=subprocess.PIPE,
                                 stderr=log_file)
        process.log = log
        line = process.stdout.readline()
        self.assertIn("(port ", line, log.read_text())
        host = listen.rpartition(":")[0].replace("0.0.0.0", "127.0.0.1")
        process.address = f"{host}:{line.split('(port ')[1].split(')')[0]}"
        return process

    def command(self, url, *arguments, folder=None):
        self._runs += 1
        folder = folder or self.folder / f"run-{self._runs}"
        return folder, [
            "profile", "-m", "mock-model", "-u", url, "--endpoint-type", "chat", "--tokenizer", "builtin",
            "--artifact-dir", folder, "--ui", "none", *arguments]

    def profile(self, url, *arguments, folder=None, prefix=()):
        folder, command = self.command(url, *arguments, folder=folder)
        return self.drumfire(*command, folder=folder, prefix=prefix)

    def drumfire(self, *arguments, folder=".", prefix=()):
        done = subprocess.run([*prefix, BIN / "drumfire", *map(str, arguments)], capture_output=True, text=True, timeout=GUARD_S,
                              cwd=self.folder)
        return Run(done.returncode, done.stdout, done.stderr, folder)

    def start_run(self, url, *arguments, folder=None, prefix=()):
        """Starts `drumfire profile` and returns its folder and process."""
        folder, command = self.command(url, *arguments, folder=folder)
        return folder, self.start("drumfire", *command, prefix=prefix, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.folder)

    def begin_run(self, url, *arguments, **options):
        """start_run, and records are in its journal."""
        folder, process = self.start_run(url, *arguments, **options)
        self.wait_for_records(folder, process)
        return folder, process

    def wait_for_records(self, folder, process, size_bytes=4000):
        journal = folder / "journal.dfj"
        wait_for(lambda: journal.exists() and journal.stat().st_size > size_bytes, "records", process)

    def finish(self, folder, process):
        out, err = process.communicate(timeout=GUARD_S)
        return Run(process.returncode, out, err, folder)

    def listening(self, pid):
        """TCP ports that a process listens on."""
        inodes = set()
        for link in Path(f"/proc/{pid}/fd").iterdir():
            try:
                inodes.add(os.readlink(link))
            except FileNotFoundError:
                pass
        ports = set()
        for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
                ports.add(int(fields[1].split(":")[1], 16))
        return ports

    def records_ports(self, worker):
        """The ports on which a worker of start_worker offers records: one during a run."""
        return self.listening(worker.pid) - {int(worker.address.rpartition(":")[2])}

    def workers_of(self, process):
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True).stdout
        return [int(pid) for pid in children.split()]

    def assert_sums_close(self, run, scheduled):
        credits = run.summary["drumfire"]["credits"]
        ended = sum(credits[k] for k in ("completed", "failed", "cancelled", "dropped", "lost", "fate_unknown"))
        self.assertEqual(credits["scheduled"], scheduled, run.out)
        self.assertEqual(ended, scheduled, credits)
        return credits

    def assert_one_line(self, run, *words):
        self.assertEqual(run.code, 2, run.out + run.err)
        lines = [line for line in run.err.splitlines() if line]
        self.assertEqual(len(lines), 1, run.err)
        self.assertTrue(lines[0].startswith("drumfire: "), run.err)
        for word in words:
            self.assertIn(word, lines[0])
