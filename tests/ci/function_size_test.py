"""Which functions are too long, and which are tables?"""

import os
import sys
import unittest

sys.dont_write_bytecode = True  # nothing of ours lands in the source folder
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import function_size


def found(head, body, tail="}"):
    return list(function_size.too_long("\n".join([head, *body, tail])))


class FunctionSize(unittest.TestCase):
    def test_bound(self):
        self.assertEqual(found("void Run() {", ["  Step();"] * 60), [])
        self.assertEqual(found("void Run() {", ["  Step();"] * 61), [(1, 61)])

    def test_signature_of_several_lines(self):
        self.assertEqual(found("void Run(int a,", ["         int b) {"] + ["  Step();"] * 61), [(1, 62)])

    def test_constructor(self):
        self.assertEqual(found("Runner::Runner(int a)", ["    : a_(a) {"] + ["  Step();"] * 61), [(1, 62)])

    def test_function_inside_a_class(self):
        self.assertEqual(found("class A {", ["  void Run() {", *["    Step();"] * 61, "  }"], "};"), [(2, 61)])

    def test_class_and_namespace_are_no_functions(self):
        self.assertEqual(found("namespace drumfire {", ["int a;"] * 100), [])

    def test_table(self):
        rows = ["      {1, 2},"] * 80
        self.assertEqual(found("Rows Table() {", ["  static const Row kRows[] = {", *rows, "  };", "  return kRows;"]), [])

    def test_loop_makes_it_no_table(self):
        self.assertEqual(len(found("void Run() {", ["  for (int a : b) {", *["    Step();"] * 80, "  }"])), 1)


if __name__ == "__main__":
    unittest.main()
