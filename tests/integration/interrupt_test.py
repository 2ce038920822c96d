"""What happens to a run that is interrupted, or whose processes die?"""
import os
import signal
import subprocess
import unittest

from drumfire import GUARD_S, DrumfireTest, Run, wait_for


class Interrupt(DrumfireTest):
    def begin(self, url, *arguments):
        return self.begin_run(url, "--streaming", "--isl", "10", "--osl", "20", "--concurrency", "4", "--request-count", "100000",
                              *arguments)

    def test_one_interrupt_finishes_what_is_in_flight(self):
        url = self.mock("--ttft", "5ms", "--itl", "2ms")
        folder, process = self.begin(url, "--local-workers", "2")
        process.send_signal(signal.SIGINT)
        run = self.finish(folder, process)
        self.assertEqual(run.code, 1, run.err)
        self.assertTrue(run.summary["was_cancelled"])
        credits = self.assert_sums_close(run, 100000)
        self.assertGreater(credits["completed"], 0)
        self.assertEqual(credits["lost"], 0)
        sent = sum(1 for _ in run.records)
        self.assertEqual(sent, len(self.truth()))

    def test_two_interrupts_stop_at_once_and_still_report(self):
        url = self.mock("--ttft", "5ms", "--itl", "2ms")
        folder, process = self.begin(url)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        run = self.finish(folder, process)
        self.assertEqual(run.code, 1, run.err)
        self.assert_sums_close(run, 100000)

    def test_killed_worker_ends_the_run_with_a_partial_report(self):
        url = self.mock("--ttft", "5ms", "--itl", "2ms")
        folder, process = self.begin(url, "--local-workers", "2")
        os.kill(self.workers_of(process)[0], signal.SIGKILL)
        run = self.finish(folder, process)
        self.assertNotEqual(run.code, 0)
        self.assertEqual(run.verdict["status"], "INVALID")
        self.assertIn("the stream broke", run.summary["drumfire"]["early_end"])  # and not silence for a whole lease
        self.assert_sums_close(run, 100000)

    def test_killed_coordinator_leaves_no_worker_and_a_readable_journal(self):
        url = self.mock("--ttft", "5ms", "--itl", "2ms")
        folder, process = self.begin(url, "--local-workers", "2")
        workers = self.workers_of(process)
        self.assertEqual(len(workers), 2)
        process.kill()
        process.wait()

        def gone(pid):
            try:
                with open(f"/proc/{pid}/stat") as stat:
                    return stat.read().split()[2] == "Z"
            except FileNotFoundError:
                return True

        wait_for(lambda: all(gone(pid) for pid in workers), "workers to leave")
        report = self.drumfire("report", folder)
        self.assertEqual(report.code, 1, report.err)
        run = Run(report.code, report.out, report.err, folder)
        self.assertFalse(run.summary["is_complete"])
        self.assertGreater(run.summary["request_count"]["avg"], 0)


    def test_worker_exits_when_its_parent_is_already_gone(self):
        with subprocess.Popen(["true"]) as gone:
            gone.wait()
        worker = self.start("drumfire-worker", "--listen", f"unix:{self.folder}/worker", "--once", "--parent", gone.pid)
        self.assertEqual(worker.wait(GUARD_S), 0)

    def test_lost_terminal_is_an_interrupt(self):
        url = self.mock("--ttft", "5ms", "--itl", "2ms")
        folder, process = self.begin(url)
        process.send_signal(signal.SIGHUP)
        run = self.finish(folder, process)
        self.assertEqual(run.code, 1, run.err)
        self.assert_sums_close(run, 100000)


class RemoteFleet(DrumfireTest):
    def test_workers_over_tcp_serve_one_run_after_another(self):
        url = self.mock()
        first = self.start_worker().address
        second = self.start_worker().address
        for _ in range(2):
            run = self.profile(url, "--isl", "10", "--osl", "2", "--request-count", "20", "--concurrency", "4",
                               "--workers", f"{first},{second}")
            self.assertIn(run.code, (0, 3), run.err)
            self.assert_sums_close(run, 20)

    def test_second_coordinator_is_refused_and_the_first_not_disturbed(self):
        url = self.mock("--ttft", "5ms", "--itl", "2ms")
        address = self.start_worker().address
        folder, command = self.command(url, "--streaming", "--isl", "10", "--osl", "20", "--concurrency", "4", "--request-count", "600",
                                       "--workers", address)
        first = self.start("drumfire", *command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.folder)
        wait_for(lambda: (folder / "journal.dfj").exists(), "the first run", first)
        second = self.profile(url, "--request-count", "2", "--workers", address)
        self.assert_one_line(second, address, "owner")
        out, err = first.communicate(timeout=GUARD_S)
        run = Run(first.returncode, out, err, folder)
        self.assertIn(run.code, (0, 3), err)
        self.assert_sums_close(run, 600)


if __name__ == "__main__":
    unittest.main()
