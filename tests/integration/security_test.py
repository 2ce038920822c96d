"""Does a fleet refuse the wrong peers, say why in one line, and keep every secret?"""
import os
import signal
import socket
import stat
import subprocess
import unittest
from pathlib import Path

from drumfire import BIN, GUARD_S, DrumfireTest, Run, wait_for

SMALL_RUN = ["--isl", "10", "--osl", "2", "--request-count", "20", "--concurrency", "4"]


class Fleet(DrumfireTest):
    def certs(self, name, hosts="127.0.0.1"):
        folder = self.folder / name
        made = self.drumfire("fleet", "certs", folder, "--hosts", hosts)
        self.assertEqual(made.code, 0, made.err)
        return folder

    def tls(self, who, folder, ca=None):
        return ["--tls-cert", folder / f"{who}.pem", "--tls-key", folder / f"{who}-key.pem",
                "--tls-ca", (ca or folder) / "ca.pem"]

    def token(self, text):
        path = self.folder / f"token-{text[:5]}"
        path.write_text(text + "\n")
        return path

    def worker(self, *arguments, **options):
        return self.start_worker(*arguments, **options).address

    def refused_worker(self, *arguments):
        done = subprocess.run([BIN / "drumfire-worker", *map(str, arguments)], capture_output=True, text=True, timeout=GUARD_S)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        return done.stderr

    def refused(self, address, *arguments, words=()):
        run = self.profile("http://127.0.0.1:9", *SMALL_RUN, "--workers", address, *arguments)
        self.assert_one_line(run, address, *words)
        self.assertEqual(len(run.err.splitlines()), 1, run.err)
        self.assertFalse(run.folder.exists())

    def serves(self, address, *arguments):
        run = self.profile(self.mock(), *SMALL_RUN, "--workers", address, *arguments)
        self.assertIn(run.code, (0, 3), run.err)
        self.assert_sums_close(run, 20)


class Refusals(Fleet):
    def test_open_worker_starts_only_with_insecure_fleet(self):
        error = self.refused_worker("--listen", "0.0.0.0:0")
        for word in ("--listen", "0.0.0.0:0", "--tls-cert", "--fleet-token-file", "--insecure-fleet"):
            self.assertIn(word, error)
        self.serves(self.worker("--insecure-fleet", listen="0.0.0.0:0"))

    def test_wrong_authority(self):
        ours, others = self.certs("ours"), self.certs("others")
        self.refused(self.worker(*self.tls("worker", others)), *self.tls("coordinator", ours),
                     words=["its certificate is not accepted"])
        # The worker is trusted, but does not trust.
        address = self.worker(*self.tls("worker", others, ca=ours))
        self.refused(address, *self.tls("coordinator", others), words=["it does not accept our certificate"])

    def test_certificate_of_another_host(self):
        ours = self.certs("ours", hosts="worker-7")
        self.refused(self.worker(*self.tls("worker", ours)), *self.tls("coordinator", ours),
                     words=["its certificate is not accepted: it is not for 127.0.0.1"])

    def test_no_certificate(self):
        ours = self.certs("ours")
        self.refused(self.worker(*self.tls("worker", ours)), words=["does it require certificates"])
        self.refused(self.worker(), *self.tls("coordinator", ours), words=["TLS failed"])

    def test_workers_certificate_is_refused_for_a_coordinator(self):
        ours = self.certs("ours")
        self.refused(self.worker(*self.tls("worker", ours)), *self.tls("worker", ours),
                     words=["it does not accept our certificate"])

    def expired(self, ours):
        """A worker's certificate of an authority of its own that ended in 2021."""
        def openssl(*arguments):
            subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, cwd=ours)
        for name in ("db", "db.attr"):
            (ours / name).write_text("")
        (ours / "serial").write_text("01")
        (ours / "openssl.cnf").write_text(
            "[ca]\ndefault_ca=d\n[d]\ndatabase=db\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n")
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "old-ca-key.pem", "-out", "old-ca.pem", "-subj", "/CN=old", "-days", "30")
        openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "old-key.pem", "-out", "old.csr", "-subj", "/CN=old")
        openssl("ca", "-batch", "-config", "openssl.cnf", "-cert", "old-ca.pem", "-keyfile", "old-ca-key.pem", "-in", "old.csr",
                "-out", "old.pem", "-startdate", "20200101000000Z", "-enddate", "20210101000000Z", "-notext")
        return ["--tls-cert", ours / "old.pem", "--tls-key", ours / "old-key.pem", "--tls-ca", ours / "old-ca.pem"]

    def test_expired_certificate_is_refused_on_either_side_before_anything_starts(self):
        tls = self.expired(self.certs("ours"))
        self.assertIn("--tls-cert: found a certificate that has expired", self.refused_worker("--listen", "127.0.0.1:0", *tls))
        run = self.profile("http://127.0.0.1:9", "--workers", "127.0.0.1:1", *tls)
        self.assert_one_line(run, "--tls-cert", "expired")

    def test_wrong_and_missing_token(self):
        address = self.worker("--fleet-token-file", self.token("right-token-of-the-fleet"))
        self.refused(address, words=["it requires a fleet token"])
        self.refused(address, "--fleet-token-file", self.token("wrong-token-of-the-fleet"), words=["it has another fleet token"])
        self.serves(address, "--fleet-token-file", self.token("right-token-of-the-fleet"))

    def test_something_else_at_the_address(self):
        url = self.mock()
        self.refused(url.removeprefix("http://"), words=["not a drumfire-worker"])


