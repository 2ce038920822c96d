"""What happens to a run whose worker dies, hangs or resumes?"""
import os
import signal
import time
import unittest
from collections import Counter

from drumfire import DrumfireTest

LEASE_S = 1


class WorkerLoss(DrumfireTest):
    def begin(self, url, *arguments):
        return self.begin_run(url, "--streaming", "--isl", "10", "--osl", "10", "--local-workers", "3", "--lease", LEASE_S,
                              *arguments)

    def assert_went_on(self, run, total):
        """Every request was made or is known to be lost, the verdict says so, and the journal tells the same."""
        self.assertIn(run.code, (0, 3), run.err)  # 3: the shared machine was too busy
        credits = self.assert_sums_close(run, total)
        self.assertEqual(credits["completed"] + credits["lost"] + credits["fate_unknown"], total, credits)
        self.assertIn("lost_workers", [reason["check"] for reason in run.verdict["reasons"]])
        lost_check = next(r for r in run.verdict["reasons"] if r["check"] == "lost_workers")
        self.assertEqual(lost_check["level"], "SUSPECT")
        again = self.drumfire("report", run.folder, folder=run.folder)
        self.assertEqual(self.assert_sums_close(again, total), credits)
        return credits

    def assert_each_once(self, run):
        """Of what both sides know, no request was answered twice, and each record is of a request that the server saw."""
        seen = self.truth()
        records = Counter(record["metadata"]["x_request_id"] for record in run.records)
        self.assertEqual([k for k, n in records.items() if n > 1], [])
        self.assertLessEqual(set(records), set(seen))

    def test_killed_worker_in_a_closed_loop(self):
        url = self.mock("--ttft", "5ms", "--itl", "1ms")
        folder, process = self.begin(url, "--concurrency", "6", "--request-count", "2000", "--on-worker-loss", "continue")
        os.kill(self.workers_of(process)[1], signal.SIGKILL)
        run = self.finish(folder, process)
        credits = self.assert_went_on(run, 2000)
        self.assertLessEqual(credits["lost"], 6 // 3)  # its slots
        self.assert_each_once(run)

    def test_killed_worker_at_a_rate(self):
        url = self.mock("--ttft", "5ms", "--itl", "1ms")
        folder, process = self.begin(url, "--request-rate", "300", "--request-count", "1500", "--on-worker-loss", "continue")
        os.kill(self.workers_of(process)[0], signal.SIGKILL)
        run = self.finish(folder, process)
        self.assert_went_on(run, 1500)
        self.assert_each_once(run)

    def test_stopped_worker_sends_nothing_after_resuming(self):
        url = self.mock("--ttft", "5ms", "--itl", "1ms")
        folder, process = self.begin(url, "--request-rate", "300", "--request-count", "1800", "--on-worker-loss", "continue")
        stopped = self.workers_of(process)[0]
        os.kill(stopped, signal.SIGSTOP)
        # The share of the stopped worker goes over once its lease is over; then it wakes up amid the run.
        time.sleep(2 * LEASE_S)
        os.kill(stopped, signal.SIGCONT)
        run = self.finish(folder, process)
        self.assert_went_on(run, 1800)
        self.assert_each_once(run)

    def test_too_many_lost_workers_end_the_run(self):
        url = self.mock("--ttft", "5ms", "--itl", "1ms")
        folder, process = self.begin(url, "--concurrency", "6", "--request-count", "100000", "--on-worker-loss", "continue",
                                     "--max-lost-share", "0.4")
        for worker in self.workers_of(process)[:2]:
            os.kill(worker, signal.SIGKILL)
        run = self.finish(folder, process)
        self.assertEqual(run.code, 1, run.err)
        credits = self.assert_sums_close(run, 100000)
        self.assertLessEqual(credits["lost"], 2 * (6 // 3))
        self.assertIn("lost", run.out)

    def test_share_without_continue_is_refused(self):
        run = self.profile("http://127.0.0.1:1", "--max-lost-share", "0.3")
        self.assert_one_line(run, "--max-lost-share", "--on-worker-loss")


if __name__ == "__main__":
    unittest.main()
