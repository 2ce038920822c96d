"""Does the batch script make a fleet of its nodes, give the verdict as its exit code, and leave nothing behind?

Three nodes and a target are network namespaces (hosts.py); srun is played by fake_srun.py. Slurm itself is not tried.
"""
import atexit
import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import hosts

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ["DRUMFIRE_BIN"])
SCRIPT = ROOT / "deploy/slurm/drumfire.sbatch"
NODES = ["node1", "node2", "node3"]
GUARD_S = 120


def wait_for(condition, what, process):
    deadline = time.monotonic() + GUARD_S
    while not condition():
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"{what}: the process ended with {process.poll()}")
        time.sleep(0.02)


@unittest.skipUnless(shutil.which("shellcheck"), "no shellcheck here")
class Shell(unittest.TestCase):
    def test_shellcheck_finds_nothing(self):
        done = subprocess.run(["shellcheck", SCRIPT], capture_output=True, text=True, timeout=GUARD_S)
        self.assertEqual((done.returncode, done.stdout), (0, ""))


@unittest.skipIf(hosts.MISSING, hosts.MISSING)
class Job(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.submitted_in = self.folder / "submitted-in"
        self.submitted_in.mkdir()
        self.hosts = hosts.Hosts([*NODES, "target"], self.folder)
        self.addCleanup(self.hosts.close)
        self.processes = []
        self.addCleanup(self.end_processes)
        atexit.register(self.end_processes)
        (self.folder / "bin").mkdir()
        (self.folder / "bin/srun").symlink_to(ROOT / "tests/deploy/fake_srun.py")
        self.start_mock()

    def end_processes(self):
        """With all that they started."""
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def start(self, host, *command, **options):
        process = subprocess.Popen(self.hosts.on(host, *command), text=True, start_new_session=True, **options)
        self.processes.append(process)
        return process

    def start_mock(self):
        port = self.folder / "port"
        mock = self.start("target", BIN / "drumfire-mock", "--host", "0.0.0.0", "--port", "8000", "--port-file", port,
                          "--ttft", "10ms", "--itl", "5ms", stdout=subprocess.DEVNULL)
        wait_for(port.exists, "the mock server", mock)

    def submit(self, *flags):
        """As `sbatch` would: the script on the first node, in the folder of submission."""
        environment = {
            **os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}", "DRUMFIRE_BIN": str(BIN), "SLURM_JOB_ID": "42",
            "SLURM_JOB_NODELIST": "node[1-3]",
            "DRUMFIRE_TEST_NODES": json.dumps({node: self.hosts.on(node) for node in NODES})}
        self.output = self.folder / "slurm-42.out"
        plan = self.submitted_in / "plan.args"
        plan.write_text("--model mock-model --url http://target:8000 --endpoint-type chat --streaming\n"
                        "--tokenizer builtin --isl 20 --osl 8\n")
        with open(self.output, "w") as output:
            return self.start("node1", "bash", SCRIPT, "@plan.args", "--artifact-dir", self.submitted_in / "results", *flags,
                              cwd=self.submitted_in, env=environment, stdout=output, stderr=subprocess.STDOUT)

    def summary(self):
        return json.loads((self.submitted_in / "results/profile_export_aiperf.json").read_text())["drumfire"]

    def assert_nothing_left(self):
        self.assertEqual({path.name for path in self.submitted_in.iterdir()} - {"results"}, {"plan.args"})
        for node in NODES:
            listening = subprocess.run(self.hosts.on(node, "cat", "/proc/net/tcp"), capture_output=True, text=True)
            states = [line.split()[3] for line in listening.stdout.splitlines()[1:]]
            self.assertNotIn("0A", states, f"somebody still listens on {node}")

    def test_three_nodes_give_one_report(self):
        job = self.submit("--request-count", "300", "--concurrency", "12")
        # A busy machine may measure badly (3); anything else is a fault.
        self.assertIn(job.wait(GUARD_S), (0, 3), self.output.read_text())
        summary = self.summary()
        self.assertEqual(summary["credits"]["completed"], 300)
        self.assertEqual([worker["address"] for worker in summary["workers"]], [f"{node}:7070" for node in NODES])
        self.assertTrue(all(worker["credits"]["completed"] > 0 for worker in summary["workers"]))
        self.assertIn(summary["verdict"]["status"], self.output.read_text())
        self.assert_nothing_left()

    def test_bad_input_is_the_jobs_exit_code(self):
        job = self.submit("--request-count", "none")
        self.assertEqual(job.wait(GUARD_S), 2, self.output.read_text())
        self.assert_nothing_left()

    def test_missed_goal_is_the_jobs_exit_code(self):
        job = self.submit("--request-count", "30", "--fail-if", "request_latency:p50>1")
        self.assertIn(job.wait(GUARD_S), (3, 4), self.output.read_text())
        self.assert_nothing_left()

    def test_time_that_is_up_still_gives_a_report(self):
        """Slurm tells the script (--signal=B:TERM@120) some time before it ends the job."""
        job = self.submit("--request-count", "100000", "--concurrency", "12")
        journal = self.submitted_in / "results/journal.dfj"
        wait_for(lambda: journal.exists() and journal.stat().st_size > 4000, "records", job)
        job.send_signal(signal.SIGTERM)
        self.assertIn(job.wait(GUARD_S), (0, 1, 3), self.output.read_text())
        self.assertGreater(self.summary()["credits"]["completed"], 0)
        self.assert_nothing_left()


if __name__ == "__main__":
    unittest.main()
