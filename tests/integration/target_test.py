"""Does the report explain what a server's behaviour means for the figures, and is the environment's proxy skipped where it must be?"""
import collections
import json
import os
import unittest

from drumfire import DrumfireTest
from http_target import Handler, serve

WHOLE = {"choices": [{"index": 0, "message": {"content": " a b"}}],
         "usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}}


class Whole(Handler):
    """Answers every request with one whole JSON body, keeping the connection."""

    def handle(self):
        for _ in self.heads():
            body = json.dumps(WHOLE).encode()
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                             b"Content-Length: %d\r\n\r\n%s" % (len(body), body))


def stream(*events, end=b"0\r\n\r\n"):
    """A chunked SSE response of these events' data, and the end of its body."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    lines = [b"data: %s\n\n" % (e if isinstance(e, bytes) else json.dumps(e).encode()) for e in events]
    return head + b"".join(b"%x\r\n%s\r\n" % (len(line), line) for line in lines) + end


def delta(content="", finish=None):
    return {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish}]}


def usage(completion):
    return b'{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":%s,"total_tokens":9}}' % completion


class Streams(Handler):
    """Answers request n of the server with answers[n mod size], keeping the connection."""
    answers = []
    count = 0

    def handle(self):
        for _ in self.heads():
            answers = type(self).answers
            type(self).count += 1
            self.wfile.write(answers[(type(self).count - 1) % len(answers)])


class Target(DrumfireTest):
    def server(self, handler):
        return serve(self, handler)

    def test_non_streamed_responses_are_reported(self):
        run = self.profile(self.server(Whole), "--streaming", "--isl", "5", "--osl", "2", "--request-count", "3")
        self.assertEqual(run.summary["request_count"]["avg"], 3)
        self.assertIn("3 of 3 responses were not streamed although a stream was requested", run.text)
        self.assertIn("were not streamed", "\n".join(run.summary["drumfire"]["notes"]))

    def streams(self, *answers):
        return self.server(type("Answers", (Streams,), {"answers": list(answers)}))

    def run_streams(self, answers, *flags, requests=4):
        return self.profile(self.streams(*answers), "--streaming", "--isl", "8", "--osl", "4", "--concurrency", "2",
                            "--request-count", str(requests), *flags)

    def test_a_body_left_open_after_done_loses_no_response(self):
        answer = stream(delta(" a"), delta(" b"), delta(finish="stop"), usage(b"2"), b"[DONE]", end=b"")
        for engine in ("native", "curl"):
            run = self.run_streams([answer], "--engine", engine)
            self.assertEqual(run.summary["request_count"]["avg"], 4, run.out)
            self.assertLess(run.summary["http_req_duration"]["max"], 30_000)  # the server holds the body open for longer
            self.assertIn("4 responses ended with [DONE]", run.text)
            checks = [reason["check"] for reason in run.verdict["reasons"]]
            self.assertNotIn("concurrency_ratio", checks, run.out)
            self.assertNotIn("connect_share", checks, run.out)

    def test_bad_responses_of_the_mock_are_reported(self):
        url = self.mock("--ttft", "1ms", "--itl", "1ms", "--empty-rate", "25", "--finish-error-rate", "25", "--open-body-rate", "25",
                        "--odd-usage-rate", "25", "--comment-interval", "20ms")
        run = self.profile(url, "--streaming", "--isl", "5", "--osl", "3", "--concurrency", "4", "--request-count", "40",
                           "--use-server-token-count")
        planted = collections.Counter(entry["fault"] for entry in self.arrivals())
        self.assertEqual(set(planted), {"empty", "finish_error", "open_body", "odd_usage"})
        told = {error["error_details"]["type"]: error["count"] for error in run.summary["error_summary"]}
        self.assertEqual(told, {"NoOutput": planted["empty"], "ErrorInStream": planted["finish_error"]})
        self.assertEqual(run.summary["request_count"]["avg"], planted["open_body"] + planted["odd_usage"])
        self.assertIn(f"{planted['open_body']} responses ended with [DONE]", run.text)
        self.assertIn(f"usage of {planted['odd_usage']} of {planted['open_body'] + planted['odd_usage']} responses contained", run.text)

    def test_responses_without_a_token_fail(self):
        empty = stream(delta(), delta(finish="stop"), usage(b"0"), b"[DONE]")
        broken = stream(delta(), delta(finish="error"), b"[DONE]")
        good = stream(delta(" a"), delta(finish="stop"), usage(b"1"), b"[DONE]")
        run = self.run_streams([empty, broken, good, good], "--goodput", "request_latency:5000")
        self.assertEqual(run.summary["request_count"]["avg"], 2, run.out)
        self.assertEqual(run.summary["good_request_count"]["avg"], 2)
        kinds = {error["error_details"]["type"] for error in run.summary["error_summary"]}
        self.assertEqual(kinds, {"NoOutput", "ErrorInStream"})
        self.assertIn("1 responses had no tokens", run.text)

    def test_streams_whose_end_nothing_announced_fail(self):
        load = ["--streaming", "--isl", "5", "--osl", "5", "--concurrency", "2", "--request-count", "20"]
        for persona, engine in (("openai", "native"), ("vllm", "curl")):
            url = self.mock("--ttft", "1ms", "--itl", "1ms", "--persona", persona, "--unfinished-rate", "50")
            run = self.profile(url, *load, "--engine", engine)
            planted = sum(entry["fault"] == "unfinished" for entry in self.arrivals())
            told = {error["error_details"]["type"]: error["count"] for error in run.summary["error_summary"]}
            self.assertEqual(told, {"UnfinishedStream": planted})
            self.assertEqual(run.summary["request_count"]["avg"], 20 - planted)
            self.assertIn(f"{planted} streams ended without finish_reason, [DONE] or usage", run.text)
        url = self.mock("--ttft", "1ms", "--itl", "1ms", "--unfinished-rate", "50")
        accepted = self.profile(url, *load, "--accept-unannounced-end")
        self.assertEqual(accepted.summary["request_count"]["avg"], 20)
        self.assertEqual(accepted.summary["error_summary"], [])

    def test_missing_and_malformed_usage_is_reported(self):
        none = stream(delta(" a"), delta(finish="stop"), b"[DONE]")
        odd = [stream(delta(" a"), usage(value), b"[DONE]")
               for value in (b"9007199254740993", b"-1", b'"12"', b"null", b"true", b"{}", b"1e300")]
        run = self.run_streams([none], "--use-server-token-count")
        self.assertNotIn("output_sequence_length", run.summary)
        self.assertNotIn("input_sequence_length", run.summary)
        self.assertIn("no token count for 4 of 4 responses", run.text)
        run = self.run_streams(odd, "--use-server-token-count", requests=7)
        self.assertNotIn("output_sequence_length", run.summary)
        self.assertEqual(run.summary["input_sequence_length"]["avg"], 7)
        self.assertIn("usage of 7 of 7 responses contained a value that is not a count", run.text)

    def test_chunks_of_several_tokens_are_reported(self):
        answer = stream(delta(" tok" * 50), *[delta(" tok") for _ in range(10)], delta(finish="stop"), b"[DONE]")
        self.assertIn("Chunks carried 5.5 tokens on average", self.run_streams([answer]).text)

    def test_refused_stream_options_are_omitted_and_reported(self):
        url = self.mock("--refuse-stream-options", "--ttft", "1ms", "--itl", "1ms")
        load = ["--streaming", "--isl", "5", "--osl", "2", "--request-count", "3"]
        refused = self.profile(url, *load)
        self.assertIn(refused.code, (0, 3), refused.out)
        self.assertEqual(refused.summary["request_count"]["avg"], 3)
        self.assertEqual(refused.summary["output_sequence_length"]["avg"], 2)
        self.assertIn("3 requests were sent without it", refused.text)
        self.assertIn("--no-stream-usage", refused.text)
        self.assertEqual(self.profile(url, *load, "--no-stream-usage").summary["request_count"]["avg"], 3)

    def test_no_proxy_is_used_for_this_host(self):
        os.environ["http_proxy"] = "http://127.0.0.1:9"
        self.addCleanup(os.environ.pop, "http_proxy")
        url = self.mock("--ttft", "1ms", "--itl", "1ms")
        run = self.profile(url, "--isl", "5", "--osl", "2", "--request-count", "3", "--wait-for-model-timeout", "20")
        self.assertIn(run.code, (0, 3), run.err)

    def test_the_environments_proxy_is_reported_and_can_be_ignored(self):
        proxy = self.server(Whole)
        os.environ["http_proxy"] = proxy.replace("//", "//me:secret@")
        self.addCleanup(os.environ.pop, "http_proxy")
        load = ["--isl", "5", "--osl", "2", "--request-count", "3"]
        for engine in ("native", "curl"):
            run = self.profile("http://target.invalid:8000", *load, "--engine", engine)
            self.assertEqual(run.summary["request_count"]["avg"], 3, run.out)
            self.assertIn(f"go through the proxy {proxy}", run.text)
            self.assertNotIn("secret", run.out + json.dumps(run.summary))
            self.assertEqual(run.summary["drumfire"]["workers"][0]["proxies"], [proxy])
        direct = self.profile("http://target.invalid:8000", *load, "--ignore-proxy")
        self.assertEqual(direct.code, 2)
        self.assertIn("target.invalid", direct.err)

    def test_failures_end_a_run_that_has_a_limit(self):
        url = self.mock("--ttft", "1ms", "--itl", "1ms", "--error-rate", "100")
        load = ["--isl", "5", "--osl", "2", "--concurrency", "2", "--request-count", "100000"]
        row = self.profile(url, *load, "--max-consecutive-errors", "7")
        self.assertEqual(row.code, 1)
        self.assertIn("7 requests failed in a row (--max-consecutive-errors 7)", row.summary["drumfire"]["early_end"])
        self.assertLess(row.summary["error_request_count"]["avg"], 100000)
        share = self.profile(url, *load, "--failed-request-threshold", "0.5")
        self.assertEqual(share.code, 1)
        self.assertIn("10 of 10 requests failed (--failed-request-threshold 0.5)", share.summary["drumfire"]["early_end"])

    def test_failures_below_the_limits_do_not_end_the_run(self):
        url = self.mock("--ttft", "1ms", "--itl", "1ms")
        run = self.profile(url, "--isl", "5", "--osl", "2", "--request-count", "20", "--max-consecutive-errors", "1",
                           "--failed-request-threshold", "0")
        self.assertEqual(run.summary["request_count"]["avg"], 20)
        self.assertNotIn("early_end", run.summary["drumfire"])

    def test_nagle_at_the_server_is_reported_and_quick_ack_helps(self):
        load = ["--streaming", "--isl", "5", "--osl", "20", "--concurrency", "1", "--request-count", "20"]
        # Many tokens, and two, within the silence.
        for ttft, itl, engine in (("19ms", "3ms", "native"), ("19ms", "3ms", "curl"), ("5ms", "20ms", "native")):
            url = self.mock("--ttft", ttft, "--itl", itl, "--nagle")
            seen = self.profile(url, *load, "--engine", engine)
            reasons = {reason["check"]: reason.get("try", "") for reason in seen.verdict["reasons"]}
            self.assertIn("--quick-ack", reasons.get("delayed_ack_share", ""), seen.out)
            cured = self.profile(url, *load, "--engine", engine, "--quick-ack")
            self.assertNotIn("delayed_ack_share", [reason["check"] for reason in cured.verdict["reasons"]], cured.out)

    def test_resets_in_mid_request_are_errors_and_never_sent_twice(self):
        for engine in ("native", "curl"):
            url = self.mock("--ttft", "300ms", "--itl", "1ms", "--reset-rate", "20")
            run = self.profile(url, "--isl", "5", "--osl", "2", "--concurrency", "20", "--request-count", "100", "--engine", engine)
            resets = [entry for entry in self.arrivals() if entry["fault"] == "reset"]
            self.assertGreater(len(resets), 0)
            self.assertEqual(run.summary["error_request_count"]["avg"], len(resets))
            self.assertEqual(run.summary["drumfire"]["connections"]["requests_sent_again"], 0)

    def test_a_run_without_errors_meets_a_goal_on_their_count(self):
        url = self.mock("--ttft", "1ms", "--itl", "1ms")
        run = self.profile(url, "--isl", "5", "--osl", "2", "--request-count", "3", "--fail-if", "error_request_count>0")
        self.assertIn("error_request_count:avg>0: measured 0.00", run.text)


if __name__ == "__main__":
    unittest.main()
