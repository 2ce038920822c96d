"""What becomes of a run when a worker's process or its link to the coordinator fails?"""
import signal
import time
import unittest

from fleet import FAST, LEASE_S, FaultTest, main, now_ns, wait_for

STEADY = ["--request-rate", "200", "--arrival-pattern", "constant"]
GO_ON = [*STEADY, "--on-worker-loss", "continue"]
COUNT = 600  # 3 s at that rate
# What two workers share is handed over in parts of half a second; that and what is in flight may be lost.
LOST_AT_MOST = 100


class WorkerTest(FaultTest):
    lease_s = LEASE_S

    def begin_and_kill(self):
        """A run at a rate that goes on without the first worker, which is killed in its middle. Returns folder, process and when."""
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(COUNT, *GO_ON))
        self.workers[0].kill()
        self.workers[0].wait()
        return folder, process, now_ns()

    def assert_went_on_without_the_killed(self, run, lost, killed_ns, why=""):
        self.assert_went_on(run, COUNT, LOST_AT_MOST)
        self.assert_lost_one(run, lost, why)
        arrivals = self.arrivals()
        self.assert_each_once(run, arrivals, lost=self.worker_hosts[0])
        self.assert_silent_after(self.worker_hosts[0], arrivals, killed_ns)


class Row01KilledWorker(WorkerTest):
    """kill -9 of a worker in the middle of a run"""

    def test_the_others_go_on(self):
        folder, process, killed_ns = self.begin_and_kill()
        run = self.finish(folder, process)
        self.assert_went_on_without_the_killed(run, self.workers[0], killed_ns, "the stream broke")
        self.assert_serves(self.workers[1:])

    def test_abort_ends_the_run_with_what_there_is(self):
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(COUNT, *STEADY))
        self.workers[0].kill()
        run = self.finish(folder, process)
        self.assertEqual(run.code, 1, run.err)
        self.assertEqual(run.verdict["status"], "INVALID")
        self.assertFalse(run.summary["is_complete"])
        credits = self.assert_sums_close(run, COUNT)
        self.assertGreater(credits["completed"], 0)
        completed = [r for r in run.records if not r["metadata"]["was_cancelled"] and "error" not in r]
        self.assertEqual(len(completed), credits["completed"])
        self.assert_lost_one(run, self.workers[0], "the stream broke")
        self.assert_each_once(run, self.arrivals())
        self.assert_serves(self.workers[1:])


class Row02StoppedWorker(WorkerTest):
    """a worker stands still for two leases, then wakes up (SIGSTOP, SIGCONT)"""

    def test_sends_nothing_once_awake(self):
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(COUNT, *GO_ON))
        self.workers[0].send_signal(signal.SIGSTOP)
        time.sleep(2 * LEASE_S)  # the fault itself
        awake_ns = now_ns()
        self.workers[0].send_signal(signal.SIGCONT)
        run = self.finish(folder, process)
        self.assert_went_on(run, COUNT, LOST_AT_MOST)
        self.assert_lost_one(run, self.workers[0], "silent for longer than the lease")
        arrivals = self.arrivals()
        self.assert_each_once(run, arrivals, lost=self.worker_hosts[0])
        self.assert_silent_after(self.worker_hosts[0], arrivals, awake_ns)
        self.assert_serves()


class Row03CutOffWorker(WorkerTest):
    """a worker and the coordinator cannot reach each other, or only one the other; both reach the server"""

    def cut_and_finish(self, cut):
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(COUNT, *GO_ON))
        cut(self.worker_hosts[0])
        cut_ns = now_ns()
        run = self.finish(folder, process)
        arrivals = self.arrivals()
        self.network.heal()
        self.assert_lost_one(run, self.workers[0])
        self.assert_each_once(run, arrivals, lost=self.worker_hosts[0])
        self.assert_silent_after(self.worker_hosts[0], arrivals, self.lease_end_ns(cut_ns))
        self.assert_went_on(run, COUNT, LOST_AT_MOST)
        self.assert_serves()

    def test_both_ways(self):
        def cut(host):
            host.drop_from(self.coordinator)
            self.coordinator.drop_from(host)
        self.cut_and_finish(cut)

    def test_towards_the_worker(self):
        self.cut_and_finish(lambda host: host.drop_from(self.coordinator))

    def test_from_the_worker(self):
        self.cut_and_finish(self.coordinator.drop_from)

    def test_unplugged(self):
        self.cut_and_finish(lambda host: host.cut())

    # What a worker had handed to its kernel must not be sent when the link comes back, long after the lease.
    def test_unplugged_and_back_after_the_lease(self):
        count = 8 * 200  # 8 s
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(count, *GO_ON))
        self.worker_hosts[0].cut()
        cut_ns = now_ns()
        time.sleep(1.5 * LEASE_S)  # the fault itself
        self.worker_hosts[0].plug_in()
        run = self.finish(folder, process)
        self.assert_sums_close(run, count)
        self.assert_silent_after(self.worker_hosts[0], self.arrivals(), self.lease_end_ns(cut_ns))

    def test_reset(self):
        def cut(host):
            self.coordinator.reset_from(host)
            host.reset_from(self.coordinator)
        self.cut_and_finish(cut)


