"""What does a run say of hosts with clocks of their own, too little CPU, or too few descriptors and ports?"""
import signal
import subprocess
import time
from pathlib import Path

import cpu_group
from fleet import FAST, FaultTest, main

STEADY = ["--request-rate", "200", "--arrival-pattern", "constant"]
COUNT = 600
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")


class Row17Clocks(FaultTest):
    """the clocks of a worker's host are far off, and its wall clock jumps in the middle of a run"""

    def serve_and_start(self, *before):
        """Starts the server and a fleet whose last worker is started by these words."""
        url = self.serve(*FAST)
        self.workers = [self.start_worker_on(self.worker_hosts[0]), self.start_worker_on(self.worker_hosts[1], before=before)]
        return url

    def faked_wall_clock(self, offset):
        if not FAKETIME.exists():
            self.skipTest("faketime is not installed (tools/setup/packages.sh test)")
        self.offset_file = self.folder / "offset"
        self.set_wall_clock(offset)
        return ["env", f"LD_PRELOAD={FAKETIME}", "FAKETIME_DONT_FAKE_MONOTONIC=1", f"FAKETIME_TIMESTAMP_FILE={self.offset_file}",
                "FAKETIME_CACHE_DURATION=1"]

    def set_wall_clock(self, offset):
        new = self.folder / "offset.new"
        new.write_text(f"{offset}\n")
        new.rename(self.offset_file)

    def assert_nothing_changed(self, run, arrivals):
        """Each request by schedule, and no duration that a clock's offset made."""
        self.assert_ended_well(run)
        self.assertEqual(self.assert_sums_close(run, COUNT)["completed"], COUNT)
        self.assert_each_once(run, arrivals)
        for host in self.worker_hosts:
            self.assertEqual(len(self.arrivals_from(host, arrivals)), COUNT / 2)
        # The server takes 14 ms for a request; every offset here is an hour or more.
        for figure in ("request_latency", "request_latency_from_intended"):
            self.assertGreaterEqual(run.summary[figure]["min"], 10)
            self.assertLess(run.summary[figure]["max"], 60000)
        # In order of arrival the two workers take turns, as the schedule has it: none is shifted against the other.
        times = sorted(a["arrival_ns"] for a in arrivals)
        self.assertLess(times[-1] - times[0], 60e9)

    def test_monotonic_clock_far_ahead(self):
        url = self.serve_and_start("unshare", "--time", "--monotonic", "1000000")
        offsets = Path(f"/proc/{self.workers[1].pid}/timens_offsets").read_text().split()
        self.assertEqual(offsets[:2], ["monotonic", "1000000"])
        run = self.whole_run(url, *self.load(COUNT, *STEADY))
        self.assert_nothing_changed(run, self.arrivals())
        told = run.summary["drumfire"]["workers"]
        self.assertLess(abs(told[0]["clock_offset_ns"]), 1e9)
        self.assertLess(abs(told[1]["clock_offset_ns"] - 1e15), 1e9)
        self.assertGreater(told[1]["clock_error_ns"], 0)

    def test_wall_clock_an_hour_ahead(self):
        url = self.serve_and_start(*self.faked_wall_clock("+3600"))
        run = self.whole_run(url, *self.load(COUNT, *STEADY, "--engine", "curl"))
        self.assert_nothing_changed(run, self.arrivals())

    def test_wall_clock_jumps(self):
        url = self.serve_and_start(*self.faked_wall_clock("+0"))
        folder, process = self.begin(url, *self.load(COUNT, *STEADY, "--engine", "curl"))
        self.set_wall_clock("+3600")
        run = self.finish(folder, process)
        self.assert_nothing_changed(run, self.arrivals())

    def test_kernel_stamps_of_another_wall_clock_are_refused(self):
        """Kernel stamps are wall-clock times; those that cannot be true are not used, and the run says so."""
        url = self.serve_and_start(*self.faked_wall_clock("+0"))
        folder, process = self.begin(url, *self.load(COUNT, *STEADY, "--engine", "native"))
        self.set_wall_clock("+3600")
        run = self.finish(folder, process)
        self.assert_nothing_changed(run, self.arrivals())
        self.assertEqual(self.reasons(run)["refused_stamp_share"]["level"], "INVALID")
        self.assertEqual(run.code, 3)