class Certificates(Fleet):
    def test_fleet_with_certificates_and_token_serves(self):
        ours = self.certs("ours")
        token = ["--fleet-token-file", self.token("right-token-of-the-fleet")]
        address = self.worker(*self.tls("worker", ours), *token, listen="0.0.0.0:0")
        self.refused(address, *self.tls("coordinator", ours), words=["it requires a fleet token"])
        self.serves(address, *self.tls("coordinator", ours), *token)

    def test_certs_are_private_and_never_replaced(self):
        ours = self.certs("ours")
        before = {path: path.read_bytes() for path in ours.iterdir()}
        self.assertEqual({path.name for path in before},
                         {"ca.pem", "ca-key.pem", "worker.pem", "worker-key.pem", "coordinator.pem", "coordinator-key.pem"})
        for path in before:
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600 if "key" in path.name else 0o644, path)
        again = self.drumfire("fleet", "certs", ours, "--hosts", "a")
        self.assert_one_line(again, "would overwrite", "coordinator.pem")
        self.assertEqual({path: path.read_bytes() for path in ours.iterdir()}, before)


class Reload(Fleet):
    """SIGHUP: a worker reads its credentials again, and a run does not notice."""

    def deploy(self, made, token):
        """Puts the worker's half of a fleet where the worker's flags point."""
        live = self.folder / "live"
        live.mkdir(exist_ok=True)
        for name in ("worker.pem", "worker-key.pem", "ca.pem"):
            (live / name).write_bytes((made / name).read_bytes())
        (live / "token").write_text(token + "\n")
        return live

    def reload(self, worker, words):
        """Sends the signal and waits for the one line it brings."""
        before = len(worker.log.read_text().splitlines())
        worker.send_signal(signal.SIGHUP)
        lines = wait_for(lambda: worker.log.read_text().splitlines()[before:], "a line on the reload", worker)
        self.assertEqual(len(lines), 1, lines)
        for word in words:
            self.assertIn(word, lines[0])

    def asks(self, worker, made, token):
        return self.drumfire("fleet", "check", "--workers", worker.address, *self.tls("coordinator", made),
                             "--fleet-token-file", self.token(token))

    def test_new_certificates_and_token_do_not_interrupt_a_run(self):
        old, new = self.certs("old"), self.certs("new")
        live = self.deploy(old, "oldXX-token-of-the-fleet")
        worker = self.start_worker(*self.tls("worker", live), "--fleet-token-file", live / "token")
        url = self.mock("--ttft", "5ms", "--itl", "1ms")
        folder, process = self.begin_run(
            url, "--streaming", "--isl", "10", "--osl", "10", "--request-rate", "50", "--request-count", "100000", "--workers",
            worker.address, *self.tls("coordinator", old), "--fleet-token-file", self.token("oldXX-token-of-the-fleet"))
        self.deploy(new, "newXX-token-of-the-fleet")
        self.reload(worker, ["credentials reloaded", "the certificate ends on 20"])
        good = self.asks(worker, new, "newXX-token-of-the-fleet")
        self.assertEqual(good.code, 0, good.out + good.err)
        self.assertIn("in use", good.out)
        for made, token in ((old, "newXX"), (new, "oldXX")):
            self.assertEqual(self.asks(worker, made, f"{token}-token-of-the-fleet").code, 1)
        size = (folder / "journal.dfj").stat().st_size
        self.wait_for_records(folder, process, size_bytes=size)
        process.send_signal(signal.SIGINT)
        credits = self.assert_sums_close(self.finish(folder, process), 100000)
        self.assertEqual((credits["failed"], credits["lost"]), (0, 0), credits)

    def test_broken_files_keep_the_old_ones_and_are_named(self):
        old, new = self.certs("old"), self.certs("new")
        live = self.deploy(old, "oldXX-token-of-the-fleet")
        worker = self.start_worker(*self.tls("worker", live), "--fleet-token-file", live / "token")
        kept = "credentials not reloaded, the old ones stay: "
        (live / "worker-key.pem").write_bytes((new / "worker-key.pem").read_bytes())
        self.reload(worker, [kept, "--tls-key: found a key of another certificate", str(live / "worker-key.pem")])
        (live / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\nhalf")
        self.reload(worker, [kept, "--tls-ca: found no certificate", str(live / "ca.pem")])
        self.deploy(old, "tiny")
        self.reload(worker, [kept, "--fleet-token-file: found a token of 4 bytes", str(live / "token")])
        self.assertEqual(self.asks(worker, old, "oldXX-token-of-the-fleet").code, 0)
        (live / "worker.pem").unlink()
        self.reload(worker, [kept, "--tls-cert: found", str(live / "worker.pem")])
        self.assertEqual(self.asks(worker, old, "oldXX-token-of-the-fleet").code, 0)

    def test_without_credential_files_the_signal_stops_the_worker(self):
        worker = self.start_worker()
        worker.send_signal(signal.SIGHUP)
        self.assertEqual(worker.wait(GUARD_S), -signal.SIGHUP)


class Records(Fleet):
    # ZMTP 3.0 without security, as a PULL socket would say it.
    GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
    READY = b"\x04\x19\x05READY\x0bSocket-Type\0\0\0\x04PULL"

    def read(self, peer, size):
        """So many bytes, or fewer when the other side ends the connection."""
        got = b""
        try:
            while len(got) < size and (chunk := peer.recv(size - len(got))):
                got += chunk
        except ConnectionResetError:
            pass
        return got

    def test_foreign_pull_peer_gets_nothing(self):
        url = self.mock("--ttft", "5ms", "--itl", "2ms")
        worker = self.start_worker()
        folder, command = self.command(url, "--streaming", "--isl", "10", "--osl", "20", "--concurrency", "4",
                                       "--request-count", "400", "--workers", worker.address)
        run = self.start("drumfire", *command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.folder)
        wait_for(lambda: (folder / "journal.dfj").exists() and (folder / "journal.dfj").stat().st_size > 4000, "records", run)
        port, = self.records_ports(worker)
        with socket.create_connection(("127.0.0.1", port), timeout=GUARD_S) as peer:
            peer.sendall(self.GREETING[:11])
            answer = self.read(peer, len(self.GREETING))
            peer.sendall(self.GREETING[11:] + self.READY)
            rest = self.read(peer, 1)
        # The worker says that it wants CURVE, and then only ends the connection.
        self.assertIn(b"CURVE", answer)
        self.assertEqual(rest, b"")
        out, err = run.communicate(timeout=GUARD_S)
        done = Run(run.returncode, out, err, folder)
        self.assertIn(done.code, (0, 3), err)
        self.assert_sums_close(done, 400)
        self.assertEqual(sum(1 for _ in done.records), 400)


class Secrets(Fleet):
    """One marker for each secret; none may be found in anything that a run leaves or shows."""

    def searched(self, process, worker, folder):
        """What is shown while the run goes."""
        wait_for(lambda: (folder / "journal.dfj").exists(), "the run", process)
        shown = b""
        for pid in (process.pid, worker.pid):
            shown += Path(f"/proc/{pid}/cmdline").read_bytes() + Path(f"/proc/{pid}/comm").read_bytes()
        return shown

    def assert_kept(self, secret, *arguments, environment=None):
        token_text = "tokenM4RK-of-the-fleet"
        token = ["--fleet-token-file", self.token(token_text)]
        worker = self.start_worker(*token)
        url = self.mock("--ttft", "5ms", "--itl", "2ms")
        folder, command = self.command(url, "--streaming", "--isl", "10", "--osl", "20", "--concurrency", "4",
                                       "--request-count", "200", "--workers", worker.address, *token, *arguments)
        process = self.start("drumfire", *command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.folder,
                             env={**os.environ, **(environment or {})})
        shown = self.searched(process, worker, folder)
        out, err = process.communicate(timeout=GUARD_S)
        self.assertIn(process.returncode, (0, 3), err)
        report = self.drumfire("report", folder)
        places = {"process list": shown, "output": (out + err + report.out + report.err).encode(),
                  "worker log": worker.log.read_bytes()}
        places.update({str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()})
        self.assertGreater(len(places), 6)
        for place, text in places.items():
            for marker in (secret, token_text):
                self.assertNotIn(marker.encode(), text, f"{marker} in {place}")

    def test_api_key(self):
        self.assert_kept("keyM4RK", "--api-key", "keyM4RK")
        self.assert_kept("keyM4RK", "--api-key=keyM4RK")

    def test_api_key_file(self):
        path = self.folder / "key"
        path.write_text("keyM4RK\n")
        self.assert_kept("keyM4RK", "--api-key-file", path)

    def test_api_key_env(self):
        self.assert_kept("keyM4RK", "--api-key-env", "OPENAI_API_KEY", environment={"OPENAI_API_KEY": "keyM4RK"})

    def test_secret_header(self):
        self.assert_kept("keyM4RK", "-H", "Authorization: Bearer keyM4RK")
        self.assert_kept("keyM4RK", "-HX-Api-Key:keyM4RK")

    def test_credentials_in_a_url_are_refused_without_being_shown(self):
        for url in ("http://user:keyM4RK@127.0.0.1:9", "http://user:a/keyM4RK@127.0.0.1:9", "keyM4RK@127.0.0.1:9"):
            run = self.profile(url, *SMALL_RUN)
            self.assert_one_line(run, "-u", "user name or password")
            self.assertNotIn("keyM4RK", run.out + run.err)
            self.assertFalse(run.folder.exists())

    def test_key_reaches_the_server_and_no_local_worker_inherits_it(self):
        """The key must be sent, or the tests above would prove nothing."""
        seen = []
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            folder, command = self.command(url, "--isl", "10", "--osl", "2", "--request-count", "1", "--local-workers", "1",
                                           "--api-key-env", "OPENAI_API_KEY")
            process = self.start("drumfire", *command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.folder,
                                 env={**os.environ, "OPENAI_API_KEY": "keyM4RK"})
            listener.settimeout(GUARD_S)
            while not any(b"keyM4RK" in request for request in seen):
                peer, _ = listener.accept()
                with peer:
                    peer.settimeout(GUARD_S)
                    seen.append(peer.recv(65536))
                    for pid in self.workers_of(process):
                        self.assertNotIn(b"keyM4RK", Path(f"/proc/{pid}/environ").read_bytes())
            process.terminate()
            process.communicate(timeout=GUARD_S)


if __name__ == "__main__":
    unittest.main()
