"""Does `fleet check` report who is there, whether all agree, and who owns the workers?"""
import resource
import signal
import subprocess
import unittest

from drumfire import wait_for
from security_test import SMALL_RUN, Fleet


class Check(Fleet):
    def check(self, workers, *arguments, command="check"):
        return self.drumfire("fleet", command, "--workers", workers, *arguments)

    def few_descriptors(self):
        """A worker that may open 300."""
        process = self.start("drumfire-worker", "--listen", "127.0.0.1:0", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (300, 300)))
        return f"127.0.0.1:{process.stdout.readline().split('(port ')[1].split(')')[0]}"

    def assert_not_good(self, run, *words):
        self.assertEqual(run.code, 1, run.out + run.err)
        self.assertNotIn("they agree", run.out)
        for word in words:
            self.assertIn(word, run.text)

    def test_workers_that_agree(self):
        workers = f"{self.worker()},{self.worker()}"
        run = self.check(workers, "--worker-count", "2")
        self.assertEqual(run.code, 0, run.out + run.err)
        self.assertIn("2 workers reached; they agree", run.out)
        self.assertIn("2 of 2 idle", run.out)

    def test_a_worker_that_is_not_there(self):
        run = self.check(f"{self.worker()},127.0.0.1:1")
        self.assert_not_good(run, "worker 127.0.0.1:1: unreachable", "1 of 2 workers not reached")

    def test_a_worker_listed_under_two_names(self):
        address = self.worker()
        workers = f"{address},{address.replace('127.0.0.1', 'localhost')}"
        self.assert_not_good(self.check(workers), "the same worker under several addresses")
        run = self.profile("http://127.0.0.1:9", *SMALL_RUN, "--workers", workers)
        self.assert_one_line(run, "--workers", "serves this very run already")

    def test_causes_of_credentials(self):
        ours, others = self.certs("ours"), self.certs("others")
        guarded = self.worker(*self.tls("worker", ours))
        self.assertEqual(self.check(guarded, *self.tls("coordinator", ours)).code, 0)
        self.assert_not_good(self.check(guarded), "does it require certificates")
        self.assert_not_good(self.check(guarded, *self.tls("coordinator", others)), "its certificate is not accepted")
        token = self.token("right-token-of-the-fleet")
        secret = self.worker("--fleet-token-file", token)
        self.assertEqual(self.check(secret, "--fleet-token-file", token).code, 0)
        self.assert_not_good(self.check(secret), "it requires a fleet token")
        self.assert_not_good(self.check(secret, "--fleet-token-file", self.token("wrong-token-of-the-fleet")),
                             "it has another fleet token")

    def test_ends_of_certificates(self):
        ours = self.certs("ours")
        good = self.check(self.worker(*self.tls("worker", ours)), *self.tls("coordinator", ours))
        self.assertEqual(good.code, 0, good.out + good.err)
        self.assertRegex(good.out, r"certificate until 20\d\d-\d\d-\d\d, in (29|30) days\n")
        self.assertRegex(good.text, r"Certificates until: coordinator 20\S+, in (29|30) days; authority 20\S+, in 109[45] days")
        self.assertNotIn("warning", good.out)
        # Renewed for a week: the same authority, so that both sides take them at once.
        made = self.drumfire("fleet", "certs", ours, "--renew", "--days", "7")
        self.assertEqual(made.code, 0, made.err)
        soon = self.check(self.worker(*self.tls("worker", ours)), *self.tls("coordinator", ours))
        self.assertEqual(soon.code, 0, soon.out + soon.err)
        for whose in ("the certificate of worker 127.0.0.1:", "the coordinator's certificate ends in "):
            self.assertIn(f"warning: {whose}", soon.text)

    def test_descriptors_that_differ(self):
        few = self.few_descriptors()
        self.assert_not_good(self.check(f"{self.worker()},{few}"), "descriptors differ: ", f"300 ({few})")

    def test_two_users_of_one_worker(self):
        url = self.mock("--ttft", "5ms", "--itl", "1ms")
        address = self.worker()
        folder, first = self.begin_run(url, "--streaming", "--isl", "10", "--osl", "10", "--request-rate", "50",
                                       "--request-count", "100000", "--workers", address)
        status = self.check(address, command="status")
        self.assertEqual(status.code, 0, status.out + status.err)
        self.assertIn(f"pid {first.pid}", status.out)
        self.assertIn("profiling", status.out)
        # Only asking: the owner is not disturbed, nor by a second coordinator, which is told whose the worker is.
        self.assertEqual(self.check(address).code, 0)
        second = self.profile(url, *SMALL_RUN, "--workers", address)
        self.assert_one_line(second, address, "refused: it has an owner: run ", f"pid {first.pid}, since ")
        self.assertIsNone(first.poll(), "the first run goes on")
        first.send_signal(signal.SIGINT)
        run = self.finish(folder, first)
        credits = self.assert_sums_close(run, 100000)
        self.assertEqual((credits["failed"], credits["lost"]), (0, 0), credits)
        self.assertIn(run.summary["drumfire"]["run_id"], status.out)
        wait_for(lambda: "idle" in self.check(address, command="status").out, "the worker is nobody's again")

    def test_a_run_records_clocks_and_differences(self):
        url = self.mock("--ttft", "5ms", "--itl", "1ms")
        other = self.few_descriptors()
        run = self.profile(url, "--streaming", "--isl", "10", "--osl", "4", "--request-rate", "50", "--request-count", "110",
                           "--workers", f"{self.worker()},{other}")
        self.assertIn(run.code, (0, 3), run.err)
        section = run.summary["drumfire"]
        self.assertIn("Clocks 2 workers on 1 host, known to within ", run.text)
        self.assertIn("The workers do not agree: descriptors differ", "".join(section["notes"]))
        self.assertEqual([worker["descriptors"] == 300 for worker in section["workers"]], [False, True])
        for worker in section["workers"]:
            clock = worker["clock"]
            # 12 before the start, at least one a second for two seconds, one at the end.
            self.assertGreaterEqual(clock["probes"], 14)
            self.assertGreater(clock["apart_ns"], 0)  # of one clock, any later probe may be the best
            # Both are of this host: one clock.
            for moment in ("start", "end"):
                self.assertLessEqual(abs(clock[f"{moment}_offset_ns"]), clock[f"{moment}_bound_ns"])
            self.assertLessEqual(abs(clock["drift_ppm"]), clock["drift_bound_ppm"])
            self.assertGreaterEqual(section["clock"]["worst_bound_ns"], clock["end_bound_ns"])
        again = self.drumfire("report", run.folder, folder=run.folder)
        self.assertEqual(again.summary["drumfire"]["clock"], section["clock"])
        self.assertEqual(again.summary["drumfire"]["workers"], section["workers"])

    def test_bad_input(self):
        for command in ("check", "status"):
            self.assert_one_line(self.drumfire("fleet", command), f"fleet {command} requires --workers")
            self.assert_one_line(self.check("host", command=command), '--workers: found "host"')


if __name__ == "__main__":
    unittest.main()
