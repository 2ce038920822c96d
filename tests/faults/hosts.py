"""Hosts for tests: network namespaces on a bridge, with addresses of their own and links that can be cut, slowed and made lossy.

Nothing here touches the network of the machine: the bridge has a namespace of its own and no way out. All is undone on every exit
path: close() (tests register it as a cleanup), the end of the process, SIGTERM and SIGINT; what a killed process left is swept by
the next one. Needs root, iproute2 and nftables; unavailable() says what is missing.
"""
import atexit
import itertools
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import cpu_group

NAMESPACES = Path("/run/netns")
# drumfire-PID-START-..., where START is the process's start time: a number of its own even when the PID is used again.
OWNED = re.compile(r"drumfire-(\d+)-(\d+)-")
SUBNET = "10.231.8"
_numbers = itertools.count()


def run(*command, check=True, **options):
    """Runs a command to its end; an error names it and what it said."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.strip()}")
    return done.stdout


def start_time(pid):
    """When a process began, in clock ticks after boot; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def unavailable():
    """Why there can be no hosts here; empty when there can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    for program in ("ip", "nft", "tc", "nsenter"):
        if shutil.which(program) is None:
            return f"{program} is not installed (tools/setup/packages.sh test)"
    try:
        with Network(["probe"]) as network:
            network.hosts["probe"].filter("input", "ip saddr 192.0.2.1 drop")
    except RuntimeError as error:
        return f"network namespaces are not allowed here: {error}"
    return ""


def sweep():
    """Removes what processes that are gone have left."""
    for path in NAMESPACES.glob("drumfire-*"):
        if _is_left_over(path.name):
            _remove_namespace(path.name)
    cpu_group.sweep("drumfire-*", _is_left_over)
    for line in Path("/proc/mounts").read_text().splitlines():
        device, folder = line.split()[:2]
        if _is_left_over(device):
            run("umount", "--lazy", folder, check=False)


def _is_left_over(name):
    owner = OWNED.match(name)
    return owner is not None and start_time(owner[1]) != owner[2]


def _remove_namespace(name):
    for pid in run("ip", "netns", "pids", name, check=False).split():
        try:
            os.kill(int(pid), signal.SIGKILL)
        except ProcessLookupError:
            pass
    run("ip", "netns", "del", name, check=False)


class Host:
    """One host. prefix is what to put before a command so that it runs there."""

    def __init__(self, network, name, address):
        self.network, self.name, self.address = network, name, address
        self.namespace = f"{network.owner}-{name}"
        self.prefix = ["nsenter", f"--net={NAMESPACES / self.namespace}"]
        self.port = f"port-{name}"[:15]  # its plug at the switch
        run("ip", "netns", "add", self.namespace)
        run("ip", "-n", network.switch, "link", "add", self.port, "type", "veth", "peer", "name", "eth0", "netns", self.namespace)
        run("ip", "-n", network.switch, "link", "set", self.port, "master", "bridge", "up")
        run("ip", "-n", self.namespace, "link", "set", "lo", "up")
        run("ip", "-n", self.namespace, "address", "add", f"{address}/24", "dev", "eth0")
        run("ip", "-n", self.namespace, "link", "set", "eth0", "up")
        self._has_table = False

    def run(self, *command, **options):
        return run(*self.prefix, *command, **options)

    def cut(self):
        """Pulls the plug at the switch: nothing comes or goes, and no error says so."""
        run("ip", "-n", self.network.switch, "link", "set", self.port, "down")

    def plug_in(self):
        run("ip", "-n", self.network.switch, "link", "set", self.port, "up")

    def filter(self, hook, rule):
        """Adds an nft rule for what comes ("input") or goes ("output")."""
        if not self._has_table:
            chains = "".join(f"chain {name} {{ type filter hook {name} priority 0; }}; " for name in ("input", "output"))
            self.run("nft", f"table inet faults {{ {chains}}}")
            self._has_table = True
        self.run("nft", "add", "rule", "inet", "faults", hook, rule)

    def drop_from(self, other, match=""):
        """What the other host sends is lost before it arrives here. match: further words of the nft rule."""
        self.filter("input", f"ip saddr {other.address} {match} drop")

    def lose_from(self, other, percent, match=""):
        """So many percent of the packets from the other host are lost."""
        self.filter("input", f"ip saddr {other.address} {match} numgen random mod 100 < {percent} drop")

    def reset_from(self, other, match=""):
        """TCP connections from the other host are reset; it is told so. (A reset that others sent goes through.)"""
        self.filter("input", f"ip saddr {other.address} meta l4proto tcp {match} tcp flags & rst == 0 reject with tcp reset")

    def packets_counted(self):
        """Packets that rules with the word "counter" have met."""
        rules = self.run("nft", "list", "table", "inet", "faults")
        return sum(int(packets) for packets in re.findall(r"counter packets (\d+)", rules))

    def limit(self, rate):
        """Slows down all that goes out, for example to "1mbit"."""
        run("tc", "-n", self.namespace, "qdisc", "replace", "dev", "eth0", "root", "tbf", "rate", rate, "burst", "16kb",
            "latency", "200ms")

    def set_ports(self, first, last):
        """The local ports that connections of this host may have."""
        self.run("sh", "-c", f"echo {first} {last} > /proc/sys/net/ipv4/ip_local_port_range")

    def heal(self):
        """Takes all faults of the link away."""
        self.plug_in()
        run("tc", "-n", self.namespace, "qdisc", "del", "dev", "eth0", "root", check=False)
        if self._has_table:
            self.run("nft", "flush table inet faults")


class Network:
    """Hosts by name, all on one switch; 10.231.8.10 and up, in the order of the names."""

    def __init__(self, names):
        sweep()
        pid = os.getpid()
        self.owner = f"drumfire-{pid}-{start_time(pid)}-{next(_numbers)}"
        self.switch = f"{self.owner}-switch"
        self.hosts = {}
        self._mounts, self._cpu_groups = [], []
        # Registered as late as can be, so that it runs before the folders of the test are removed.
        atexit.register(self.close)
        try:
            run("ip", "netns", "add", self.switch)
            run("ip", "-n", self.switch, "link", "add", "bridge", "type", "bridge")
            run("ip", "-n", self.switch, "link", "set", "bridge", "up")
            for number, name in enumerate(names):
                self.hosts[name] = Host(self, name, f"{SUBNET}.{10 + number}")
        except RuntimeError:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def heal(self):
        for host in self.hosts.values():
            host.heal()

    def mount_small_disk(self, folder, size):
        """A file system of its own at a new folder, for example of "1m"."""
        folder.mkdir()
        run("mount", "-t", "tmpfs", "-o", f"size={size}", f"{self.owner}-disk", folder)
        self._mounts.append(folder)

    def cpu_group(self):
        group = cpu_group.CpuGroup(f"{self.owner}-cpu-{len(self._cpu_groups)}")
        self._cpu_groups.append(group)
        return group

    def close(self):
        """Ends what runs on the hosts and removes them. May be called again."""
        atexit.unregister(self.close)
        for path in NAMESPACES.glob(f"{self.owner}-*"):
            _remove_namespace(path.name)
        while self._cpu_groups:
            self._cpu_groups.pop().close()
        while self._mounts:
            run("umount", "--lazy", self._mounts.pop(), check=False)


def _end(signal_number, _):
    # unittest passes this one on at once; what is registered with atexit heals the rest.
    raise KeyboardInterrupt(signal.Signals(signal_number).name)


signal.signal(signal.SIGTERM, _end)
signal.signal(signal.SIGINT, _end)
