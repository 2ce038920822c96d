"""Does every form of --workers reach the right workers, and no run start with others?"""
import os
import socket
import subprocess
import unittest

from drumfire import BIN, GUARD_S, DrumfireTest, Run

SMALL_RUN = ["--isl", "10", "--osl", "2", "--request-count", "20", "--concurrency", "4"]


class WorkerLists(DrumfireTest):
    def worker(self, listen="127.0.0.1:0"):
        """Starts a worker; returns its port."""
        process = self.start("drumfire-worker", "--listen", listen, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        line = process.stdout.readline()
        self.assertIn("(port ", line)
        return int(line.split("(port ")[1].split(")")[0])

    def assert_used(self, run, addresses):
        self.assertIn(run.code, (0, 3), run.err)
        self.assert_sums_close(run, 20)
        self.assertEqual([worker["address"] for worker in run.summary["drumfire"]["workers"]], addresses)

    def test_file(self):
        ports = [self.worker(), self.worker()]
        hosts = self.folder / "hosts.txt"
        hosts.write_text(f"# two workers\n\nlocalhost:{ports[0]}  # one\n127.0.0.1:{ports[1]}\n")
        run = self.profile(self.mock(), *SMALL_RUN, "--workers", f"@{hosts}", "--worker-count", 2)
        self.assert_used(run, [f"localhost:{ports[0]}", f"127.0.0.1:{ports[1]}"])

    def test_range(self):
        # All of 127.0.0.0/8 is this host: workers of the same port on two of its addresses.
        port = self.worker(listen="127.0.0.1:0")
        self.worker(listen=f"127.0.0.2:{port}")
        run = self.profile(self.mock(), *SMALL_RUN, "--workers", f"127.0.0.[1-2]:{port}")
        self.assert_used(run, [f"127.0.0.1:{port}", f"127.0.0.2:{port}"])

    def test_all_addresses_of_a_name(self):
        port = self.worker()
        found = {info[4][0] for info in socket.getaddrinfo("localhost", None, type=socket.SOCK_STREAM)}
        expected = [f"127.0.0.1:{port}"]
        if "::1" in found:
            self.worker(listen=f"[::1]:{port}")
            expected.append(f"[::1]:{port}")
        run = self.profile(self.mock(), *SMALL_RUN, "--workers", f"dns:///localhost:{port}", "--worker-count", len(expected))
        self.assert_used(run, expected)

    def test_slurm_job(self):
        port = self.worker()
        folder, command = self.command(self.mock(), *SMALL_RUN, "--workers", f"slurm:{port}")
        done = subprocess.run([BIN / "drumfire", *map(str, command)], capture_output=True, text=True, timeout=GUARD_S,
                              cwd=self.folder, env={**os.environ, "SLURM_JOB_NODELIST": "127.0.0.[1]"})
        self.assert_used(Run(done.returncode, done.stdout, done.stderr, folder), [f"127.0.0.1:{port}"])

    def refused(self, *arguments, words):
        run = self.profile("http://127.0.0.1:9", *SMALL_RUN, *arguments)
        self.assert_one_line(run, "--workers", *words)
        self.assertFalse(run.folder.exists())

    def test_wrong_number_of_workers_is_refused(self):
        port = self.worker()
        self.refused("--workers", f"127.0.0.1:{port}", "--worker-count", "2", words=["found 1 workers", "expected 2"])
        self.refused("--workers", f"dns:///localhost:{port}", "--worker-count", "9", "--ready-timeout", "0.3",
                     words=["dns:///localhost", "127.0.0.1", "expected 9"])

    def test_unknown_names(self):
        self.refused("--workers", "dns:///no-such-name.invalid:7000", words=["no address for dns:///no-such-name.invalid:7000"])
        self.refused("--workers", "slurm:7000", words=["SLURM_JOB_NODELIST"])
        hosts = self.folder / "hosts.txt"
        hosts.write_text("a:1\nb\n")
        self.refused("--workers", f"@{hosts}", words=[f"{hosts}:2", '"b"'])

    def test_a_dry_run_resolves_nothing(self):
        run = self.profile("http://127.0.0.1:9", *SMALL_RUN, "--workers", "slurm:7000,dns:///no-such-name.invalid:1", "--dry-run")
        self.assertEqual(run.code, 0, run.err)

    def test_the_certificate_is_checked_against_the_name(self):
        certs = self.folder / "certs"
        self.assertEqual(self.drumfire("fleet", "certs", certs, "--hosts", "localhost").code, 0)
        def tls(who):
            return ["--tls-cert", certs / f"{who}.pem", "--tls-key", certs / f"{who}-key.pem", "--tls-ca", certs / "ca.pem"]
        process = self.start("drumfire-worker", "--listen", "127.0.0.1:0", *tls("worker"), stdout=subprocess.PIPE)
        port = int(process.stdout.readline().split("(port ")[1].split(")")[0])
        if "::1" in {info[4][0] for info in socket.getaddrinfo("localhost", None)}:
            second = self.start("drumfire-worker", "--listen", f"[::1]:{port}", *tls("worker"), stdout=subprocess.PIPE)
            self.assertIn("listening", second.stdout.readline())
        run = self.profile(self.mock(), *SMALL_RUN, "--workers", f"dns:///localhost:{port}", *tls("coordinator"))
        self.assertIn(run.code, (0, 3), run.err)
        self.assert_sums_close(run, 20)
        # The address alone has no certificate.
        self.refused("--workers", f"127.0.0.1:{port}", *tls("coordinator"), words=["it is not for 127.0.0.1"])


if __name__ == "__main__":
    unittest.main()
