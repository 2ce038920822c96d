"""What becomes of workers and results when the coordinator dies, starts again, is one of two, or is told to stop?"""
import base64
import json
import signal
import time

from fleet import FAST, GUARD_S, LEASE_S, LONG_LEASE_S, FaultTest, main, now_ns, wait_for

STEADY = ["--request-rate", "200", "--arrival-pattern", "constant"]
COUNT = 100000  # more than any of these runs gets to send


class CoordinatorTest(FaultTest):
    lease_s = LEASE_S

    def assert_partial_report(self, folder):
        """The report of a killed coordinator's journal: partial, with every record in it."""
        report = self.drumfire("report", folder, folder=folder)
        self.assertEqual(report.code, 1, report.err)
        self.assertFalse(report.summary["is_complete"])
        self.assertGreater(report.summary["request_count"]["avg"], 0)
        self.assertEqual(report.verdict["status"], "INVALID")
        self.assertIn("its coordinator was killed", report.summary["drumfire"]["early_end"])
        return report


    def run_id(self, folder):
        """As messages write it."""
        return base64.b64decode(json.loads((folder / "run.json").read_text())["run_id"]).hex()


class Row04KilledCoordinator(CoordinatorTest):
    """kill -9 of the coordinator in the middle of a run, and its host lost as a whole"""

    def test_workers_stop_and_the_journal_is_whole(self):
        url = self.serve(*FAST)
        self.start_workers()
        before = [self.descriptors(worker) for worker in self.workers]
        folder, process = self.begin(url, *self.load(COUNT, *STEADY, entries=1000))
        process.kill()
        process.wait()
        killed_ns = now_ns()
        for worker, descriptors in zip(self.workers, before):
            self.assert_descriptors_return_to(descriptors, worker)
        arrivals = self.arrivals()
        for host in self.worker_hosts:
            self.assert_silent_after(host, arrivals, self.lease_end_ns(killed_ns))
        report = self.assert_partial_report(folder)
        self.assertLessEqual({r["metadata"]["x_request_id"] for r in report.records}, {a["x_request_id"] for a in arrivals})
        self.assert_serves()

    def test_unplugged_coordinator_leaves_its_workers_free_after_the_lease(self):
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(COUNT, *STEADY, entries=1000))
        self.coordinator.cut()
        process.kill()
        process.wait()
        for worker in self.workers:
            wait_for(lambda: not self.records_ports(worker), "the worker to be free", worker)
        self.network.heal()
        self.assert_serves()
        self.assert_partial_report(folder)


class Row05RestartedCoordinator(CoordinatorTest):
    """the coordinator is killed and started again at once, on the same folder and workers"""

    def test_old_run_is_closed_and_the_new_one_is_whole(self):
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(COUNT, *STEADY, entries=1000))
        process.kill()
        process.wait()
        load = self.load(100, "--concurrency", "4")
        # The first run's journal is not written over by accident,
        refused = self.whole_run(url, *load, folder=folder)
        self.assert_one_line(refused, "--artifact-dir", "--overwrite")
        old = self.assert_partial_report(folder)
        old_ids = {record["metadata"]["x_request_id"] for record in old.records}
        # and what replaces it is the new run alone.
        run = self.whole_run(url, *load, "--overwrite", folder=folder)
        self.assert_ended_well(run)
        self.assertEqual(self.assert_sums_close(run, 100)["completed"], 100)
        new_ids = {record["metadata"]["x_request_id"] for record in run.records}
        self.assertEqual(len(new_ids), 100)
        self.assertFalse(new_ids & old_ids)
        arrivals = self.arrivals()
        # The stage never goes back: once the new run began, nothing of the old one was sent.
        began_ns = min(a["arrival_ns"] for a in arrivals if a["x_request_id"] in new_ids)
        late = [a for a in arrivals if a["arrival_ns"] > began_ns and a["x_request_id"] not in new_ids]
        self.assertEqual(late, [])

    def test_elsewhere_while_the_old_ones_lease_lasts(self):
        """The old one's host is cut off: its workers are owned until the lease is over, and say by whom."""
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(COUNT, *STEADY, entries=1000, lease_s=5 * LEASE_S))
        self.coordinator.cut()
        process.kill()
        process.wait()
        run_id = self.run_id(folder)
        early = self.profile(url, *self.load(100, "--concurrency", "4"), prefix=self.target.prefix)
        self.assert_one_line(early, "owner", run_id[:10])
        for worker in self.workers:
            wait_for(lambda: not self.records_ports(worker), "the worker to be free", worker)
        run = self.profile(url, *self.load(100, "--concurrency", "4"), prefix=self.target.prefix)
        self.assert_ended_well(run)
        self.assertEqual(self.assert_sums_close(run, 100)["completed"], 100)


