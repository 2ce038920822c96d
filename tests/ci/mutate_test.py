"""Which mutants are drawn, which tests run against them, and how are they counted?"""

import os
import sys
import unittest

sys.dont_write_bytecode = True  # nothing of ours lands in the source folder
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import mutate
from room_order import Room


def room(name, *deps):
    return Room(name, set(deps), set(), {})


class Mutate(unittest.TestCase):
    def test_product_files(self):
        self.assertTrue(mutate.is_product("common/net/url.cc"))
        for path in ("common/net/url_test.cc", "common/net/url_fuzz.cc", "tools/bench/floor.cc", "worker/process/worker_main.cc",
                     "worker/engine/testing/scripted_server.cc", "common/net/url.h"):
            self.assertFalse(mutate.is_product(path))

    def test_seed_decides_what_is_drawn(self):
        texts = {"a.cc": "\n".join(f"  return a < {number};" for number in range(50))}
        self.assertEqual(mutate.draw(texts, 5, 1), mutate.draw(texts, 5, 1))
        self.assertNotEqual(mutate.draw(texts, 5, 1), mutate.draw(texts, 5, 2))
        self.assertEqual(len(mutate.draw(texts, 1000, 1)), 100)

    def test_rooms_below_a_room(self):
        rooms = {"a": room("a", "b", "absl::strings"), "b": room("b", "c"), "c": room("c"), "d": room("d", "c")}
        self.assertEqual(mutate.linked_rooms(rooms, "a"), {"a", "b", "c"})

    def test_survivor_is_shown_with_both_lines(self):
        texts = {"a.cc": "  return a < b;"}
        self.assertEqual(mutate.shown(texts, mutate.draw(texts, 1, 1)[0]), "a.cc:1: operator\n-  return a < b;\n+  return a <= b;")

    def test_mutants_that_do_not_compile_do_not_count(self):
        self.assertEqual(mutate.summary(["a", "survived", "a", "does not compile", "b"]),
                         "mutate: 3 of 4 mutants caught (75 %); 1 did not compile")
        self.assertEqual(mutate.summary(["does not compile"]), "mutate: 0 of 0 mutants caught; 1 did not compile")


if __name__ == "__main__":
    unittest.main()
