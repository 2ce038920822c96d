"""Does the join find the right request, and are the errors what they should be?"""

import json
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True  # nothing of ours lands in the source folder
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import truth_join

WALL_NS = 1_700_000_000_000_000_000


def truth(request_id, arrival_ns, send_ns):
    return {"x_request_id": request_id, "arrival_ns": arrival_ns, "arrival_wall_ns": WALL_NS + arrival_ns,
            "send_ns": send_ns}


def record(request_id, start_ns, ttft_ms, gaps_ms, phase="profiling"):
    return {"metadata": {"x_request_id": request_id, "request_start_ns": WALL_NS + start_ns, "benchmark_phase": phase},
            "metrics": {"time_to_first_token": {"value": ttft_ms}, "inter_chunk_latency": {"value": gaps_ms}}}


class TruthJoin(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.records = os.path.join(folder.name, "profile_export.jsonl")
        self.truth_log = os.path.join(folder.name, "truth.jsonl")
        self.folder = folder.name

    def join(self, records, truths, place=None):
        for path, lines in ((self.records, records), (self.truth_log, truths)):
            with open(path, "w") as file:
                file.writelines(json.dumps(line) + "\n" for line in lines)
        return truth_join.join(place or self.records, self.truth_log)

    def test_folder_without_records_is_an_error(self):
        with self.assertRaises(SystemExit):
            truth_join.records_path(self.folder)

    def test_request_that_the_server_never_saw_is_counted(self):
        errors = self.join([record("b", 0, 1.0, [])], [truth("a", 0, [5])])
        self.assertEqual((errors.joined, errors.unmatched), (0, 1))

    def test_warmup_is_left_out(self):
        errors = self.join([record("a", 0, 1.0, [], phase="warmup")], [truth("a", 0, [5])])
        self.assertEqual((errors.joined, errors.unmatched), (0, 0))

    def test_other_event_count_gives_no_gaps(self):
        errors = self.join([record("a", 0, 1.0, [1.0])], [truth("a", 0, [5])])
        self.assertEqual((errors.joined, errors.other_count, errors.gap_us), (1, 1, []))

    def test_errors_are_differences_in_microseconds(self):
        # Started at 0, arrived at 20 us, sent at 1000 and 2000 us; seen at 1005 and 2012 us.
        errors = self.join([record("a", 0, 1.005, [1.007])], [truth("a", 20_000, [1_000_000, 2_000_000])])
        self.assertAlmostEqual(errors.ttft_us[0], 25, places=3)
        self.assertAlmostEqual(errors.gap_us[0], 7, places=3)
        self.assertAlmostEqual(errors.stamp_us[0], 5, places=3)
        self.assertAlmostEqual(errors.stamp_us[1], 12, places=3)

    def test_folder_is_searched_for_the_records(self):
        errors = self.join([record("a", 0, 1.0, [])], [truth("a", 0, [5])], place=self.folder)
        self.assertEqual(errors.joined, 1)


if __name__ == "__main__":
    unittest.main()
