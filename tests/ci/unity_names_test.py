"""Does unity_names.py see each kind of name that two sources of a room define?"""

import os
import sys
import unittest

sys.dont_write_bytecode = True  # nothing of ours lands in the source folder
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import unity_names


def source(definitions):
    return f"namespace drumfire {{\nnamespace {{\n\n{definitions}\n}}  // namespace\n}}  // namespace drumfire\n"


class UnityNames(unittest.TestCase):
    def names(self, first, second, other="a/c.cc"):
        return [name for _, name, _ in unity_names.collisions({"a/b.cc": source(first), other: source(second)})]

    def test_constants(self):
        self.assertEqual(self.names("constexpr int kSize = 1;\n", "constexpr char kSize[] = \"1\";\n"), ["kSize"])

    def test_namespace_of_a_type_is_no_name(self):
        self.assertEqual(self.names("constexpr absl::string_view kOne = \"\";\n", "constexpr absl::string_view kTwo = \"\";\n"), [])

    def test_types(self):
        self.assertEqual(self.names("struct Row {\n  int size;\n};\n", "class Row : public Base {\n};\n"), ["Row"])

    def test_functions_also_where_they_overload(self):
        self.assertEqual(self.names("double Share(int part) {\n  return Half(part);\n}\n", "std::string Share() { return {}; }\n"),
                         ["Share"])

    def test_calls_are_no_definitions(self):
        self.assertEqual(self.names("int One() {\n  return Half(2);\n}\n", "int Two() {\n  return Half(4);\n}\n"), [])

    def test_tests_are_compiled_together_too(self):
        tests = {path: source("constexpr int kSize = 1;\n") for path in ("a/b_test.cc", "a/c_test.cc")}
        self.assertEqual(len(unity_names.collisions(tests)), 1)

    def test_other_rooms_and_programs_do_not_count(self):
        for other in ("d/b.cc", "a/b_test.cc", "a/b_main.cc"):
            self.assertEqual(self.names("constexpr int kSize = 1;\n", "constexpr int kSize = 1;\n", other), [])

    def test_names_outside_do_not_count(self):
        self.assertEqual(unity_names.names_in("namespace drumfire {\nint Size() { return 1; }\n}\n"), set())


if __name__ == "__main__":
    unittest.main()
