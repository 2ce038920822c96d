"""Does every record arrive once, or is known not to have, whatever happens to its link, its reader or the disk?"""
import os
import subprocess
import sys
import time
from pathlib import Path

from fleet import FAST, LEASE_S, FaultTest, main, wait_for

STEADY = ["--request-rate", "200", "--arrival-pattern", "constant"]
COUNT = 600
NO_END = 100000


class RecordsTest(FaultTest):
    WORKERS = 1

    def assert_all_came(self, run, count):
        """Every request was answered and its record is here, once."""
        self.assert_ended_well(run)
        self.assertEqual(self.assert_sums_close(run, count)["completed"], count)
        self.assertEqual(run.summary["drumfire"]["records"], {"made": count, "received": count, "dropped": 0, "missing": 0})
        arrivals = self.arrivals()
        self.assert_each_once(run, arrivals)
        self.assertEqual(len(run.records), len(arrivals))

    def records_match(self):
        """An nft match of what the worker sends on its records link."""
        port, = self.records_ports(self.workers[0])
        return f"tcp sport {port}"


class Row13BadRecordLink(RecordsTest):
    """the records' link loses packets, is cut for a while, breaks, and flips bits"""

    def disturb(self, rule, packets):
        """A run during which the rule was met by so many packets of the records' link, and then no more."""
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(NO_END, *STEADY, entries=1000))
        self.coordinator.filter("input", f"ip saddr {self.worker_hosts[0].address} {self.records_match()} {rule}")
        wait_for(lambda: self.coordinator.packets_counted() >= packets, "disturbed packets", process)
        self.network.heal()
        self.assert_undisturbed(folder, process)

    def test_lossy(self):
        self.disturb("numgen random mod 100 < 50 counter drop", packets=5)

    def test_broken(self):
        self.disturb("tcp flags & rst == 0 counter reject with tcp reset", packets=3)

    def test_damaged(self):
        # A byte amid the payload; nobody checks TCP's sum on these links, so only the records' own checks are left.
        self.disturb("meta length > 100 counter @th,512,8 set 0x55", packets=1)

    def test_dead_without_a_word_is_made_again(self):
        """No packet of the link's connection gets through any more, either way; a new connection would."""
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(COUNT, *STEADY))
        port, = self.records_ports(self.workers[0])
        ours = self.link_port(port)
        self.coordinator.filter("input", f"{self.records_match()} tcp dport {ours} drop")
        self.coordinator.filter("output", f"tcp dport {port} tcp sport {ours} drop")
        run = self.finish(folder, process)
        self.assert_all_came(run, COUNT)

    def link_port(self, port):
        """The coordinator's own port of its connection to a worker's records port."""
        found = self.coordinator.run("ss", "-Htn", "state", "established", "dport", "=", f":{port}")
        return found.split()[2].rpartition(":")[2]

    def test_cut_for_less_than_the_lease(self):
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(COUNT, *STEADY))
        self.coordinator.cut()
        time.sleep(1)  # the fault itself
        self.coordinator.plug_in()
        run = self.finish(folder, process)
        self.assert_all_came(run, COUNT)


