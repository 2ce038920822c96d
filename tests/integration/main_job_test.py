"""Does a whole run do what was requested, the same for any number of workers, and do its figures match the server's?"""
import subprocess
import unittest

from drumfire import GUARD_S, DrumfireTest, read_lines, wait_for


class MainJob(DrumfireTest):
    def test_closed_loop_sends_exactly_the_requested_count(self):
        url = self.mock("--ttft", "5ms", "--itl", "1ms")
        run = self.profile(url, "--streaming", "--isl", "40", "--osl", "12", "--concurrency", "7", "--request-count", "50",
                           "--local-workers", "3")
        self.assertIn(run.code, (0, 3), run.err)
        self.assert_sums_close(run, 50)
        truth = self.truth()
        self.assertEqual(len(truth), 50)
        ids = [record["metadata"]["x_request_id"] for record in run.records]
        self.assertEqual(set(ids), set(truth))
        self.assertEqual(run.summary["request_count"]["avg"], 50)
        self.assertEqual(run.summary["input_sequence_length"]["avg"], 40)
        self.assertEqual(run.summary["output_sequence_length"]["avg"], 12)
        self.assertEqual(run.summary["metrics"]["request_count"], run.summary["request_count"])
        self.assertEqual(sum(worker["open_connections"] for worker in run.summary["drumfire"]["workers"]), 7)

    def test_first_token_and_gaps_match_the_server(self):
        url = self.mock("--ttft", "20ms", "--itl", "5ms")
        run = self.profile(url, "--streaming", "--isl", "20", "--osl", "10", "--concurrency", "4", "--request-count", "20",
                           "--local-workers", "2")
        truth = self.truth()
        for record in run.records:
            sent = truth[record["metadata"]["x_request_id"]]["send_ns"]
            gaps_ms = [(b - a) / 1e6 for a, b in zip(sent, sent[1:])]
            seen_ms = record["metrics"]["inter_chunk_latency"]["value"]
            self.assertEqual(len(seen_ms), len(gaps_ms))
            ttft_ms = record["metrics"]["time_to_first_token"]["value"]
            # Nobody can see a token before it was sent.
            self.assertGreaterEqual(ttft_ms, (sent[0] - truth[record["metadata"]["x_request_id"]]["arrival_ns"]) / 1e6)
            self.assertAlmostEqual(sum(seen_ms), sum(gaps_ms), delta=50)

    def schedule(self, workers, url, *arguments):
        folder = self.folder / f"schedule-{workers}"
        out = self.folder / f"schedule-{workers}.jsonl"
        run = self.profile(url, "--local-workers", str(workers), "--dry-run", "--schedule-out", out, *arguments,
                           folder=folder)
        self.assertEqual(run.code, 0, run.err)
        return read_lines(out)

    def test_fleet_sends_the_same_schedule_as_one_worker(self):
        url = self.mock("--body-sha256")
        load = ["--request-rate", "200", "--arrival-pattern", "poisson", "--request-count", "60", "--isl", "30", "--isl-stddev", "9",
                "--osl", "5", "--random-seed", "11"]
        schedule = self.schedule(1, url, *load)
        self.assertEqual(schedule, self.schedule(4, url, *load))
        self.assertEqual([row["k"] for row in schedule], list(range(60)))
        run = self.profile(url, *load, "--local-workers", "4")
        self.assert_sums_close(run, 60)
        truth = self.truth()
        by_k = {record["metadata"]["session_num"]: record for record in run.records}
        self.assertEqual(set(by_k), set(range(60)))
        for row in schedule:
            entry = truth[by_k[row["k"]]["metadata"]["x_request_id"]]
            self.assertEqual(entry["body_sha256"], row["body_sha256"], row)

    def test_warmup_is_never_in_the_results(self):
        url = self.mock()
        run = self.profile(url, "--isl", "10", "--osl", "3", "--concurrency", "2", "--request-count", "12",
                           "--warmup-request-count", "5")
        self.assert_sums_close(run, 12)
        phases = [record["metadata"]["benchmark_phase"] for record in run.records]
        self.assertEqual(phases.count("warmup"), 5)
        self.assertEqual(phases.count("profiling"), 12)
        self.assertEqual(run.summary["request_count"]["avg"], 12)

    def test_failures_are_counted_with_their_cause(self):
        url = self.mock("--error-rate", "100")
        run = self.profile(url, "--isl", "10", "--osl", "3", "--concurrency", "2", "--request-count", "6")
        self.assertEqual(run.code, 1, run.err)
        credits = self.assert_sums_close(run, 6)
        self.assertEqual(credits["failed"], 6)
        self.assertEqual(sum(kind["count"] for kind in run.summary["error_summary"]), 6)
        self.assertTrue((run.folder / "profile_export_aiperf.csv").exists())

    def test_duration_ends_the_load_and_grace_period_ends_requests(self):
        url = self.mock("--ttft", "1ms", "--itl", "1ms", "--hang-rate", "100")
        run = self.profile(url, "--streaming", "--isl", "10", "--osl", "3", "--concurrency", "3", "--benchmark-duration", "1",
                           "--benchmark-grace-period", "0.5")
        credits = run.summary["drumfire"]["credits"]
        self.assertEqual(credits["cancelled"], 3, run.out)
        self.assertEqual(credits["scheduled"], 3)

    def test_report_rebuilds_the_same_files(self):
        url = self.mock("--ttft", "2ms", "--itl", "1ms")
        run = self.profile(url, "--streaming", "--isl", "10", "--osl", "4", "--concurrency", "4", "--request-count", "30",
                           "--slice-duration", "0.05")
        names = ["profile_export_aiperf.json", "profile_export_aiperf.csv", "profile_export.jsonl",
                 "profile_export_aiperf_timeslices.json", "profile_export_console.txt"]
        before = {name: (run.folder / name).read_bytes() for name in names}
        for name in names:
            (run.folder / name).unlink()
        again = self.drumfire("report", run.folder)
        self.assertEqual(again.code, run.code, again.err)
        for name in names:
            self.assertEqual((run.folder / name).read_bytes(), before[name], name)

    def test_several_urls_take_turns(self):
        first = self.mock("--ttft", "1ms")
        first_process, first_log = self.mock_process, self.truth_log
        self.truth_log = None
        second_port = self.folder / "second-port"
        self.start("drumfire-mock", "--port-file", second_port, stdout=subprocess.DEVNULL)
        port = wait_for(lambda: second_port.exists() and second_port.read_text().strip(), "second mock")
        run = self.profile(first, "-u", f"http://127.0.0.1:{port}", "--isl", "10", "--osl", "3", "--concurrency", "4",
                           "--request-count", "21", "--local-workers", "2")
        self.assert_sums_close(run, 21)
        self.mock_process, self.truth_log = first_process, first_log
        self.assertEqual(len(self.truth()), 11)
        self.assertEqual(len(run.summary["drumfire"]["urls"]), 2)

    def test_no_worker_is_left_behind(self):
        url = self.mock("--ttft", "5ms", "--itl", "1ms")
        _, command = self.command(url, "--isl", "10", "--osl", "3", "--request-count", "200", "--local-workers", "3")
        process = self.start("drumfire", *command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.folder)

        def workers():
            listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
            return listing.split().count(f"--parent={process.pid}")

        wait_for(lambda: workers() == 3, "workers", process)
        _, err = process.communicate(timeout=GUARD_S)
        self.assertIn(process.returncode, (0, 3), err)
        self.assertEqual(workers(), 0)


if __name__ == "__main__":
    unittest.main()
