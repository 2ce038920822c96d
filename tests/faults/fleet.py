"""A fleet on hosts of its own, and what must hold for it whatever fails: the base of the tests of this folder.

A test class is named for its row in docs/faults.md (Row03CutOffWorker), its docstring's first line is the fault.
"""
import os
import signal
import sys
import time
import unittest
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "integration"))
import hosts
from drumfire import GUARD_S, DrumfireTest, wait_for  # noqa: F401  (for the tests)
from results import main  # noqa: F401

# Of the tests that let a lease end. The others take a long one, so that a busy machine is no fault of its own.
LEASE_S = 2
LONG_LEASE_S = 30
FAST = ["--ttft", "5ms", "--itl", "1ms"]


class FaultTest(DrumfireTest):
    """Hosts "coordinator", "target" and one for each worker. Subclasses may change the class variables."""

    WORKERS = 2
    lease_s = LONG_LEASE_S

    @classmethod
    def setUpClass(cls):
        reason = hosts.unavailable()
        if reason:
            raise unittest.SkipTest(reason)

    def setUp(self):
        super().setUp()
        names = [f"worker-{number}" for number in range(self.WORKERS)]
        self.network = hosts.Network(["coordinator", "target", *names])
        self.addCleanup(self.network.close)
        self.coordinator, self.target = self.network.hosts["coordinator"], self.network.hosts["target"]
        self.worker_hosts = [self.network.hosts[name] for name in names]
        self.workers = []

    def serve(self, *arguments):
        """Starts the mock server on its host; returns its URL."""
        return self.mock("--body-sha256", *arguments, address=self.target.address, prefix=self.target.prefix)

    def start_worker_on(self, host, *arguments, port=7000, before=()):
        """before: words between the host's prefix and the program."""
        arguments = arguments or ["--insecure-fleet"]
        return self.start_worker(*arguments, listen=f"{host.address}:{port}", prefix=[*host.prefix, *before])

    def start_workers(self, *arguments):
        self.workers = [self.start_worker_on(host, *arguments) for host in self.worker_hosts]

    def load(self, count, *arguments, entries=None, lease_s=None):
        """Flags of a load of so many requests.

        Each has a body of its own, so that the server's log tells which one arrived; or there are so many entries.
        """
        addresses = ",".join(worker.address for worker in self.workers)
        return ["--streaming", "--isl", "10", "--osl", "10", "--request-count", count, "--num-dataset-entries", entries or count,
                "--workers", addresses, "--lease", lease_s or self.lease_s, *arguments]

    def begin(self, url, *load, **options):
        """Starts a run on the coordinator's host and returns once it has records."""
        return self.begin_run(url, *load, prefix=self.coordinator.prefix, **options)

    def whole_run(self, url, *load, **options):
        return self.profile(url, *load, prefix=self.coordinator.prefix, **options)

    def reasons(self, run):
        return {reason["check"]: reason for reason in run.verdict["reasons"]}

    def assert_ended_well(self, run):
        """The run went to its end; the verdict may be any (3: this machine was too busy)."""
        self.assertIn(run.code, (0, 3), run.err)

    def assert_each_once(self, run, arrivals, lost=None, by="body_sha256"):
        """No request was sent twice; each has one record at most, and what was answered is known to the server.

        lost: host of a worker that was lost. What it sent without telling may have been sent again, by another and once it sent no more.
        by: what tells requests apart; bodies do, when there are as many entries as requests.
        """
        arrivals = sorted(arrivals, key=lambda a: a["arrival_ns"])
        same_request = {}
        for arrival in arrivals:
            same_request.setdefault(arrival[by], []).append(arrival)
        last_of_lost_ns = max(self.arrivals_from(lost, arrivals)) if lost else 0
        tries = {r["metadata"]["x_request_id"]: 1 + r["drumfire"]["retries"] for r in run.records}
        for same in same_request.values():
            first, last = same[0], same[-1]
            # A request that met a closed connection may be tried again, under its id; the record says how often.
            if first["x_request_id"] == last["x_request_id"] and len(same) <= tries.get(first["x_request_id"], 1):
                continue
            self.assertIsNotNone(lost, same)
            self.assertEqual((first["client"], len(same)), (lost.address, 2), same)
            self.assertNotEqual(last["client"], lost.address)
            self.assertGreater(last["arrival_ns"], last_of_lost_ns)
        records = Counter(record["metadata"]["x_request_id"] for record in run.records)
        self.assertEqual([k for k, times in records.items() if times > 1], [])
        answered = {record["metadata"]["x_request_id"] for record in run.records if "error" not in record}
        self.assertLessEqual(answered, {a["x_request_id"] for a in arrivals})

    def arrivals_from(self, host, arrivals):
        return [a["arrival_ns"] for a in arrivals if a["client"] == host.address]

    def lease_end_ns(self, cut_ns):
        """When a worker that was cut off then sends no more: a lease later, and a tenth of it to notice. Only then others get its share."""
        return cut_ns + int(1.1e9 * self.lease_s)

    def assert_silent_after(self, host, arrivals, last_ns):
        """The host sent something, and nothing after last_ns."""
        times = self.arrivals_from(host, arrivals)
        self.assertTrue(times, host.name)
        self.assertLessEqual(max(times), last_ns, f"{host.name}: {(max(times) - last_ns) / 1e6} ms too late")

    def assert_lost_one(self, run, worker, why=""):
        """The run's result says that this worker, and no other, was lost."""
        self.assertIn("lost_workers", self.reasons(run))
        told = run.summary["drumfire"]
        self.assertEqual([w["address"] for w in told["workers"] if w["lost"]], [worker.address])
        words = " ".join([*told["notes"], told.get("early_end", "")])
        self.assertIn(worker.address, words)
        self.assertIn(why, words)

    def assert_went_on(self, run, count, lost_at_most):
        """Every request but what the lost worker had sent was made, and the journal tells the same."""
        self.assert_ended_well(run)
        credits = self.assert_sums_close(run, count)
        self.assertEqual((credits["failed"], credits["dropped"], credits["unsent"]), (0, 0, 0), credits)
        self.assertLessEqual(credits["lost"] + credits["fate_unknown"] + credits["cancelled"], lost_at_most)
        self.assertEqual(self.reasons(run)["lost_workers"]["level"], "SUSPECT")
        again = self.drumfire("report", run.folder, folder=run.folder)
        self.assertEqual(self.assert_sums_close(again, count), credits)

    def assert_undisturbed(self, folder, process):
        """Ends a run that has no end of its own, once more records came: each request was answered, and its record came once."""
        self.wait_for_records(folder, process, (folder / "journal.dfj").stat().st_size + 4000)
        process.send_signal(signal.SIGTERM)
        run = self.finish(folder, process)
        self.assertEqual(run.code, 1, run.err)
        self.assertEqual(run.summary["drumfire"]["early_end"], "interrupted")
        self.assertNotIn("open_sums", self.reasons(run))
        told = run.summary["drumfire"]
        sent = told["credits"]["completed"]
        self.assertEqual((told["credits"]["failed"], told["credits"]["lost"]), (0, 0), run.summary["error_summary"])
        self.assertEqual(told["records"], {"made": sent, "received": sent, "dropped": 0, "missing": 0})
        arrivals = self.arrivals()
        self.assert_each_once(run, arrivals, by="x_request_id")
        self.assertEqual(len(run.records), len(arrivals))

    def assert_serves(self, workers=None):
        """The workers are free and well: a small run of them is whole. Starts a server of its own."""
        addresses = ",".join(worker.address for worker in workers or self.workers)
        run = self.whole_run(self.serve(), "--isl", "10", "--osl", "2", "--request-count", "20", "--concurrency", "4", "--workers",
                             addresses)
        self.assert_ended_well(run)
        self.assertEqual(self.assert_sums_close(run, 20)["completed"], 20)

    def descriptors(self, process):
        return len(os.listdir(f"/proc/{process.pid}/fd"))

    def assert_descriptors_return_to(self, before, process):
        wait_for(lambda: self.descriptors(process) <= before, f"at most {before} descriptors", process)


def now_ns():
    """The clock of the mock server's arrival_ns."""
    return time.monotonic_ns()
