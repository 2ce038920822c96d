"""A share of the CPU for the processes of a test: a cgroup of its own, version 1 or 2. Needs root; unavailable() says what is missing."""
import os
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
PERIOD_US = 100000


def _parent():
    return ROOT / "cpu" if (ROOT / "cpu" / "cpu.cfs_quota_us").exists() else ROOT


def unavailable():
    """Why there can be no such group here; empty when there can."""
    parent = _parent()
    if parent == ROOT and "cpu" not in _read(ROOT / "cgroup.subtree_control").split():
        return "no cgroup with the cpu controller can be made here"
    if not os.access(parent, os.W_OK):
        return f"{parent} cannot be written"
    return ""


def _read(path):
    return path.read_text() if path.exists() else ""


class CpuGroup:
    """name: unique on this machine."""

    def __init__(self, name):
        self.folder = _parent() / name
        self.folder.mkdir()
        # Words before a program that is to start within the group.
        self.prefix = ["sh", "-c", f'echo $$ > {self.folder}/cgroup.procs && exec "$@"', "sh"]

    def limit(self, cores):
        quota_us = int(cores * PERIOD_US)
        if (self.folder / "cpu.max").exists():
            (self.folder / "cpu.max").write_text(f"{quota_us} {PERIOD_US}")
        else:
            (self.folder / "cpu.cfs_period_us").write_text(str(PERIOD_US))
            (self.folder / "cpu.cfs_quota_us").write_text(str(quota_us))

    def close(self):
        """Its processes, if any are left, go back to where all are."""
        for pid in _read(self.folder / "cgroup.procs").split():
            try:
                (self.folder.parent / "cgroup.procs").write_text(pid)
            except OSError:
                pass  # it ended meanwhile
        if self.folder.exists():
            self.folder.rmdir()


def sweep(pattern, is_left_over):
    """Removes empty groups by their names."""
    for folder in _parent().glob(pattern):
        if is_left_over(folder.name) and not _read(folder / "cgroup.procs"):
            folder.rmdir()
