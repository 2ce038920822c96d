"""Does `cmake --install` bring what a user expects, and does the Debian package hold the same?"""
import gzip
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

BIN = Path(os.environ["DRUMFIRE_BIN"])
BUILD = BIN.parent
GUARD_S = 240
PROGRAMS = ("drumfire", "drumfire-worker", "drumfire-mock")


def run(*command, **options):
    return subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=GUARD_S, **options)


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.prefix = Path(cls.folder.name) / "prefix"
        cls.install = run("cmake", "--install", BUILD, "--prefix", cls.prefix)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        self.assertEqual(self.install.returncode, 0, self.install.stdout + self.install.stderr)

    def test_programs_run_from_their_new_place(self):
        for program in PROGRAMS:
            self.assertEqual(run(self.prefix / "bin" / program, "--help").returncode, 0, program)

    def test_every_program_has_a_manual_page(self):
        for program in PROGRAMS:
            page = gzip.decompress((self.prefix / f"share/man/man1/{program}.1.gz").read_bytes()).decode()
            self.assertTrue(page.startswith(f".TH {program.upper()} 1 "), page[:100])
            self.assertNotIn(str(BUILD), page)
            if shutil.which("groff"):
                shown = run("groff", "-man", "-Tutf8", "-ww", input=page)
                self.assertEqual((shown.returncode, shown.stderr), (0, ""), program)

    def test_bash_completes_flags_and_choices(self):
        script = self.prefix / "share/bash-completion/completions/drumfire"
        def completed(*words):
            quoted = " ".join(f"'{word}'" for word in words)
            shown = run("bash", "-c", f"source {script}; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _drumfire; "
                        'echo "${COMPREPLY[@]}"')
            self.assertEqual(shown.stderr, "")
            return shown.stdout.split()
        self.assertEqual(completed("drumfire", "pro"), ["profile"])
        self.assertEqual(completed("drumfire", "profile", "--concurr"), ["--concurrency"])
        self.assertEqual(completed("drumfire", "profile", "--endpoint-type", "c"), ["chat", "completions"])
        self.assertEqual(completed("drumfire", "fleet", "c"), ["certs", "check"])

    def test_the_unit_names_the_installed_worker(self):
        unit = (self.prefix / "lib/systemd/system/drumfire-worker.service").read_text()
        program = re.search(r"^ExecStart=(\S+)", unit, re.M).group(1)
        self.assertEqual(Path(program), self.prefix / "bin/drumfire-worker")


@unittest.skipUnless(shutil.which("dpkg-shlibdeps"), "no dpkg-dev here")
class Package(unittest.TestCase):
    def test_holds_what_is_installed_and_depends_on_its_libraries(self):
        with tempfile.TemporaryDirectory() as folder:
            made = run("cpack", "--config", BUILD / "CPackConfig.cmake", "-B", folder, "-D", "CPACK_STRIP_FILES=OFF")
            self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
            package = next(Path(folder).glob("drumfire_*.deb"))
            names = run("dpkg-deb", "--contents", package).stdout
            for name in ("bin/drumfire-worker", "share/man/man1/drumfire.1.gz", "share/zsh/vendor-completions/_drumfire",
                         "lib/systemd/system/drumfire-worker.service", "share/doc/drumfire/LICENSE"):
                self.assertIn(f"./usr/{name}\n", names)
            self.assertIn("libgrpc++1.51", run("dpkg-deb", "--field", package, "Depends").stdout)
            unpacked = Path(folder) / "unpacked"
            run("dpkg-deb", "--extract", package, unpacked)
            unit = (unpacked / "usr/lib/systemd/system/drumfire-worker.service").read_text()
            self.assertIn("\nExecStart=/usr/bin/drumfire-worker ", unit)


if __name__ == "__main__":
    unittest.main()