class Row10TwoCoordinators(CoordinatorTest):
    """a second coordinator wants a worker that has an owner"""

    lease_s = LONG_LEASE_S

    def test_second_is_refused_and_the_first_not_disturbed(self):
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(COUNT, *STEADY, entries=1000))
        run_id = self.run_id(folder)
        for _ in range(3):
            second = self.profile(url, *self.load(10, "--concurrency", "4"), prefix=self.target.prefix)
            self.assert_one_line(second, "owner", run_id[:10])
        self.assert_undisturbed(folder, process)
        self.assert_serves()

    def test_only_one_of_two_that_start_together_runs(self):
        url = self.serve(*FAST)
        self.start_workers()
        started = [self.start_run(url, *self.load(100, "--concurrency", "4"), prefix=host.prefix)
                   for host in (self.coordinator, self.target)]
        runs = [self.finish(*run) for run in started]
        whole = [run for run in runs if run.code != 2]
        # Each may have got one worker and been refused by the other: then neither runs, and no worker is held.
        self.assertLessEqual(len(whole), 1)
        for run in runs:
            if run.code == 2:
                self.assert_one_line(run, "owner")
            else:
                self.assertEqual(self.assert_sums_close(run, 100)["completed"], 100)
        self.assertEqual(len(self.arrivals()), 100 * len(whole))
        self.assert_serves()


class Row14StoppedCoordinator(CoordinatorTest):
    """the coordinator is stopped for most of a long lease, under load, and goes on"""

    lease_s = LONG_LEASE_S
    COUNT = 6000

    def stop_for(self, seconds):
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(self.COUNT, *STEADY, entries=1000))
        process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)  # the fault itself
        process.send_signal(signal.SIGCONT)
        run = self.finish(folder, process)
        self.assert_ended_well(run)
        self.assertEqual(self.assert_sums_close(run, self.COUNT)["completed"], self.COUNT)
        self.assertEqual(run.summary["drumfire"]["records"]["received"], self.COUNT)
        self.assert_each_once(run, self.arrivals(), by="x_request_id")

    def test_for_longer_than_any_heartbeat_of_a_link(self):
        self.stop_for(7)

    def test_for_longer_than_a_dead_link_would_be_kept(self):
        self.stop_for(20)


class Row24Sigterm(CoordinatorTest):
    """SIGTERM in each phase of a run, to the coordinator and to a worker"""

    lease_s = LONG_LEASE_S

    def interrupt(self, folder, process):
        process.send_signal(signal.SIGTERM)
        return self.finish(folder, process)

    def assert_partial(self, run, scheduled):
        self.assertEqual(run.code, 1, run.err)
        self.assertTrue(run.summary["was_cancelled"])
        self.assertIn("interrupted", run.summary["drumfire"]["early_end"])
        return self.assert_sums_close(run, scheduled)

    def test_before_the_start(self):
        url = self.serve(*FAST)
        self.start_workers()
        self.workers[1].send_signal(signal.SIGSTOP)
        folder, process = self.start_run(url, *self.load(100), prefix=self.coordinator.prefix)
        wait_for(lambda: self.records_ports(self.workers[0]), "the other worker to be ready", process)
        run = self.interrupt(folder, process)
        self.assertEqual(run.code, 1, run.err)
        self.assertIn("stopped before the start", run.err)
        self.workers[1].send_signal(signal.SIGCONT)
        self.assertEqual(self.arrivals(), [])
        for worker in self.workers:
            wait_for(lambda: not self.records_ports(worker), "the worker to be free", worker)
        self.assert_serves()

    def test_in_the_warmup(self):
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(100, "--concurrency", "4", "--warmup-request-count", COUNT))
        run = self.interrupt(folder, process)
        self.assertEqual(run.code, 1, run.err)
        self.assertIn("interrupted", run.summary["drumfire"]["early_end"])
        self.assertIn("nothing_measured", self.reasons(run))
        self.assert_serves()

    def test_in_the_measured_phase(self):
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(COUNT, *STEADY, entries=1000))
        run = self.interrupt(folder, process)
        credits = self.assert_partial(run, COUNT)
        self.assertEqual(credits["lost"], 0)
        # What was in flight was waited for: the server knows of nothing more.
        self.assertEqual(len(self.arrivals()), len(run.records))
        self.assert_serves()

    def test_while_the_last_requests_are_waited_for(self):
        url = self.serve("--hang-rate", "30", *FAST)
        self.start_workers()
        load = self.load(100, "--concurrency", "100", "--benchmark-duration", "600", "--benchmark-grace-period")
        # Told once, it waits for the grace period at most,
        folder, process = self.begin(url, *load, "1")
        self.assertGreater(self.assert_partial(self.interrupt(folder, process), 100)["cancelled"], 0)
        # and told twice not even so long.
        folder, process = self.begin(url, *load, "600")
        process.send_signal(signal.SIGINT)  # another signal: two of a kind may come as one
        self.assertGreater(self.assert_partial(self.interrupt(folder, process), 100)["cancelled"], 0)

    def test_of_a_worker_is_a_loss_at_once(self):
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(600, *STEADY, "--on-worker-loss", "continue", lease_s=LEASE_S))
        self.workers[0].send_signal(signal.SIGTERM)
        self.assertEqual(self.workers[0].wait(GUARD_S), 0)
        ended_ns = now_ns()
        run = self.finish(folder, process)
        self.assert_went_on(run, 600, lost_at_most=100)
        self.assert_lost_one(run, self.workers[0])
        arrivals = self.arrivals()
        self.assert_each_once(run, arrivals, lost=self.worker_hosts[0])
        self.assert_silent_after(self.worker_hosts[0], arrivals, ended_ns)


if __name__ == "__main__":
    main()
