"""Does systemd understand the worker's unit, is it closed, and does the command in it start a worker?"""
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ["DRUMFIRE_BIN"])
UNIT = ROOT / "deploy/systemd/drumfire-worker.service"
SYSCTL = ROOT / "deploy/systemd/60-drumfire.conf"
GUARD_S = 120
# systemd's own scale: 0 = closed, 10 = open; a unit without any hardening has 9.6.
MOST_EXPOSED = 2.0


def run(*command):
    return subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=GUARD_S)


class Unit(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def installed(self, change=lambda text: text):
        """The unit with our programs in place of installed ones."""
        path = self.folder / UNIT.name
        path.write_text(change(UNIT.read_text().replace("/usr/local/bin", str(BIN))))
        return path

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze here")
    def test_systemd_understands_it(self):
        verified = run("systemd-analyze", "verify", "--man=no", self.installed())
        self.assertEqual((verified.returncode, verified.stderr), (0, ""))
        wrong = run("systemd-analyze", "verify", "--man=no",
                    self.installed(lambda text: text.replace("ProtectHome=yes", "ProtectHomes=yes")))
        self.assertIn("ProtectHomes", wrong.stderr)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze here")
    def test_it_is_closed(self):
        def exposure(unit):
            said = run("systemd-analyze", "security", "--offline=true", "--no-pager", unit).stdout
            return float(re.search(r"Overall exposure level for \S+: ([\d.]+)", said).group(1))
        self.assertLessEqual(exposure(self.installed()), MOST_EXPOSED)
        opened = self.installed(lambda text: "".join(
            line for line in text.splitlines(keepends=True) if not re.match("Protect|Private|Restrict|SystemCall|Cap|NoNew", line)))
        self.assertGreater(exposure(opened), MOST_EXPOSED)

    def command(self, **settings):
        """ExecStart as systemd would split it."""
        text = UNIT.read_text()
        variables = dict(re.findall(r"^Environment=(\w+)=(.*)$", text, re.M)) | settings
        words = re.search(r"^ExecStart=(.*)$", text, re.M).group(1).replace("/usr/local/bin", str(BIN)).split()
        command = []
        for word in words:
            if re.fullmatch(r"\$\w+", word):
                command += variables[word[1:]].split()
            else:
                command.append(re.sub(r"\$\{(\w+)\}", lambda match: variables[match.group(1)], word))
        return command

    def shell(self, name, **settings):
        """Runs what the unit's line `name` gives to the shell, with our /etc."""
        script = re.search(rf"^{name}=\+/bin/sh -c '(.*)'$", UNIT.read_text(), re.M).group(1)
        for variable, value in settings.items():
            script = re.sub(rf"\$(\{{{variable}\}}|{variable}\b)", str(value), script)
        done = run("sh", "-c", script.replace("/etc/drumfire", str(self.folder / "etc")))
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def deploy(self):
        """A fleet's new certificates under the unit's names."""
        with tempfile.TemporaryDirectory() as made:
            certs = run(BIN / "drumfire", "fleet", "certs", made, "--hosts", "127.0.0.1")
            self.assertEqual(certs.returncode, 0, certs.stderr)
            (self.folder / "etc").mkdir(exist_ok=True)
            for name, source in (("tls.crt", "worker.pem"), ("tls.key", "worker-key.pem"), ("ca.crt", "ca.pem")):
                shutil.copy(Path(made) / source, self.folder / "etc" / name)

    def test_its_command_starts_a_worker_and_reloads_it(self):
        self.deploy()
        copies = self.folder / "run"
        copies.mkdir(mode=0o700)
        self.shell("ExecStartPre", RUNTIME_DIRECTORY=copies)
        self.assertEqual({path.name: path.stat().st_mode & 0o777 for path in copies.iterdir()},
                         {"tls.crt": 0o400, "tls.key": 0o400, "ca.crt": 0o400})
        command = self.command(DRUMFIRE_LISTEN="127.0.0.1:0", DRUMFIRE_RECORDS="tcp://127.0.0.1:*",
                               DRUMFIRE_HEALTH=f"unix:{self.folder}/health", RUNTIME_DIRECTORY=str(copies))
        worker = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            self.assertIn("listening on 127.0.0.1:0 (port ", worker.stdout.readline())
            self.assertIn("health on ", worker.stdout.readline())
            asked = run(BIN / "drumfire-worker", "health", f"unix:{self.folder}/health")
            self.assertEqual(asked.returncode, 0, asked.stderr)
            self.deploy()
            self.shell("ExecReload", RUNTIME_DIRECTORY=copies, MAINPID=worker.pid)
            self.assertIn("credentials reloaded", worker.stderr.readline())
            self.assertEqual((copies / "tls.crt").read_bytes(), (self.folder / "etc/tls.crt").read_bytes())
        finally:
            worker.terminate()
            self.assertEqual(worker.wait(GUARD_S), 0)
            worker.stdout.close()
            worker.stderr.close()


class Sysctl(unittest.TestCase):
    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("sysctl") and shutil.which("unshare"),
                         "not root, or no sysctl and unshare here")
    def test_every_setting_is_one(self):
        """In a network of its own, so that the host keeps its settings."""
        done = run("unshare", "--net", "sysctl", "--load", SYSCTL)
        self.assertEqual(done.returncode, 0, done.stderr)
        wanted = re.findall(r"^(net\S+)", SYSCTL.read_text(), re.M)
        self.assertEqual(re.findall(r"^(\S+) =", done.stdout, re.M)[:len(wanted)], wanted)

    def test_every_setting_has_its_reason(self):
        blocks = SYSCTL.read_text().strip().split("\n\n")[1:]
        self.assertEqual(len(blocks), 4)
        for block in blocks:
            *reason, setting = block.splitlines()
            self.assertRegex(setting, r"^-?[a-z_.4]+ = [\d -]+$")
            self.assertTrue(reason and all(line.startswith("# ") for line in reason), block)


if __name__ == "__main__":
    unittest.main()
