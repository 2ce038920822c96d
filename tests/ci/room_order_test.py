"""Does room_order.py see each kind of forbidden include, and let the others pass?"""

import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True  # nothing of ours lands in the source folder
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import room_order

BASE = {
    "CMakeLists.txt": "add_subdirectory(common)\nadd_subdirectory(worker)\nadd_subdirectory(coordinator)\n",
    "common/CMakeLists.txt": "add_subdirectory(clock)\nadd_subdirectory(files)  # add_subdirectory(gone)\n",
    "common/clock/CMakeLists.txt": "drumfire_room(DEPS absl::status)",
    "common/files/CMakeLists.txt": "drumfire_room()",
    "worker/CMakeLists.txt": "add_subdirectory(engine)",
    "worker/engine/CMakeLists.txt": "drumfire_room(\n  DEPS common_clock absl::status\n  TEST_DEPS common_files)",
    "coordinator/CMakeLists.txt": "add_subdirectory(run)",
    "coordinator/run/CMakeLists.txt": "drumfire_room(DEPS common_files)",
}


class RoomOrder(unittest.TestCase):
    def found(self, **changes):
        """Violations of the base tree with some files replaced; '__' stands for '/', '_h' and '_cc' end the names."""
        files = dict(BASE)
        for name, text in changes.items():
            path = name.replace("__", "/")
            path = "/".join([*path.split("/")[:-1], "CMakeLists.txt"]) if path.endswith("/cmake") else path
            for end in ("_h", "_cc"):
                if path.endswith(end):
                    path = path[:-len(end)] + "." + end[1:]
            files[path] = text
        with tempfile.TemporaryDirectory() as root:
            for path, text in files.items():
                os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
                with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                    file.write(text)
            return room_order.violations(root)

    def test_nothing_is_wrong_with_the_base(self):
        self.assertEqual(self.found(), [])

    def test_undeclared_room_in_a_source(self):
        found = self.found(worker__engine__a_cc='#include "common/files/read.h"\n')
        self.assertEqual(found, ["worker/engine/a.cc includes common/files/read.h, but worker_engine does not declare common_files"])

    def test_undeclared_room_in_a_header(self):
        self.assertEqual(len(self.found(common__files__a_h='#include "common/clock/clock.h"\n')), 1)

    def test_dependency_of_a_dependency_is_not_declared(self):
        self.assertEqual(len(self.found(worker__engine__cmake="drumfire_room(DEPS coordinator_run)",
                                        worker__engine__a_cc='#include "common/files/read.h"\n')), 2)

    def test_test_may_use_test_deps(self):
        self.assertEqual(self.found(worker__engine__a_test_cc='#include "common/files/read.h"\n'), [])

    def test_header_of_tests_may_use_test_deps(self):
        include = '#include "common/files/read.h"\n'
        header = {"worker__engine__fixture_h": include,
                  "worker__engine__a_test_cc": '#include "worker/engine/fixture.h"\n'}
        self.assertEqual(self.found(**header), [])
        self.assertEqual(len(self.found(**header, worker__engine__a_cc='#include "worker/engine/fixture.h"\n')), 1)

    def test_program_may_use_its_own_libraries(self):
        rooms = "drumfire_room(DEPS common_clock)\nadd_executable(w EXCLUDE_FROM_ALL w_main.cc)\ntarget_link_libraries(w PRIVATE {})"
        program = {"worker__engine__w_main_cc": '#include "common/files/read.h"\n'}
        self.assertEqual(self.found(worker__engine__cmake=rooms.format("common_files"), **program), [])
        self.assertEqual(len(self.found(worker__engine__cmake=rooms.format("worker_engine"), **program)), 1)

    def test_generated_headers_are_a_room(self):
        include = {"common__files__a_cc": '#include "drumfire/v1/control.grpc.pb.h"\n'}
        self.assertEqual(len(self.found(**include, common__files__cmake="drumfire_room(DEPS drumfire_proto)")), 1)
        self.assertEqual(self.found(**include, common__files__cmake="drumfire_room(DEPS drumfire_control)"), [])

    def test_room_above(self):
        self.assertEqual(self.found(common__clock__cmake="drumfire_room(DEPS common_files)"),
                         ["common_clock declares common_files, which is above it"])

    def test_tests_keep_to_the_order_too(self):
        self.assertEqual(len(self.found(common__clock__cmake="drumfire_room(TEST_DEPS common_files)")), 1)

    def test_other_side(self):
        self.assertEqual(self.found(coordinator__run__cmake="drumfire_room(DEPS worker_engine)"),
                         ["coordinator_run declares worker_engine of another side"])

    def test_nested_room_serves_the_tests_of_its_parent(self):
        nested = {"worker__engine__testing__cmake": "drumfire_room(DEPS worker_engine)"}
        for keyword, count in (("TEST_DEPS", 0), ("DEPS", 1)):
            text = f"add_subdirectory(testing)\ndrumfire_room({keyword} worker_engine_testing)"
            self.assertEqual(len(self.found(worker__engine__cmake=text, **nested)), count)


if __name__ == "__main__":
    unittest.main()
