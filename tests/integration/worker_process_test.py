"""Does a worker report its state correctly with any credentials, and use what its host allows?"""
import resource
import signal
import subprocess
import unittest
from pathlib import Path

from drumfire import BIN, GUARD_S, DrumfireTest, wait_for


class Health(DrumfireTest):
    def worker(self, *arguments, listen="0.0.0.0:0"):
        """Starts a worker; returns where it serves and where it answers health checks."""
        process = self.start("drumfire-worker", "--listen", listen, "--health-listen", "127.0.0.1:0", *arguments,
                             stdout=subprocess.PIPE)
        ports = []
        for _ in range(2):
            line = process.stdout.readline()
            self.assertIn("(port ", line)
            ports.append(line.split("(port ")[1].split(")")[0])
        return [f"127.0.0.1:{port}" for port in ports]

    def health(self, *arguments):
        return subprocess.run([BIN / "drumfire-worker", "health", *map(str, arguments)], capture_output=True, text=True,
                              timeout=GUARD_S)

    def assert_serves(self, address):
        asked = self.health(address)
        self.assertEqual(asked.returncode, 0, asked.stderr)
        self.assertRegex(asked.stdout, r"^serves, version [\d.]+, idle\n$")

    def assert_does_not(self, asked, code=1):
        self.assertEqual(asked.returncode, code, asked.stdout + asked.stderr)
        self.assertEqual(len(asked.stderr.splitlines()), 1, asked.stderr)
        self.assertEqual(asked.stdout, "")

    def test_worker_without_credentials(self):
        self.assert_serves(self.worker("--insecure-fleet")[1])

    def test_worker_with_token(self):
        token = self.folder / "token"
        token.write_text("right-token-of-the-fleet\n")
        control, health = self.worker("--fleet-token-file", token)
        self.assert_serves(health)
        # Where the fleet's token is asked for, a health check has none.
        self.assert_does_not(self.health(control))

    def test_worker_with_certificates(self):
        certs = self.folder / "certs"
        self.assertEqual(self.drumfire("fleet", "certs", certs, "--hosts", "worker-0").code, 0)
        control, health = self.worker("--tls-cert", certs / "worker.pem", "--tls-key", certs / "worker-key.pem",
                                      "--tls-ca", certs / "ca.pem")
        self.assert_serves(health)
        self.assert_does_not(self.health(control))

    def test_stopped_and_dead_worker(self):
        _, health = self.worker("--insecure-fleet")
        process = self._processes[-1]
        process.send_signal(signal.SIGSTOP)  # the kernel still takes connections
        asked = self.health(health, "--timeout", "0.2")
        self.assert_does_not(asked)
        self.assertIn("no answer in 200ms", asked.stderr)
        process.send_signal(signal.SIGCONT)
        self.assert_serves(health)
        process.terminate()
        self.assertEqual(process.wait(GUARD_S), 0)
        self.assert_does_not(self.health(health))

    def test_busy_worker_names_its_run(self):
        url = self.mock("--ttft", "5ms", "--itl", "5ms")
        control, health = self.worker("--insecure-fleet")
        folder, run = self.begin_run(url, "--streaming", "--isl", "10", "--osl", "20", "--concurrency", "16",
                                     "--request-count", "400", "--workers", control)
        self.assertRegex(self.health(health).stdout, r"^serves, version [\d.]+, run [0-9a-f]+, phase profiling\n$")
        self.finish(folder, run)
        wait_for(lambda: self.health(health).stdout.endswith(" idle\n"), "the worker is idle")

    def test_bad_input(self):
        self.assert_does_not(self.health(), code=2)
        self.assert_does_not(self.health("127.0.0.1:1", "--timeout", "0"), code=2)
        for arguments in ([], ["--listen", "127.0.0.1:0", "--health-listen", "0.0.0.0:0"]):
            started = subprocess.run([BIN / "drumfire-worker", *arguments], capture_output=True, text=True, timeout=GUARD_S)
            self.assert_does_not(started, code=2)
            self.assertIn("listen", started.stderr)


class Limits(DrumfireTest):
    def test_too_little_address_space_is_refused(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (200 << 20, 200 << 20))

        for command in (["drumfire-worker", "--listen", "127.0.0.1:0"],
                        ["drumfire", "profile", "-m", "m", "-u", "http://127.0.0.1:9", "--tokenizer", "builtin",
                         "--artifact-dir", self.folder / "run"]):
            ended = subprocess.run([BIN / command[0], *map(str, command[1:])], capture_output=True, text=True, timeout=GUARD_S,
                                   preexec_fn=limit)
            self.assertEqual(ended.returncode, 2, ended.stderr)
            self.assertIn("200 MiB (ulimit -v)", ended.stderr)

    def test_worker_raises_its_descriptor_limit(self):
        """Service managers and container runtimes often give 1024 and allow far more."""
        process = self.start("drumfire-worker", "--listen", "127.0.0.1:0", stdout=subprocess.PIPE,
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (100, 4000)))
        self.assertIn("listening", process.stdout.readline())
        self.assertRegex(Path(f"/proc/{process.pid}/limits").read_text(), r"Max open files +4000 +4000")


if __name__ == "__main__":
    unittest.main()
