"""Which headers does headers.py compile, and does it tell a whole header from one that lacks an include?"""

import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True  # nothing of ours lands in the source folder
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import headers


class Unproven(unittest.TestCase):
    def test_first_include_of_a_source_proves_a_header(self):
        self.assertEqual(headers.unproven({"a/b.h": "", "a/b.cc": '// b\n#include "a/b.h"\n#include <map>\n'}), [])

    def test_later_include_proves_nothing(self):
        self.assertEqual(headers.unproven({"a/b.h": "", "a/c.cc": '#include <map>\n#include "a/b.h"\n'}), ["a/b.h"])

    def test_header_proves_nothing(self):
        self.assertEqual(headers.unproven({"a/b.h": "", "a/c.h": '#include "a/b.h"\n'}), ["a/b.h", "a/c.h"])


class CompileAlone(unittest.TestCase):
    def complaint(self, text):
        with tempfile.NamedTemporaryFile("w", suffix=".h") as file:
            file.write(text)
            file.flush()
            return headers.compile_alone(file.name)

    def test_whole_header(self):
        self.assertEqual(self.complaint("#pragma once\n#include <string>\ninline std::string Name() { return {}; }\n"), "")

    def test_missing_include(self):
        self.assertIn("std", self.complaint("#pragma once\nstd::string Name();\n"))


if __name__ == "__main__":
    unittest.main()
