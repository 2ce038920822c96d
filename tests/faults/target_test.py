"""What does a run say of a server that hangs, resets, cuts, stalls, drips, or stands still for a while?"""
import signal
import time
from collections import Counter

from fleet import FAST, FaultTest, main


class Row15BadTarget(FaultTest):
    """the server hangs, resets, cuts streams amid a token, stalls, drips, answers with errors; its link is slow, loses segments or resets"""

    WORKERS = 1
    CONCURRENCY = 10
    LOAD = ["--concurrency", CONCURRENCY, "--first-byte-timeout", "1", "--stall-timeout", "1"]

    def run_against(self, *faults, count=100, load=()):
        url = self.serve(*faults)
        self.start_workers()
        self.descriptors_before = self.descriptors(self.workers[0])
        return self.whole_run(url, *self.load(count, *self.LOAD, *load))

    def assert_failed(self, run, fault, *kinds, count=100):
        """Those requests failed in which the server had the fault, with errors of these kinds alone; nothing is left open."""
        credits = self.assert_sums_close(run, count)
        arrivals = self.arrivals()
        self.assert_each_once(run, arrivals)
        # A request that met a connection closed before any byte may have been sent once more: its last try counts.
        last_tries = {a["x_request_id"]: a for a in sorted(arrivals, key=lambda a: a["arrival_ns"])}
        failed = [k for k, a in last_tries.items() if a["fault"] == fault]
        self.assertGreater(len(failed), 0)
        self.assertEqual(credits["failed"], len(failed))
        self.assertEqual(credits["completed"], count - len(failed))
        self.assertEqual({r["metadata"]["x_request_id"] for r in run.records if "error" in r}, set(failed))
        errors = Counter()
        for error in run.summary["error_summary"]:
            errors[error["error_details"]["type"]] += error["count"]
        self.assertEqual(sum(errors.values()), len(failed))
        self.assertLessEqual(set(errors), set(kinds))
        self.assert_bounded(run)

    def assert_bounded(self, run):
        """Never more requests in flight than slots, and no descriptor left behind."""
        ends = [(r["metadata"]["request_end_ns"], -1) for r in run.records]
        starts = [(r["metadata"]["request_start_ns"], 1) for r in run.records]
        in_flight = most = 0
        for _, change in sorted(ends + starts):
            in_flight += change
            most = max(most, in_flight)
        self.assertLessEqual(most, self.CONCURRENCY)
        self.assert_descriptors_return_to(self.descriptors_before, self.workers[0])

    def test_hangs(self):
        self.assert_failed(self.run_against(*FAST, "--hang-rate", "20"), "hang", "FirstByteTimeout")

    def test_resets(self):
        self.assert_failed(self.run_against(*FAST, "--reset-rate", "20"), "reset", "ConnectionReset")

    def test_cuts_streams(self):
        self.assert_failed(self.run_against(*FAST, "--truncate-rate", "20"), "truncate", "TruncatedResponse")

    def test_stalls_amid_a_stream(self):
        self.assert_failed(self.run_against(*FAST, "--stall-rate", "20"), "stall", "StreamStalled")

    def test_error_amid_a_stream(self):
        self.assert_failed(self.run_against(*FAST, "--stream-error-rate", "20"), "stream_error", "ErrorInStream")

    def test_error_status(self):
        self.assert_failed(self.run_against(*FAST, "--error-rate", "20"), "error", "Too Many Requests", "Service Unavailable",
                           "Internal Server Error")

    def test_drips(self):
        """A stream that never stalls, but never ends either within the time of a request."""
        run = self.run_against("--ttft", "5ms", "--itl", "400ms", count=20, load=["--request-timeout-seconds", "1"])
        self.assertEqual(run.code, 1)  # nothing was completed
        self.assertEqual(self.assert_sums_close(run, 20)["failed"], 20)
        self.assertEqual([e["error_details"]["type"] for e in run.summary["error_summary"]], ["RequestTimeout"])
        self.assert_bounded(run)

    def test_slow_link(self):
        """What is slow is still whole."""
        url = self.serve(*FAST)
        self.start_workers()
        self.descriptors_before = self.descriptors(self.workers[0])
        self.target.limit("1mbit")
        run = self.whole_run(url, *self.load(100, *self.LOAD))
        self.assert_ended_well(run)
        self.assertEqual(self.assert_sums_close(run, 100)["completed"], 100)
        self.assert_bounded(run)

    def test_link_that_loses_segments(self):
        """All is answered, and what the link cost is the network's; the workers' own sockets saw it."""
        url = self.serve(*FAST)
        self.start_workers()
        self.worker_hosts[0].lose_from(self.target, 10)
        for engine in ("native", "curl"):
            run = self.whole_run(url, *self.load(100, "--concurrency", self.CONCURRENCY, "--engine", engine))
            self.assertEqual(self.assert_sums_close(run, 100)["completed"], 100)
            self.assertGreater(run.summary["drumfire"]["connections"]["requests_with_segment_losses"], 1)
            self.assertEqual(self.reasons(run)["segment_loss_share"]["fault"], "network")

    def test_link_that_resets(self):
        """Every connection is reset for a while, amid streams and while connecting; then all is well again."""
        url = self.serve(*FAST)
        self.start_workers()
        self.descriptors_before = self.descriptors(self.workers[0])
        folder, process = self.begin(url, *self.load(600, "--request-rate", "200"))
        port = url.rpartition(":")[2]
        self.target.reset_from(self.worker_hosts[0], f"tcp dport {port}")
        time.sleep(0.5)  # the fault itself
        self.network.heal()
        run = self.finish(folder, process)
        credits = self.assert_sums_close(run, 600)
        self.assertGreater(credits["failed"], 0)
        self.assertEqual(credits["completed"] + credits["failed"], 600)
        self.assertLessEqual({e["error_details"]["type"] for e in run.summary["error_summary"]}, {"ConnectionReset", "ConnectionRefused"})
        self.assertEqual(self.reasons(run)["error_share"]["fault"], "network")
        self.assert_descriptors_return_to(self.descriptors_before, self.workers[0])


