"""Is the fleet of deploy/kubernetes/overlays/demo one: three workers, a target and a coordinator, from their YAML to a report?

The rendered objects run under podman (pods.py, podman.py), with certificates on both sides, as non-root users on read-only
roots. What only a cluster does is not tried here: network policies, scheduling, probes that fire by themselves.
"""
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import kubernetes
import podman
from pods import beside, pods

API_KEY = "keyM4RK-of-the-demo"
WORKERS = [f"worker-{index}" for index in range(3)]
NAMES = ",".join(f"{name}.workers" for name in WORKERS)
MISSING = kubernetes.MISSING or podman.MISSING


@unittest.skipIf(MISSING, MISSING)
class Fleet(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.corner = podman.Corner(self.folder)
        self.addCleanup(self.leaves_nothing)
        self.make_secrets()
        objects = kubernetes.render("overlays/demo")
        self.pods = pods(objects, podman.IMAGE, self.corner.prefix)
        self.beside = beside(objects, self.corner.prefix)

    def leaves_nothing(self):
        self.corner.close()
        self.assertEqual(self.corner.left(), [])

    def certificates(self):
        """With the image's own program, as a user would make them."""
        (self.folder / "certs").mkdir(mode=0o777)
        (self.folder / "certs").chmod(0o777)
        podman.podman("run", "--rm", "--network", "none", "--volume", f"{self.folder}/certs:/results", podman.IMAGE,
                      "fleet", "certs", "made", "--hosts", NAMES)
        return self.folder / "certs/made"

    def make_secrets(self):
        certs = self.certificates()
        for who in ("worker", "coordinator"):
            self.secret(f"{who}-tls", **{"tls.crt": certs / f"{who}.pem", "tls.key": certs / f"{who}-key.pem",
                                         "ca.crt": certs / "ca.pem"})
        key = self.folder / "key"
        key.write_text(API_KEY + "\n")
        self.secret("api-key", **{"api-key": key})

    def secret(self, name, **files):
        made = subprocess.run(
            [kubernetes.TOOLS / "kubectl", "create", "secret", "generic", name, "--dry-run=client", "--output=json",
             *(f"--from-file={key}={path}" for key, path in files.items())], capture_output=True, text=True, check=True)
        self.corner.secret(json.loads(made.stdout))

    def play(self, name):
        pod, aliases = self.pods[name]
        self.corner.play(pod, aliases, self.beside)

    def logs(self, pod, container):
        done = podman.podman("logs", self.corner.container(pod, container))
        return done.stdout + done.stderr

    def test_three_workers_give_one_report(self):
        for name in [*WORKERS, "mock", "coordinator"]:
            self.play(name)
        for name in WORKERS:
            podman.wait_for(lambda name=name: self.corner.healthy(name, "worker"), f"{name} is healthy")
        code = self.corner.exit_code("coordinator", "coordinator")
        said = self.logs("coordinator", "coordinator")
        # A busy machine may measure badly (3); anything else is a fault.
        self.assertIn(code, (0, 3), said)
        self.check_results(said)
        self.check_stop()

    def check_results(self, said):
        run, = self.corner.volume("results").iterdir()
        self.assertEqual(run.name, self.corner.prefix + "coordinator")
        summary = json.loads((run / "profile_export_aiperf.json").read_text())["drumfire"]
        self.assertEqual(summary["credits"]["completed"], 600, summary["credits"])
        self.assertEqual(summary["credits"]["lost"], 0)
        self.assertEqual([worker["address"] for worker in summary["workers"]], [f"{name}.workers:7070" for name in WORKERS])
        for worker in summary["workers"]:
            self.assertGreater(worker["credits"]["completed"], 0, worker)
            # The limits of the YAML are the container's.
            self.assertEqual(worker["health"]["cores_allowed"], 1, worker)
        for path in run.rglob("*"):
            self.assertNotIn(API_KEY.encode(), path.read_bytes(), path)
        self.assertNotIn(API_KEY, said)

    def check_stop(self):
        """SIGTERM reaches process 1 and is heeded; a pod that had to be killed would end with 137."""
        for name in WORKERS:
            podman.podman("stop", "--time", 60, self.corner.container(name, "worker"))
            self.assertEqual(self.corner.exit_code(name, "worker"), 0, self.logs(name, "worker"))


if __name__ == "__main__":
    unittest.main()