class Row06RestartedWorker(WorkerTest):
    """a worker restarts at the same address in the middle of a run"""

    def test_gets_nothing_in_the_measured_phase(self):
        folder, process, killed_ns = self.begin_and_kill()
        lost, self.workers[0] = self.workers[0], self.start_worker_on(self.worker_hosts[0])
        self.assertEqual(self.workers[0].address, lost.address)
        run = self.finish(folder, process)
        self.assert_went_on_without_the_killed(run, lost, killed_ns)
        self.assertIsNone(self.workers[0].poll())
        self.assert_serves()


class Row26AllLinksLost(WorkerTest):
    """all links of the coordinator are lost at once, and come back"""

    WORKERS = 3

    def test_the_run_ends_and_the_next_is_whole(self):
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(10 * COUNT, *GO_ON, "--elastic", "--max-lost-share", "1"))
        self.coordinator.cut()
        cut_ns = now_ns()
        run = self.finish(folder, process)
        self.assertEqual(run.code, 1, run.err)
        self.assertFalse(run.summary["is_complete"])
        self.assert_sums_close(run, 10 * COUNT)
        self.assertEqual([w["lost"] for w in run.summary["drumfire"]["workers"]], [True] * 3)
        self.coordinator.plug_in()
        arrivals = self.arrivals()
        self.assert_each_once(run, arrivals)
        for host in self.worker_hosts:
            self.assert_silent_after(host, arrivals, self.lease_end_ns(cut_ns))
        self.assert_serves()

    def test_those_that_are_cut_off_together_come_back_one_by_one(self):
        url = self.serve(*FAST)
        self.start_workers()
        count = 12 * 200  # 12 s
        folder, process = self.begin(url, *self.load(count, *GO_ON, "--elastic", "--max-lost-share", "1"))
        for host in self.worker_hosts[1:]:
            host.drop_from(self.coordinator)
            self.coordinator.drop_from(host)
        wait_for(lambda: not any(self.records_ports(w) for w in self.workers[1:]), "the workers to give up", process)
        self.network.heal()
        run = self.finish(folder, process)
        self.assert_went_on(run, count, 2 * LOST_AT_MOST)
        told = [(w["address"], w["epoch"], w["lost"]) for w in run.summary["drumfire"]["workers"]]
        first, second, third = (worker.address for worker in self.workers)
        self.assertEqual(told[:3], [(first, 1, False), (second, 1, True), (third, 1, True)])
        back = sorted(told[3:])
        self.assertEqual([(address, lost) for address, _, lost in back], sorted([(second, False), (third, False)]), run.err)
        self.assertTrue(all(epoch > 1 for _, epoch, _ in back))
        self.arrivals()
        self.assert_serves()


class Row08WorkerNotReady(WorkerTest):
    """a worker is slow to get ready, or never does"""

    def test_slow_one_is_waited_for(self):
        url = self.serve(*FAST)
        self.start_workers()
        self.workers[1].send_signal(signal.SIGSTOP)
        folder, process = self.start_run(url, *self.load(100, "--concurrency", "4"), prefix=self.coordinator.prefix)
        wait_for(lambda: self.records_ports(self.workers[0]), "the other worker to be ready", process)
        time.sleep(2 * LEASE_S)  # longer than anybody's lease
        self.assertFalse((folder / "profile_export.jsonl").exists())
        awake_ns = now_ns()
        self.workers[1].send_signal(signal.SIGCONT)
        run = self.finish(folder, process)
        self.assert_ended_well(run)
        self.assertEqual(self.assert_sums_close(run, 100)["completed"], 100)
        arrivals = self.arrivals()
        self.assert_each_once(run, arrivals)
        self.assertGreater(min(a["arrival_ns"] for a in arrivals), awake_ns)  # no part of the fleet began
        for host in self.worker_hosts:
            self.assertTrue(self.arrivals_from(host, arrivals), host.name)

    def test_one_that_never_is_ends_the_start_by_name(self):
        url = self.serve(*FAST)
        self.start_workers()
        self.workers[1].send_signal(signal.SIGSTOP)
        run = self.whole_run(url, *self.load(100, "--concurrency", "4", "--ready-timeout", "2"))
        self.assert_one_line(run, self.workers[1].address, "within 2s")
        self.assertEqual(self.arrivals(), [])
        self.workers[1].send_signal(signal.SIGCONT)
        self.assert_serves()

    def test_unplugged_one_ends_the_start_by_name(self):
        url = self.serve(*FAST)
        self.start_workers()
        self.worker_hosts[1].cut()
        run = self.whole_run(url, *self.load(100, "--concurrency", "4", "--ready-timeout", "2"))
        self.assert_one_line(run, self.workers[1].address, "within 2s")
        self.assertEqual(self.arrivals(), [])
        self.network.heal()
        self.assert_serves()


if __name__ == "__main__":
    main()
