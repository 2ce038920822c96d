"""CPU that programs other than the measured ones used, or that the hypervisor took."""
import contextlib
import os
import resource
import time

# Of a host: what its own housekeeping takes.
MOST_IDLE_CORES = 0.15
TICKS = os.sysconf("SC_CLK_TCK")


class Foreign:
    """Cores, as a mean over the measured time."""
    cores = 0.0


def host_seconds():
    """All that was used, steal included, in seconds of one core."""
    with open("/proc/stat", encoding="utf-8") as file:
        user, nice, system, _, _, irq, soft_irq, steal = map(int, file.readline().split()[1:9])
    return (user + nice + system + irq + soft_irq + steal) / TICKS


def process_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def own_seconds(pids):
    """Of the processes, of this one, and of its children that have ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(map(process_seconds, pids)) + sum(u.ru_utime + u.ru_stime for u in usages)


@contextlib.contextmanager
def measured(pids):
    """Measures the body of the with statement; the processes must live through it."""
    foreign = Foreign()
    before_s, own_s, start_s = host_seconds(), own_seconds(pids), time.monotonic()
    yield foreign
    used_s = host_seconds() - before_s - (own_seconds(pids) - own_s)
    foreign.cores = max(0.0, used_s) / (time.monotonic() - start_s)