class Row14StalledRecordConsumer(RecordsTest):
    """nobody takes the records while control goes on; the worker's buffer is small"""

    BUFFER_BYTES = 65536  # the smallest
    COUNT = 1000

    def stall(self):
        """A run whose records stop to arrive; every request of it reached the server nevertheless."""
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(self.COUNT, *STEADY, "--record-buffer", self.BUFFER_BYTES))
        self.coordinator.drop_from(self.worker_hosts[0], self.records_match())
        # The load goes on, and to its end, while no record leaves.
        wait_for(lambda: self.truth_log.read_text().count("\n") == self.COUNT, "all requests", process)
        return folder, process

    def assert_drops_are_counted(self, run):
        told = run.summary["drumfire"]
        self.assertEqual(self.assert_sums_close(run, self.COUNT)["completed"], self.COUNT)
        self.assertEqual(told["records"]["made"], self.COUNT)
        self.assertGreater(told["records"]["dropped"], 0)
        self.assertEqual(self.reasons(run)["records_dropped"]["figure"], told["records"]["dropped"])
        self.assertEqual(told["records"]["received"], len(run.records))
        self.assert_each_once(run, self.arrivals())
        return told["records"]

    def test_drops_are_counted_and_the_rest_comes(self):
        folder, process = self.stall()
        self.network.heal()
        run = self.finish(folder, process)
        self.assert_ended_well(run)
        records = self.assert_drops_are_counted(run)
        self.assertEqual(records["missing"], 0)
        self.assertNotIn("open_sums", self.reasons(run))

    def test_what_never_comes_is_missed(self):
        folder, process = self.stall()
        run = self.finish(folder, process)
        self.assertEqual(run.code, 3, run.err)
        records = self.assert_drops_are_counted(run)
        self.assertGreater(records["missing"], 0)
        # What was kept fits into the buffer; a record with ten chunks has more than 64 bytes.
        self.assertLessEqual(64 * records["missing"], self.BUFFER_BYTES)
        self.assertEqual(records["received"] + records["dropped"] + records["missing"], self.COUNT)
        self.assertIn("open_sums", self.reasons(run))
        self.network.heal()
        self.assert_serves()


class Row21BadMessages(RecordsTest):
    """garbage, oversized frames and a wrong key at the worker's control and records ports, in the middle of a run"""

    ENDLESS = b"\xff" * (1 << 20)
    MESSAGES = {
        "nothing": b"",
        "garbage": bytes(range(256)) * 64,
        "endless": ENDLESS,
        "http": b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 506,
        # HTTP/2's preface and settings, then a frame that says it has 16 MB, and one of an unknown stream.
        "http2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\x04\0\0\0\0\0" + b"\xff\xff\xff\0\0\0\0\0\x01" + ENDLESS,
        # ZMTP 3.0 with a mechanism that the worker does not know, then a frame of 2^63 bytes.
        "zmtp": b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32) + b"\x02" + b"\x7f" + b"\xff" * 7,
        "zmtp curve": b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"CURVE".ljust(20, b"\0") + bytes(32) + b"\x04\xc8\x05HELLO" + b"\x07" * 194,
    }
    def test_no_message_disturbs_the_run(self):
        url = self.serve(*FAST)
        self.start_workers()
        before = self.descriptors(self.workers[0])
        folder, process = self.begin(url, *self.load(NO_END, *STEADY, entries=1000))
        records_port, = self.records_ports(self.workers[0])
        # From the target's host, which is no part of the fleet.
        for port in (7000, records_port):
            for name, message in self.MESSAGES.items():
                path = self.folder / name
                path.write_bytes(message)
                self.target.run(sys.executable, Path(__file__).with_name("send_bytes.py"), self.worker_hosts[0].address, port, path)
        self.assert_undisturbed(folder, process)
        self.assertIsNone(self.workers[0].poll())
        self.assertLessEqual(len(self.workers[0].log.read_text().splitlines()), 2 * len(self.MESSAGES))
        self.assert_serves()
        self.assert_descriptors_return_to(before, self.workers[0])

    def test_wrong_key_gets_no_record(self):
        python = next((p for p in (sys.executable, "/usr/bin/python3")
                       if subprocess.run([p, "-c", "import zmq"], capture_output=True).returncode == 0), None)
        if python is None:
            self.skipTest("python3-zmq is not installed (tools/setup/packages.sh test)")
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(NO_END, *STEADY, entries=1000))
        port, = self.records_ports(self.workers[0])
        rogue = self.target.run(python, Path(__file__).with_name("rogue_pull.py"),
                                f"tcp://{self.worker_hosts[0].address}:{port}", "1")
        self.assertEqual(rogue.strip(), "nothing")
        self.assert_undisturbed(folder, process)  # there was something to get all the time


