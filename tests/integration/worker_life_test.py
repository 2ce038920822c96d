"""Is a worker after many runs, and with contending coordinators, the same as after its first run?"""
import os
import signal
import subprocess
import threading
import unittest

from drumfire import BIN, GUARD_S, DrumfireTest, wait_for

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
RUNS = 20
# Health checks in a row: a wait that is bounded by events and costs the worker next to nothing.
CHECKS = 30
# A worker that spins takes all of the checks' time; one that is idle a few milliseconds.
MOST_IDLE_SHARE = 0.3
# Valid, or late on a host that others keep busy.
RAN = {0, 3}
REFUSED = 2


class WorkerLife(DrumfireTest):
    def setUp(self):
        super().setUp()
        self.url = self.mock("--ttft", "1ms", "--itl", "1ms")
        self.worker = self.start_worker()

    def short_run(self, requests=2):
        return self.profile(self.url, "--streaming", "--isl", "8", "--osl", "2", "--concurrency", "1", "--request-count",
                            str(requests), "--workers", self.worker.address)

    def status(self):
        return self.drumfire("fleet", "status", "--workers", self.worker.address, "--timeout", "20")

    def wait_until_idle(self):
        wait_for(lambda: "idle" in self.status().out, "the worker is idle", self.worker)

    def cpu_ticks(self):
        fields = open(f"/proc/{self.worker.pid}/stat").read().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def idle_share(self):
        """CPU of the worker over the time of some health checks, as a part of that time."""
        ticks, began = self.cpu_ticks(), os.times().elapsed
        for _ in range(CHECKS):
            self.status()
        return (self.cpu_ticks() - ticks) / TICKS_PER_S / (os.times().elapsed - began)

    def holdings(self):
        status = dict(line.split(":", 1) for line in open(f"/proc/{self.worker.pid}/status"))
        return {
            "descriptors": len(os.listdir(f"/proc/{self.worker.pid}/fd")),
            "threads": int(status["Threads"]),
            "memory_kb": int(status["VmRSS"].split()[0]),
        }

    def test_many_runs_leak_nothing(self):
        self.assertIn(self.short_run().code, RAN)
        self.wait_until_idle()
        first = self.holdings()
        self.assertLess(self.idle_share(), MOST_IDLE_SHARE)
        for _ in range(RUNS - 1):
            self.assertIn(self.short_run().code, RAN)
        self.wait_until_idle()
        self.assertLess(self.idle_share(), MOST_IDLE_SHARE)
        last = self.holdings()
        # gRPC's own pool gives threads and sockets back when it likes.
        self.assertLessEqual(last["descriptors"], first["descriptors"] + 8)
        self.assertLessEqual(last["threads"], first["threads"] + 8)
        self.assertLess(last["memory_kb"], first["memory_kb"] * 1.5 + 16384)

    def test_contending_coordinators_do_not_kill_the_worker(self):
        codes = []

        def coordinator():
            for _ in range(15):
                codes.append(self.quiet_run())

        loops = [threading.Thread(target=coordinator) for _ in range(3)]
        for loop in loops:
            loop.start()
        for loop in loops:
            loop.join(GUARD_S)
            self.assertFalse(loop.is_alive(), "a coordinator hangs")
        self.assertTrue(RAN & set(codes), codes)
        self.assertLessEqual(set(codes), RAN | {REFUSED})
        self.wait_until_idle()
        self.worker.send_signal(signal.SIGTERM)
        self.assertEqual(self.worker.wait(GUARD_S), 0)

    def quiet_run(self):
        """Each has a folder of its own, whatever thread asks."""
        folder = self.folder / f"contender-{threading.get_ident()}-{os.urandom(4).hex()}"
        _, command = self.command(self.url, "--streaming", "--isl", "8", "--osl", "2", "--concurrency", "1", "--request-count", "2",
                                  "--workers", self.worker.address, folder=folder)
        return subprocess.run([BIN / "drumfire", *map(str, command)], capture_output=True, timeout=GUARD_S).returncode

    def test_logs_begin_and_end_of_each_run(self):
        for _ in range(2):
            self.assertIn(self.short_run().code, RAN)
        self.wait_until_idle()
        lines = [line for line in self.worker.log.read_text().splitlines() if "] run " in line]
        self.assertEqual(len(lines), 4, lines)
        for begin, end in (lines[:2], lines[2:]):
            self.assertRegex(begin, r"run [0-9a-f]{8} of .*@.*, pid \d+: begins, worker 0, target " + self.url + ", model mock-model$")
            self.assertRegex(end, r"run [0-9a-f]{8} of .*@.*, pid \d+: ended after \d+\.\d s$")


if __name__ == "__main__":
    unittest.main()
