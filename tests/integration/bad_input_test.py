"""Is every mistake reported in one line with exit code 2, before anything starts or is written?"""
import socket
import unittest

from drumfire import DrumfireTest


class BadInput(DrumfireTest):
    def refused(self, *arguments, url="http://127.0.0.1:9", words=()):
        folder, command = self.command(url, *arguments)
        if "--tokenizer" in arguments:
            at = command.index("--tokenizer")
            del command[at:at + 2]
        run = self.drumfire(*command, folder=folder)
        self.assert_one_line(run, *words)
        self.assertFalse(run.folder.exists())
        return run

    def test_unknown_flag_names_the_nearest(self):
        self.refused("--concurency", "3", words=["--concurency", "--concurrency"])

    def test_bad_number(self):
        self.refused("--concurrency", "many", words=["--concurrency", "many"])

    def test_unknown_metric_in_goodput(self):
        self.refused("--goodput", "ttfx:100", words=["--goodput", "ttfx"])

    def test_missing_input_file(self):
        self.refused("--input-file", "/nowhere/x.jsonl", words=["/nowhere/x.jsonl"])

    def test_broken_line_of_a_trace(self):
        trace = self.folder / "trace.jsonl"
        trace.write_text('{"timestamp": 0, "input_length": 10, "output_length": 1, "hash_ids": [1]}\n{"timestamp": "x"\n')
        self.refused("--input-file", trace, words=["trace.jsonl:2"])

    def test_unreadable_tokenizer(self):
        broken = self.folder / "tokenizer.json"
        broken.write_text("{")
        self.refused("--tokenizer", broken, words=["tokenizer.json"])

    def test_unreachable_url(self):
        with socket.socket() as taken:  # bound, never listening: refuses
            taken.bind(("127.0.0.1", 0))
            self.refused("--request-count", "3", url=f"http://127.0.0.1:{taken.getsockname()[1]}",
                         words=["--url", "connect"])

    def test_one_unreachable_url_of_two(self):
        url = self.mock()
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            self.refused("-u", f"http://127.0.0.1:{taken.getsockname()[1]}", "--request-count", "3", url=url,
                         words=["--url", "connect"])

    def test_unreachable_worker(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            self.refused("--workers", address, "--ready-timeout", "1", words=["--workers", address])

    def test_report_on_a_folder_without_a_run(self):
        self.assert_one_line(self.drumfire("report", self.folder), "report", "run.json")

    def test_report_without_a_journal(self):
        run = self.profile(self.mock(), "--isl", "10", "--osl", "2", "--request-count", "2")
        (run.folder / "journal.dfj").unlink()
        self.assert_one_line(self.drumfire("report", run.folder), "report", "journal.dfj")

    def test_folder_with_an_earlier_run(self):
        url = self.mock()
        arguments = ["--isl", "10", "--osl", "2", "--request-count", "2"]
        first = self.profile(url, *arguments)
        kept = (first.folder / "profile_export_aiperf.json").read_bytes()
        again = self.profile(url, *arguments, folder=first.folder)
        self.assert_one_line(again, "--artifact-dir")
        self.assertEqual((first.folder / "profile_export_aiperf.json").read_bytes(), kept)


if __name__ == "__main__":
    unittest.main()