class Row22FullDisk(RecordsTest):
    """the disk of the results fills up in the middle of a run"""

    def run_on_a_full_disk(self, free_again):
        disk = self.folder / "disk"
        self.network.mount_small_disk(disk, "1m")
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin(url, *self.load(COUNT, *STEADY), folder=disk / "run")
        ballast = disk / "ballast"
        with open(ballast, "wb", buffering=0) as file:
            try:
                while file.write(b"\0" * 4096):
                    pass
            except OSError:
                pass
        # The load goes on while nothing can be written.
        wait_for(lambda: self.truth_log.read_text().count("\n") == COUNT, "all requests", process)
        if free_again:
            ballast.unlink()
        return self.finish(folder, process)

    def assert_told(self, run):
        self.assertIn("the journal is incomplete", run.text)
        self.assertIn("No space left on device", run.text)

    def test_load_goes_on_and_the_result_says_so(self):
        run = self.run_on_a_full_disk(free_again=True)
        self.assert_told(run)
        self.assertIn("incomplete_journal", [reason["check"] for reason in run.verdict["reasons"]])
        self.assert_ended_well(run)
        self.assertEqual(self.assert_sums_close(run, COUNT)["completed"], COUNT)
        self.assertEqual(run.summary["drumfire"]["records"]["received"], COUNT)
        self.assertEqual(run.summary["request_count"]["avg"], COUNT)
        # Single records are exported from the journal: those of its whole batches. A report made of it says that it is not all.
        kept = len(run.records)
        self.assertLess(kept, COUNT)
        self.assert_each_once(run, self.arrivals())
        report = self.drumfire("report", run.folder, folder=run.folder)
        self.assertEqual(report.code, 1, report.err)
        self.assertFalse(report.summary["is_complete"])
        self.assertEqual(report.summary["request_count"]["avg"], kept)

    def test_disk_that_stays_full_leaves_no_half_files(self):
        run = self.run_on_a_full_disk(free_again=False)
        self.assertEqual(run.code, 1, run.err)
        self.assert_told(run)
        self.assertIn("cannot write", run.err)
        self.assertEqual({path.name for path in run.folder.iterdir()}, {"run.json", "journal.dfj"})


class Row22SlowDisk(RecordsTest):
    """the disk of the results stands still for longer than a lease, at the start and in the middle of a run"""

    WORKERS = 2
    lease_s = LEASE_S
    STANDS_S = 3 * LEASE_S

    def setUp(self):
        super().setUp()
        self.flag = self.folder / "disk-stands"
        library = Path(os.environ["DRUMFIRE_BIN"]) / "libstanding_disk.so"
        self.on_slow_disk = [*self.coordinator.prefix, "env", f"LD_PRELOAD={library}", f"STANDING_DISK_FLAG={self.flag}",
                             f"STANDING_DISK_FOLDER={self.folder / 'run'}"]

    def stand(self):
        time.sleep(self.STANDS_S)  # the fault itself
        self.flag.unlink()

    def assert_whole(self, run):
        self.assert_all_came(run, COUNT)
        self.assertNotIn("early_end", run.summary["drumfire"])

    def test_at_the_start(self):
        url = self.serve(*FAST)
        self.start_workers()
        self.flag.touch()
        folder, process = self.start_run(url, *self.load(COUNT, *STEADY), folder=self.folder / "run", prefix=self.on_slow_disk)
        wait_for(lambda: (folder / "journal.dfj").exists(), "the journal", process)
        self.stand()
        self.assert_whole(self.finish(folder, process))

    def test_while_the_load_goes_on(self):
        url = self.serve(*FAST)
        self.start_workers()
        folder, process = self.begin_run(url, *self.load(COUNT, *STEADY), folder=self.folder / "run", prefix=self.on_slow_disk)
        self.flag.touch()
        size_bytes = (folder / "journal.dfj").stat().st_size
        self.stand()
        self.assertGreater(size_bytes, 0)
        # The load went on meanwhile, to its end.
        self.assertEqual(self.truth_log.read_text().count("\n"), COUNT)
        self.assert_whole(self.finish(folder, process))


if __name__ == "__main__":
    main()
