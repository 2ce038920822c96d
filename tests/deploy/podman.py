"""A run's own corner of podman: everything in it has the run's prefix, and all of it is gone at the end.

MISSING says what is not there; tools/setup/container.sh installs it. DRUMFIRE_IMAGE names the image to run.
"""
import atexit
import base64
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from kubernetes import ROOT
from pods import documents

IMAGE = os.environ.get("DRUMFIRE_IMAGE", "localhost/drumfire:dev")
SETTINGS = ROOT / "build/container/containers.conf"
ENVIRONMENT = {**os.environ, **({"CONTAINERS_CONF": str(SETTINGS)} if SETTINGS.exists() else {})}
GUARD_S = 180


def podman(*arguments, check=True, text=None):
    done = subprocess.run(["podman", *map(str, arguments)], input=text, capture_output=True, text=True, env=ENVIRONMENT,
                          timeout=GUARD_S)
    if check and done.returncode != 0:
        raise AssertionError(f"podman {' '.join(map(str, arguments))}: {done.stderr}")
    return done


def _missing():
    if shutil.which("podman") is None:
        return "no podman here: run tools/setup/container.sh"
    if podman("image", "exists", IMAGE, check=False).returncode != 0:
        return f"no image {IMAGE}: build it (docs/deploy-container.md)"
    return None


MISSING = _missing()


def wait_for(condition, what):
    """Polls until condition() is truthy."""
    deadline = time.monotonic() + GUARD_S
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {GUARD_S} s")
        time.sleep(0.1)
    return value


class Corner:
    def __init__(self, folder):
        self.prefix = f"drumfire-test-{secrets.token_hex(4)}-"
        self.network = self.prefix + "fleet"
        self._folder = Path(folder)
        self._pods, self._secrets, self._claims = [], [], []
        # An interrupted test ends here, too.
        atexit.register(self.close)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        # Internal: nothing that runs here can reach beyond the host.
        podman("network", "create", "--internal", self.network)

    def close(self):
        """Also a second time."""
        for pod in self._pods:
            podman("pod", "rm", "--force", "--time", 0, pod, check=False)
        # podman makes one for each claim, config map and secret.
        for volume in podman("volume", "ls", "--quiet").stdout.split():
            if volume.startswith(self.prefix):
                podman("volume", "rm", "--force", volume, check=False)
        for secret in self._secrets:
            podman("secret", "rm", secret, check=False)
        podman("network", "rm", "--force", self.network, check=False)

    def left(self):
        """What still carries the prefix anywhere in podman."""
        listings = [("pod", "ls"), ("ps", "--all"), ("volume", "ls"), ("secret", "ls"), ("network", "ls")]
        return [line for listing in listings for line in podman(*listing).stdout.splitlines() if self.prefix in line]

    def secret(self, manifest):
        """manifest: a Secret as kubectl makes it. podman 4.3 takes its values as they are, not in base64."""
        name = self.prefix + manifest["metadata"]["name"]
        plain = {key: base64.b64decode(value).decode() for key, value in manifest["data"].items()}
        self._secrets.append(name)
        podman("secret", "create", name, "-", text=documents([{**manifest, "data": plain}]))

    def play(self, pod, aliases, beside=()):
        """Starts a pod with the objects that it refers to."""
        name = pod["metadata"]["name"]
        path = self._folder / f"{name}.yaml"
        # A claim cannot be made twice.
        new = [each for each in beside if each["metadata"]["name"] not in self._claims]
        path.write_text(documents([*new, pod]))
        self._pods.append(name)
        self._claims += [each["metadata"]["name"] for each in new if each["kind"] == "PersistentVolumeClaim"]
        options = ",".join(f"alias={each}" for each in aliases)
        podman("play", "kube", "--network", f"{self.network}:{options}" if options else self.network, path)

    def container(self, pod, container):
        return f"{self.prefix}{pod}-{container}"

    def exit_code(self, pod, container):
        """Waits for its end."""
        return int(podman("wait", self.container(pod, container)).stdout)

    def healthy(self, pod, container):
        """Runs the liveness probe, which podman runs by itself only where systemd is."""
        return podman("healthcheck", "run", self.container(pod, container), check=False).returncode == 0

    def volume(self, claim):
        return Path(podman("volume", "inspect", "--format", "{{.Mountpoint}}", self.prefix + claim).stdout.strip())
