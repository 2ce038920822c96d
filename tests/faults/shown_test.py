"""One whole run as a user has it: two hosts of workers, a coordinator's and a server's, certificates, and a link cut in the middle.

With DRUMFIRE_FAULTS_SHOW=1 in the environment the report is printed.
"""
import os

from fleet import FaultTest, main, now_ns, wait_for

COUNT = 1000


class ShownTwoHosts(FaultTest):
    """two hosts with certificates; the link of one is cut in the middle of a run that goes on without it"""

    lease_s = 4

    def certificates(self, who):
        return ["--tls-cert", self.certs / f"{who}.pem", "--tls-key", self.certs / f"{who}-key.pem", "--tls-ca", self.certs / "ca.pem"]

    def test_link_cut_in_the_middle(self):
        url = self.serve("--ttft", "normal:20ms,2ms", "--itl", "2ms")
        self.certs = self.folder / "certs"
        made = self.drumfire("fleet", "certs", self.certs, "--hosts", ",".join(host.address for host in self.worker_hosts))
        self.assertEqual(made.code, 0, made.err)
        self.start_workers(*self.certificates("worker"))
        # Without a certificate nobody gets in.
        stranger = self.whole_run(url, *self.load(10, "--concurrency", "2"))
        self.assert_one_line(stranger, "certificates")
        folder, process = self.begin(url, *self.load(
            COUNT, "--request-rate", "200", "--arrival-pattern", "poisson", "--warmup-request-count", "50", "--warmup-concurrency", "4",
            "--goodput", "request_latency:100", "--on-worker-loss", "continue", "--record-buffer", "1M", *self.certificates("coordinator"),
            entries=COUNT + 50))
        wait_for(lambda: self.truth_log.read_text().count("\n") > COUNT / 4, "a quarter of the requests", process)
        self.worker_hosts[0].cut()
        cut_ns = now_ns()
        run = self.finish(folder, process)
        if os.environ.get("DRUMFIRE_FAULTS_SHOW"):
            print(run.out + run.err)
        self.assert_went_on(run, COUNT, lost_at_most=300)
        self.assert_lost_one(run, self.workers[0], "silent for longer than the lease")
        arrivals = self.arrivals()
        self.assert_each_once(run, arrivals, lost=self.worker_hosts[0])
        self.assert_silent_after(self.worker_hosts[0], arrivals, self.lease_end_ns(cut_ns))


if __name__ == "__main__":
    main()