class Row16FrozenTarget(FaultTest):
    """the server stands still for 3 s (SIGSTOP) while requests are due at a steady rate"""

    WORKERS = 1
    RATE = 200
    COUNT = 1000
    FROZEN_S = 3

    def run_through_a_freeze(self, *load):
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(
            self.COUNT, "--request-rate", self.RATE, "--arrival-pattern", "constant", "--concurrency", "8", *load))
        self.mock_process.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        time.sleep(self.FROZEN_S)  # the fault itself
        self.frozen_s = time.monotonic() - began
        self.mock_process.send_signal(signal.SIGCONT)
        run = self.finish(folder, process)
        self.assert_ended_well(run)
        return run

    def test_corrected_latency_shows_it(self):
        run = self.run_through_a_freeze()
        self.assertEqual(self.assert_sums_close(run, self.COUNT)["completed"], self.COUNT)
        # Only the eight that were in flight took long by themselves: less than a hundredth of all. Hundreds were due.
        self.assertLess(run.summary["request_latency"]["p99"], 1000)
        self.assertGreater(run.summary["request_latency"]["max"], 1000 * self.FROZEN_S * 0.9)
        self.assertGreater(run.summary["request_latency_from_intended"]["p99"], 1000 * self.FROZEN_S * 0.9)
        self.assertGreater(run.summary["request_latency_from_intended"]["p75"], 1000)

    def test_drops_match_the_schedule(self):
        run = self.run_through_a_freeze("--late", "drop", "--late-after", "0.2")
        credits = self.assert_sums_close(run, self.COUNT)
        self.assertEqual(credits["completed"] + credits["dropped"], self.COUNT)
        self.assertEqual(len(self.arrivals()), credits["completed"])
        # Dropped is what was due from the freeze on and could not leave within 0.2 s: what the rate makes in the rest of it.
        self.assertGreaterEqual(credits["dropped"], self.RATE * (self.frozen_s - 0.3))
        self.assertLessEqual(credits["dropped"], self.RATE * (self.frozen_s + 1))


if __name__ == "__main__":
    main()