class Row18StarvedWorker(FaultTest):
    """a worker gets too little CPU: stopped again and again for a moment, or under a quota"""

    WORKERS = 1

    def assert_flagged(self, run, *checks):
        self.assertEqual(run.code, 3, run.err)
        self.assertEqual(run.verdict["status"], "INVALID")
        reasons = self.reasons(run)
        send_delay = reasons["send_delay_p99_ms"]
        self.assertEqual((send_delay["level"], send_delay["fault"]), ("INVALID", "client"))
        for check in checks:
            self.assertIn(check, reasons)
            self.assertEqual(reasons[check]["fault"], "client")
        credits = self.assert_sums_close(run, COUNT)
        self.assertEqual(credits["completed"], COUNT)
        # What the client was late is charged: by the intended times the requests took longer than by their sends.
        self.assertGreater(run.summary["request_latency_from_intended"]["max"], send_delay["figure"])
        self.assertGreaterEqual(run.summary["request_latency_from_intended"]["avg"], run.summary["request_latency"]["avg"])
        self.assert_each_once(run, self.arrivals())

    def test_stopped_again_and_again(self):
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(COUNT, *STEADY))
        for _ in range(10):
            self.workers[0].send_signal(signal.SIGSTOP)
            time.sleep(0.1)  # the fault itself
            self.workers[0].send_signal(signal.SIGCONT)
            time.sleep(0.1)
        run = self.finish(folder, process)
        self.assert_flagged(run)

    def test_under_a_quota(self):
        reason = cpu_group.unavailable()
        if reason:
            self.skipTest(reason)
        group = self.network.cpu_group()
        url = self.serve(*FAST)
        self.workers = [self.start_worker_on(self.worker_hosts[0], before=group.prefix)]
        folder, process = self.begin(url, *self.load(COUNT, *STEADY))
        group.limit(cores=0.08)
        run = self.finish(folder, process)
        self.assert_flagged(run, "throttled_share")


class Row23NoDescriptors(FaultTest):
    """a worker's host has no free descriptors or ports left"""

    WORKERS = 1
    # A connection for each request: each needs a descriptor and a port of its own.
    LOAD = [*STEADY, "--connection-reuse-strategy", "never"]

    def begin_load(self):
        url = self.serve(*FAST)
        self.start_workers()
        self.before = self.descriptors(self.workers[0])
        return self.begin(url, *self.load(COUNT, *self.LOAD))

    def assert_own_fault(self, run):
        """The requests that could not be sent are failures of ours, not of the server, and the run is no measurement."""
        self.assertEqual(run.code, 3, run.err)
        credits = self.assert_sums_close(run, COUNT)
        self.assertEqual(credits["completed"] + credits["failed"], COUNT)
        self.assertEqual({e["error_details"]["type"] for e in run.summary["error_summary"]}, {"ClientLimit"})
        reason = self.reasons(run)["client_error_share"]
        self.assertEqual((reason["level"], reason["fault"]), ("INVALID", "client"))
        self.assertNotIn("error_share", self.reasons(run))
        arrivals = self.arrivals()
        self.assertEqual(len(arrivals), credits["completed"])
        self.assert_each_once(run, arrivals)

    def test_descriptors_taken_in_the_middle_of_a_run(self):
        folder, process = self.begin_load()
        limit = ["prlimit", "--pid", str(self.workers[0].pid)]
        hard = subprocess.run([*limit, "--nofile", "--noheadings", "--raw", "--output", "HARD"], capture_output=True, text=True,
                              check=True).stdout.strip()
        subprocess.run([*limit, f"--nofile={self.before}:{hard}"], check=True)
        run = self.finish(folder, process)
        self.assert_own_fault(run)
        subprocess.run([*limit, f"--nofile={hard}:{hard}"], check=True)
        self.assert_descriptors_return_to(self.before, self.workers[0])
        self.assert_serves()

    def test_ports_taken_in_the_middle_of_a_run(self):
        folder, process = self.begin_load()
        self.worker_hosts[0].set_ports(40000, 40004)
        run = self.finish(folder, process)
        self.assert_own_fault(run)
        self.assert_descriptors_return_to(self.before, self.workers[0])

    def test_too_few_from_the_beginning_start_nothing(self):
        url = self.serve(*FAST)
        self.workers = [self.start_worker_on(self.worker_hosts[0], before=["prlimit", "--nofile=60:60"])]
        run = self.whole_run(url, *self.load(400, "--concurrency", "200"))
        self.assert_one_line(run, "--concurrency", "60 file descriptors", self.workers[0].address)
        self.worker_hosts[0].set_ports(40000, 40009)
        run = self.whole_run(url, *self.load(400, "--concurrency", "20"))
        self.assert_one_line(run, "--concurrency", "10 ephemeral ports", self.workers[0].address)
        self.assertEqual(self.arrivals(), [])


if __name__ == "__main__":
    main()
