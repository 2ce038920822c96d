"""Does each kind of mutant come from the lines it should, and from no others?"""

import os
import sys
import unittest

sys.dont_write_bytecode = True  # nothing of ours lands in the source folder
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import mutators


def mutated(line, kind=None, before="  Begin();"):
    """What becomes of the line: one text for each mutant."""
    text = f"{before}\n{line}"
    return [mutators.apply(text, mutant).split("\n")[1] for mutant in mutators.mutants(text)
            if mutant.line == 2 and kind in (None, mutant.kind)]


class Mutators(unittest.TestCase):
    def test_operators(self):
        self.assertEqual(mutated("  return a < b;"), ["  return a <= b;"])
        self.assertEqual(mutated("  const int c = a + b;", "operator"), ["  const int c = a - b;"])
        self.assertEqual(mutated("  return a && b;"), ["  return a || b;"])
        self.assertEqual(mutated("  return std::min(a, b);"), ["  return std::max(a, b);"])
        self.assertEqual(mutated("  ++count_;"), ["  --count_;"])
        self.assertEqual(mutated("  is_open_ = true;", "operator"), ["  is_open_ = false;"])

    def test_no_operator_in_types_shifts_and_arrows(self):
        for line in ("  std::vector<int> a;", "  out << a;", "  const Map<int, Set>& a = b->c();"):
            self.assertEqual(mutated(line, "operator"), [])

    def test_constants(self):
        self.assertEqual(mutated("constexpr int kSize = 16;"), ["constexpr int kSize = 17;"])
        self.assertEqual(mutated("constexpr int kSize = 1'000;"), ["constexpr int kSize = 1001;"])
        self.assertEqual(mutated("constexpr double kShare = 0.5;"), ["constexpr double kShare = 1.0;"])

    def test_no_constant_in_names_and_texts(self):
        for line in ("  const uint64_t size = v1::kSize;", '  const char* text = "7 < 8";', "  const char digit = '7';", "  Call();  // 7 + 8"):
            self.assertEqual(mutated(line, "constant"), [])
            self.assertEqual(mutated(line, "operator"), [])

    def test_conditions(self):
        self.assertEqual(mutated("  if (Has(a)) {"), ["  if (!(Has(a))) {"])
        self.assertEqual(mutated("  } else if (b) {"), ["  } else if (!(b)) {"])
        self.assertEqual(mutated("  if (a) return b;"), ["  if (!(a)) return b;"])
        self.assertEqual(mutated("  return !a;"), ["  return a;"])

    def test_condition_keeps_its_strings(self):
        self.assertEqual(mutated('  if (Is("a b")) return;', "condition"), ['  if (!(Is("a b"))) return;'])

    def test_no_condition_of_a_loop_or_an_initialiser(self):
        self.assertEqual(mutated("  for (auto& a : b) {"), [])
        self.assertEqual(mutated("  if (Status s = Do(); s.bad()) return s;", "condition"), [])

    def test_dropped_statements(self):
        self.assertEqual(mutated("  queue_.push_back(a);", "dropped statement"), ["  ;"])
        self.assertEqual(mutated("  a.b[c] = d;", "dropped statement"), ["  ;"])

    def test_no_dropped_declaration_return_or_half_a_statement(self):
        for line in ("  int a = 0;", "  return Do(a);", "  const int a = Do();"):
            self.assertEqual(mutated(line, "dropped statement"), [])
        self.assertEqual(mutated("      Call(a);", "dropped statement", before="  const int b ="), [])

    def test_nothing_in_logs_checks_comments_and_raw_strings(self):
        for line in ('  LOG(INFO) << a + b;', "  CHECK(a < b);", "  // a < b", "#if A < 8", '  const char* a = R"(1 < 2)";'):
            self.assertEqual(mutated(line), [])

    def test_second_line_of_a_log_is_a_log(self):
        text = '  LOG(INFO) << "a"\n            << a + b;\n  return a + b;'
        self.assertEqual([mutant.line for mutant in mutators.mutants(text)], [3])


if __name__ == "__main__":
    unittest.main()
