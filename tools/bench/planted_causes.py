"""Causes of bad figures, planted on purpose. Each is a context manager that takes the Stage.

A cause yields what must be named: (check, fault, words in the text), of which one reason must have
all. Only processes and groups made here are touched.
"""
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time

CPU_GROUPS = ("/sys/fs/cgroup/cpu", "/sys/fs/cgroup")


class Unavailable(Exception):
    """This host cannot do it."""


@contextlib.contextmanager
def hog(stage):
    """Three busy programs on the worker's core."""
    core = max(os.sched_getaffinity(0))
    for thread in os.listdir(f"/proc/{stage.worker.pid}/task"):
        os.sched_setaffinity(int(thread), {core})
    # The kernel favours programs that sleep, so equals would hardly delay the worker.
    preferred = ["nice", "-n", "-15"] if os.geteuid() == 0 else []
    hogs = [subprocess.Popen([*preferred, "taskset", "-c", str(core), sys.executable, "-c", "while True: pass"])
            for _ in range(3)]
    try:
        yield (None, "client", "other processes used")
    finally:
        for process in hogs:
            process.kill()
            process.wait()


@contextlib.contextmanager
def stops(stage):
    """The worker stands still for 60 ms, three times a second (case X1)."""
    done = threading.Event()

    def stop_and_go():
        while not done.wait(0.3):
            stage.worker.send_signal(signal.SIGSTOP)
            time.sleep(0.06)
            stage.worker.send_signal(signal.SIGCONT)
    thread = threading.Thread(target=stop_and_go)
    thread.start()
    try:
        yield ("own_coalesced_chunk_share", "client", "")
    finally:
        done.set()
        thread.join()


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


@contextlib.contextmanager
def throttle(stage):
    """A CPU quota of 3 % of a core."""
    if not any(os.access(group, os.W_OK) for group in CPU_GROUPS):
        raise Unavailable("no control group can be written to")
    root = next((group for group in CPU_GROUPS if os.access(group, os.W_OK)), None)
    folder = f"{root}/drumfire-verdicts-{os.getpid()}"
    try:
        os.mkdir(folder)
    except OSError as error:
        raise Unavailable(f"no control group can be made: {error}") from error
    try:
        if os.path.exists(folder + "/cpu.max"):
            write(folder + "/cpu.max", "3000 100000")
        else:
            write(folder + "/cpu.cfs_quota_us", "3000")
        stage.restart_worker(folder + "/cgroup.procs")
        yield ("throttled_share", "client", "CPU quota")
    except OSError as error:
        raise Unavailable(f"no CPU quota can be set: {error}") from error
    finally:
        stage.stop_worker()
        with contextlib.suppress(OSError):
            os.rmdir(folder)


@contextlib.contextmanager
def slow_proxy(stage):
    """A proxy that hands on what came every 100 ms."""
    listener = socket.create_server(("127.0.0.1", 0))
    stage.port = listener.getsockname()[1]

    def pump(source, sink, pause_s):
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                sink.sendall(data)
                time.sleep(pause_s)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def serve():
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.create_connection(("127.0.0.1", stage.mock_port))
                for pair in ((client, server, 0), (server, client, 0.1)):
                    threading.Thread(target=pump, args=pair, daemon=True).start()
    threading.Thread(target=serve, daemon=True).start()
    try:
        yield ("coalesced_chunk_share", "server_or_path", "on the path")
    finally:
        listener.close()


@contextlib.contextmanager
def drops(stage):
    """The path loses 3 % of the segments: worker, mock and coordinator move into a network of their own."""
    name = f"drumfire-verdicts-{os.getpid()}"
    rule = "add table ip loss; add chain ip loss input { type filter hook input priority 0; }; " \
           "add rule ip loss input tcp sport %d numgen random mod 100 < 3 drop"
    if subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False).returncode:
        raise Unavailable("no network namespace can be made")
    stage.prefix = ["ip", "netns", "exec", name]
    try:
        subprocess.run([*stage.prefix, "ip", "link", "set", "lo", "up"], check=True)
        stage.start_mock(50)
        stage.restart_worker()
        rules = rule % stage.mock_port
        done = subprocess.run([*stage.prefix, "nft", rules], capture_output=True, text=True, check=False)
        if done.returncode:
            raise Unavailable(f"nft: {done.stderr.strip()}")
        yield ("segment_loss_share", "network", "lost or reordered segments")
    finally:
        stage.prefix = []
        stage.stop_worker()
        subprocess.run(["ip", "netns", "del", name], check=False)


@contextlib.contextmanager
def nagle(stage):
    """The server leaves Nagle's algorithm on."""
    # The first event must come while the acknowledgement of the head is still held back.
    stage.start_mock(19, ["--nagle"])
    yield ("delayed_ack_share", "server", "Nagle")


CAUSES = {"hog": hog, "stops": stops, "throttle": throttle, "slow_proxy": slow_proxy,
          "drops": drops, "nagle": nagle}
