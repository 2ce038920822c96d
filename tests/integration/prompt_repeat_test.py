"""Are the prompts of a run new, and is it reported when a server has seen them before?"""
import re
import unittest

from drumfire import DrumfireTest

LOAD = ["--streaming", "--isl", "100", "--osl", "2", "--concurrency", "4", "--request-count", "150"]
REASON = "unplanned_cached_share"


class PromptRepeatTest(DrumfireTest):
    def caching_mock(self, *arguments):
        return self.mock("--ttft", "1ms", "--itl", "1ms", "--prefix-cache", "--body-sha256", *arguments)

    def bodies(self):
        """The hashes of all bodies, in order of arrival. Ends the mock server."""
        return [entry["body_sha256"] for entry in sorted(self.arrivals(), key=lambda entry: entry["arrival_ns"])]

    def checks(self, run):
        return [reason["check"] for reason in run.verdict["reasons"]]

    def test_each_request_and_each_run_has_its_own_prompts(self):
        url = self.caching_mock()
        first = self.profile(url, *LOAD, "--warmup-request-count", "20")
        second = self.profile(url, *LOAD, "--warmup-request-count", "20")
        for run in (first, second):
            self.assert_sums_close(run, 150)
            self.assertNotIn(REASON, self.checks(run))
            prompts = run.summary["drumfire"]["prompts"]
            self.assertEqual((prompts["requests"], prompts["distinct"], prompts["cached_share"]), (150, 150, 0))
            self.assertEqual(run.summary["input_config"]["datasets"][0]["entries"], 150)
        self.assertEqual(len(set(self.bodies())), 340)

    def test_a_printed_seed_sends_the_same_prompts_again(self):
        url = self.caching_mock()
        first = self.profile(url, *LOAD)
        seed = first.summary["run_info"]["random_seed"]
        self.assertIn(f"--random-seed {seed}", first.err)
        self.assertTrue(any(f"--random-seed {seed}" in note for note in first.summary["drumfire"]["notes"]))
        again = self.profile(url, *LOAD, "--random-seed", seed)
        self.assertEqual(again.summary["drumfire"]["random_seed"], seed)
        self.assertNotIn("--random-seed", again.err)
        self.assertIn(REASON, self.checks(again))
        self.assertNotEqual(again.verdict["status"], "VALID")
        self.assertGreater(again.summary["drumfire"]["prompts"]["cached_share"], 0.9)
        bodies = self.bodies()
        self.assertEqual(set(bodies[:150]), set(bodies[150:]))
        self.assertEqual(len(set(bodies)), 150)

    def test_requested_repeats_are_counted_without_a_reason(self):
        url = self.caching_mock()
        run = self.profile(url, *LOAD, "--num-dataset-entries", "30")
        prompts = run.summary["drumfire"]["prompts"]
        self.assertEqual(prompts["distinct"], 30)
        self.assertAlmostEqual(prompts["repeated_share"], 0.8)
        self.assertGreater(prompts["cached_share"], 0.6)
        self.assertNotIn(REASON, self.checks(run))
        self.assertIn("30 distinct in 150 requests", run.out)
        self.assertEqual(len(set(self.bodies())), 30)

    def test_a_run_by_the_clock_never_repeats_a_prompt(self):
        url = self.caching_mock()
        run = self.profile(url, "--isl", "30", "--osl", "1", "--concurrency", "8", "--benchmark-duration", "1",
                           "--warmup-duration", "0.3")
        prompts = run.summary["drumfire"]["prompts"]
        self.assertEqual(prompts["distinct"], prompts["requests"])
        self.assertNotIn("entries", run.summary["input_config"]["datasets"][0])
        bodies = self.bodies()
        self.assertEqual(len(set(bodies)), len(bodies))

    def test_texts_already_sent_in_the_warmup_are_reported(self):
        url = self.caching_mock()
        rows = self.folder / "rows.jsonl"
        rows.write_text("".join(f'{{"text": "{" ".join(f"w{i}x{j}" for j in range(40))}"}}\n' for i in range(20)))
        load = ["--input-file", rows, "--osl", "2", "--concurrency", "2"]
        apart = self.profile(url, *load, "--request-count", "15", "--warmup-request-count", "5")
        self.assertNotIn("sent_in_warmup", apart.summary["drumfire"]["prompts"])
        self.assertNotIn(REASON, self.checks(apart))
        bodies = self.bodies()
        self.assertEqual(len(set(bodies)), 20)
        url = self.caching_mock()
        joint = self.profile(url, *load, "--request-count", "20", "--warmup-request-count", "5")
        self.assertEqual(joint.summary["drumfire"]["prompts"]["sent_in_warmup"], 5)
        self.assertNotIn(REASON, self.checks(joint))

    def test_the_dry_run_names_its_seed_and_the_run_sends_the_same_schedule(self):
        url = self.caching_mock()
        out = self.folder / "schedule.jsonl"
        dry = self.profile(url, *LOAD, "--dry-run", "--schedule-out", out)
        seed = re.search(r"--random-seed (\d+)", dry.err).group(1)
        run = self.profile(url, *LOAD, "--random-seed", seed)
        self.assert_sums_close(run, 150)
        scheduled = re.findall(r'"body_sha256":"(\w+)"', out.read_text())
        self.assertEqual(sorted(self.bodies()), sorted(scheduled))


if __name__ == "__main__":
    unittest.main()
