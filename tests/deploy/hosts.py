"""Several hosts on one: network namespaces on a bridge of their own, which nothing else can reach, found under their names.

Needs root, iproute2 and util-linux; MISSING says what is not there.
"""
import atexit
import os
import secrets
import shutil
import signal
import subprocess
import sys
from pathlib import Path

GUARD_S = 120
# A block that nobody routes.
SUBNET = "10.231.77"


def _missing():
    if os.geteuid() != 0:
        return "not root: no network namespaces"
    for program in ("ip", "unshare", "mount"):
        if shutil.which(program) is None:
            return f"no {program} here"
    tried = subprocess.run(["unshare", "--net", "--mount", "true"], capture_output=True, text=True)
    return None if tried.returncode == 0 else f"no network namespaces here: {tried.stderr.strip()}"


MISSING = _missing()


class Hosts:
    def __init__(self, names, folder):
        """folder: for the hosts file that all of them see."""
        self._prefix = f"drumfire-{secrets.token_hex(3)}-"
        self._hosts_file = Path(folder) / "hosts"
        self.addresses = {name: f"{SUBNET}.{10 + index}" for index, name in enumerate(names)}
        self._hosts_file.write_text("127.0.0.1 localhost\n" + "".join(
            f"{address} {name}\n" for name, address in self.addresses.items()))
        self._made = []
        # Whatever ends the test, an interrupt or a failure in the middle of this.
        atexit.register(self.close)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        self._build()

    def _ip(self, *arguments):
        subprocess.run(["ip", *arguments], check=True, capture_output=True, timeout=GUARD_S)

    def _namespace(self, name):
        self._ip("netns", "add", self._prefix + name)
        self._made.append(self._prefix + name)
        self._ip("-n", self._prefix + name, "link", "set", "lo", "up")
        return self._prefix + name

    def _build(self):
        switch = self._namespace("switch")
        self._ip("-n", switch, "link", "add", "bridge", "type", "bridge")
        self._ip("-n", switch, "link", "set", "bridge", "up")
        for name, address in self.addresses.items():
            host = self._namespace(name)
            self._ip("-n", switch, "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", host)
            self._ip("-n", switch, "link", "set", name, "master", "bridge", "up")
            self._ip("-n", host, "address", "add", f"{address}/24", "dev", "eth0")
            self._ip("-n", host, "link", "set", "eth0", "up")

    def close(self):
        """Also a second time. Processes on the hosts must be gone."""
        for namespace in self._made:
            subprocess.run(["ip", "netns", "delete", namespace], capture_output=True, timeout=GUARD_S)

    def on(self, host, *command):
        """The command as it runs on a host. It keeps its process id: each step replaces the one before."""
        bind = f'mount --bind {self._hosts_file} /etc/hosts && exec "$@"'
        return ["ip", "netns", "exec", self._prefix + host, "unshare", "--mount", "sh", "-c", bind, "sh", *map(str, command)]
