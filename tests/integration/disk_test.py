"""Do runs keep their folder to themselves, and is a file that cannot be written told?"""
import json
import resource
import shutil
import signal
import unittest

from drumfire import DrumfireTest

LOAD = ["--isl", "10", "--osl", "2", "--concurrency", "4"]
SHORT = [*LOAD, "--request-count", "20"]


class DiskTest(DrumfireTest):
    def whole_run(self, *arguments, **options):
        run = self.profile(self.mock(), *SHORT, *arguments, **options)
        self.assertIn(run.code, (0, 3), run.err)
        return run

    def test_second_run_into_the_folder_of_a_live_one_is_refused(self):
        url = self.mock("--ttft", "5ms", "--itl", "2ms")
        folder, process = self.begin_run(url, *LOAD, "--request-count", "100000")
        second = self.profile(url, *SHORT, "--overwrite", folder=folder)
        self.assert_one_line(second, "--artifact-dir", "is in use by another drumfire")
        self.assert_one_line(self.drumfire("report", folder), "is in use by another drumfire")
        process.send_signal(signal.SIGINT)
        first = self.finish(folder, process)
        self.assertEqual(first.code, 1, first.err)
        self.assertEqual(len(first.records), first.summary["drumfire"]["records"]["received"])

    def test_prefix_of_another_files_name_is_refused(self):
        for prefix in ("run", "inputs"):
            run = self.profile("http://127.0.0.1:1", *SHORT, "--profile-export-prefix", prefix)
            self.assert_one_line(run, "--profile-export-prefix", f"{prefix}.json")

    def test_manifest_that_names_files_elsewhere_writes_none(self):
        run = self.whole_run(folder=self.folder / "some" / "run")
        manifest = json.loads((run.folder / "run.json").read_text())
        manifest["export_prefix"] = "../../x"
        (run.folder / "run.json").write_text(json.dumps(manifest))
        self.assert_one_line(self.drumfire("report", run.folder), "run.json", "export_prefix")
        self.assertEqual(list(self.folder.glob("x*")), [])

    def test_manifest_of_another_run_is_refused(self):
        one, other = self.whole_run(), self.whole_run("--random-seed", "7")
        shutil.copy(other.folder / "run.json", one.folder / "run.json")
        self.assert_one_line(self.drumfire("report", one.folder), "not of the same run")

    def test_files_of_limited_size_make_a_clear_line(self):
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        for limit_bytes in (10, 2000, 20000):
            folder, command = self.command(self.mock(), *SHORT)
            process = self.start("drumfire", *command, stdout=-1, stderr=-1, cwd=self.folder,
                                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, before[1])))
            run = self.finish(folder, process)
            self.assertGreater(run.code, 0, f"{limit_bytes} bytes")
            self.assertIn("File too large", run.text + run.err, f"{limit_bytes} bytes")

    def test_full_standard_output_is_told(self):
        folder, command = self.command(self.mock(), *SHORT)
        for arguments in (command, ["report", folder], ["flags"]):
            with open("/dev/full", "w") as full:
                process = self.start("drumfire", *arguments, stdout=full, stderr=-1, cwd=self.folder)
            run = self.finish(folder, process)
            self.assertEqual(run.code, 1, run.err)
            self.assertIn("cannot write to standard output", run.err)

    def test_closed_standard_output_is_no_file_of_the_run(self):
        folder, command = self.command(self.mock(), *SHORT)
        process = self.start("drumfire", *command, prefix=["sh", "-c", 'exec "$@" >&-', "sh"], stderr=-1, cwd=self.folder)
        run = self.finish(folder, process)
        self.assertIn(run.code, (0, 3), run.err)
        again = self.drumfire("report", folder)
        self.assertEqual(again.code, run.code, again.err)


if __name__ == "__main__":
    unittest.main()
