"""What happens to a lost worker that returns, and to its run?"""
import signal
import time
import unittest
from collections import Counter

from drumfire import GUARD_S, DrumfireTest

LEASE_S = 2


class WorkerReturn(DrumfireTest):
    def setUp(self):
        super().setUp()
        self.workers = [self.start_worker(), self.start_worker()]

    def begin(self, *arguments):
        url = self.mock("--ttft", "5ms", "--itl", "1ms")
        return self.begin_run(url, "--streaming", "--isl", "10", "--osl", "10", "--lease", LEASE_S, "--workers",
                              ",".join(worker.address for worker in self.workers), "--on-worker-loss", "continue", *arguments)

    def restart(self, worker):
        """Kills the worker's process and starts another at its address."""
        worker.send_signal(signal.SIGKILL)
        worker.wait(GUARD_S)
        returned = self.start_worker(listen=worker.address)
        self.returned_ns = time.time_ns()
        return returned

    def phase_workers(self, run):
        """How many requests each took part with, by address and loss, of the profiling phase."""
        return [(worker["address"], worker["lost"], worker["credits"]["completed"])
                for worker in run.summary["drumfire"]["workers"]]

    def assert_each_once(self, run, total):
        self.assertIn(run.code, (0, 3), run.err)  # 3: the shared machine was too busy
        credits = self.assert_sums_close(run, total)
        self.assertEqual(credits["completed"] + credits["lost"] + credits["fate_unknown"], total, credits)
        records = Counter(record["metadata"]["x_request_id"] for record in run.records)
        self.assertEqual([k for k, n in records.items() if n > 1], [])
        self.assertLessEqual(set(records), set(self.truth()))
        again = self.drumfire("report", run.folder, folder=run.folder)
        self.assertEqual(self.assert_sums_close(again, total), credits)
        return credits

    def test_idles_until_the_next_phase(self):
        folder, process = self.begin("--request-rate", "200", "--request-count", "1600")
        self.restart(self.workers[1])
        run = self.finish(folder, process)
        self.assertEqual([(address, lost) for address, lost, _ in self.phase_workers(run)],
                         [(self.workers[0].address, False), (self.workers[1].address, True)])
        self.assertIn(f"Worker {self.workers[1].address} came back and took no part", run.text)
        self.assert_each_once(run, 1600)

    def test_takes_part_in_the_next_phase(self):
        folder, process = self.begin("--request-rate", "200", "--request-count", "400", "--warmup-request-count", "1600")
        self.restart(self.workers[1])
        run = self.finish(folder, process)
        took_part = self.phase_workers(run)
        self.assertEqual([(address, lost) for address, lost, _ in took_part],
                         [(worker.address, False) for worker in self.workers])
        self.assertEqual([completed for _, _, completed in took_part], [200, 200])

    def test_elastic_in_a_closed_loop(self):
        folder, process = self.begin("--concurrency", "6", "--request-count", "4000", "--elastic")
        self.restart(self.workers[1])
        run = self.finish(folder, process)
        self.assert_came_back(run)
        credits = self.assert_each_once(run, 4000)
        self.assertLessEqual(credits["lost"], 6 // 2)  # the lost worker's slots
        self.assert_counts_from_its_return(run)

    def test_elastic_at_a_rate(self):
        folder, process = self.begin("--request-rate", "200", "--request-count", "2000", "--elastic")
        self.restart(self.workers[1])
        run = self.finish(folder, process)
        self.assert_came_back(run)
        self.assert_each_once(run, 2000)

    def assert_came_back(self, run):
        took_part = self.phase_workers(run)
        first, second = (worker.address for worker in self.workers)
        self.assertEqual([(address, lost) for address, lost, _ in took_part],
                         [(first, False), (second, True), (second, False)], run.out + run.err)
        self.assertGreater(took_part[2][2], 0)
        self.assertIn(f"Worker {second} came back", run.text)

    def assert_counts_from_its_return(self, run):
        """Its first requests could not be sent before it was there: no slot was free for them since the phase's start."""
        issued = [record["metadata"]["credit_issued_ns"] for record in run.records if record["metadata"]["worker_id"] == "worker_00000002"]
        self.assertTrue(issued)
        self.assertGreater(min(issued), self.returned_ns)

    def test_elastic_without_continue_is_refused(self):
        run = self.profile("http://127.0.0.1:1", "--elastic", "--workers", self.workers[0].address)
        self.assert_one_line(run, "--elastic", "--on-worker-loss continue")


if __name__ == "__main__":
    unittest.main()
