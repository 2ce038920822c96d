"""Does the progress line stay intact when other lines are logged, and are its numbers consistent?"""
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading
import unittest

from drumfire import GUARD_S, DrumfireTest, wait_for

LOG_LINE = re.compile(r"[IWEF]\d{8} ")
IN_FLIGHT = re.compile(r"in flight (\d+) of (\d+)")
ERASE = "\r\x1b[K"


class Terminal:
    """The far side of a terminal: what was written to it, byte by byte."""

    def __init__(self, columns):
        self.near, far = pty.openpty()
        fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.far = far
        self.written = b""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        while True:
            try:
                piece = os.read(self.near, 65536)
            except OSError:  # nobody has the far side any more
                return
            if not piece:
                return
            self.written += piece

    def close(self):
        os.close(self.far)
        self._reader.join(GUARD_S)
        os.close(self.near)
        return self.written.decode().replace("\r\n", "\n")


class Progress(DrumfireTest):
    def begin_on_fleet(self, stderr):
        self.workers = [self.start_worker(), self.start_worker()]
        return self.begin(stderr, "--elastic", "--workers", ",".join(worker.address for worker in self.workers))

    def begin(self, stderr, *arguments):
        url = self.mock("--ttft", "5ms", "--itl", "1ms")
        folder, command = self.command(
            url, "--streaming", "--isl", "10", "--osl", "10", "--lease", "2", "--on-worker-loss", "continue",
            "--concurrency", "6", "--request-count", "4000", *arguments)
        command[command.index("--ui") + 1] = "simple"
        process = self.start("drumfire", *command, stdout=subprocess.DEVNULL, stderr=stderr, cwd=self.folder)
        self.wait_for_records(folder, process)
        return folder, process

    def lose_one(self):
        """The loss and the return are both logged."""
        lost = self.workers[1]
        lost.send_signal(signal.SIGKILL)
        lost.wait(GUARD_S)
        self.start_worker(listen=lost.address)

    def run_on_terminal(self, columns):
        terminal = Terminal(columns)
        _, process = self.begin_on_fleet(terminal.far)
        self.lose_one()
        self.assertIn(process.wait(GUARD_S), (0, 3))
        return terminal.close()

    def check_terminal(self, columns):
        written = self.run_on_terminal(columns)
        logged = 0
        for line in written.split("\n"):
            seen = line.split(ERASE)[-1]  # what is left on the screen
            self.assertNotIn("\r", seen)
            if LOG_LINE.search(line):
                logged += 1
                self.assertRegex(seen, LOG_LINE.pattern + ".*worker")
                self.assertTrue(LOG_LINE.match(seen), line)
                self.assertNotIn("in flight", seen)
            elif seen.startswith("profiling"):
                self.assertLess(len(seen), columns, seen)
        self.assertGreaterEqual(logged, 2, written)
        # Behind each log line the progress line is drawn again at once.
        self.assertRegex(written, r"worker [^\n]* lost: [^\n]*\n(profiling|\r\x1b\[Kprofiling)")
        return written

    def test_log_lines_are_printed_above_the_progress_line(self):
        self.check_terminal(80)

    def test_requests_in_flight_never_exceed_the_slots(self):
        written = self.check_terminal(160)
        told = [(int(flying), int(slots)) for flying, slots in IN_FLIGHT.findall(written)]
        self.assertTrue(told, written)
        self.assertEqual([pair for pair in told if pair[0] > pair[1]], [])

    def test_a_pipe_gets_whole_lines_without_cursor_codes(self):
        _, process = self.begin_on_fleet(subprocess.PIPE)
        self.lose_one()
        written = process.communicate(timeout=GUARD_S)[1]
        self.assertNotIn("\x1b", written)
        self.assertNotIn("\r", written)
        self.assertRegex(written, r"(?m)^W\d{8} .* worker .* lost: ")
        self.assertRegex(written, r"(?m)^profiling ")

    def test_a_reader_that_stands_still_holds_up_no_run(self):
        url = self.mock("--ttft", "1ms", "--itl", "1ms")
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        os.set_blocking(write, False)
        with self.assertRaises(BlockingIOError):
            while True:
                os.write(write, b"x" * 4096)
        os.set_blocking(write, True)
        folder, command = self.command(url, "--isl", "5", "--osl", "2", "--request-count", "50", "--concurrency", "2")
        command.remove("--ui")
        command.remove("none")
        run = self.start("drumfire", *command, stdout=subprocess.DEVNULL, stderr=write)
        os.close(write)
        self.assertIn(run.wait(GUARD_S), (0, 3))
        self.assertTrue((folder / "profile_export_aiperf.json").exists())

    def test_local_workers_lines_are_printed_above_the_progress_line(self):
        terminal = Terminal(80)
        _, process = self.begin(terminal.far, "--local-workers", "3")
        stopped = self.workers_of(process)[0]
        os.kill(stopped, signal.SIGSTOP)
        wait_for(lambda: b"] worker unix:" in terminal.written, "the loss", process)
        os.kill(stopped, signal.SIGCONT)  # it says why it ends
        self.assertIn(process.wait(GUARD_S), (0, 3))
        self.assertRegex(terminal.close(), re.escape(ERASE) + r"W[^\n\r]*\] run ended: [^\n\r]*\n")


if __name__ == "__main__":
    unittest.main()
