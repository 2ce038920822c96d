"""Is the reader told what a server's manners mean for the figures, and is a proxy of the environment left out where it is?"""
import json
import os
import socketserver
import threading
import unittest

from drumfire import DrumfireTest

WHOLE = {"choices": [{"index": 0, "message": {"content": " a b"}}],
         "usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}}


class Whole(socketserver.StreamRequestHandler):
    """Answers every request with one whole JSON body, keeping the connection."""

    def handle(self):
        while head := self.read_head():
            length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
            self.rfile.read(int(length or 0))
            body = json.dumps(WHOLE).encode()
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                             b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def read_head(self):
        head = b""
        while line := self.rfile.readline():
            head += line
            if line == b"\r\n":
                return head
        return b""


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


class Target(DrumfireTest):
    def server(self, handler):
        server = Server(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_address[1]}"

    def test_whole_answers_to_a_streaming_request_are_told(self):
        run = self.profile(self.server(Whole), "--streaming", "--isl", "5", "--osl", "2", "--request-count", "3")
        self.assertEqual(run.summary["request_count"]["avg"], 3)
        self.assertIn("3 of 3 answers came whole although a stream was asked for", run.text)
        self.assertTrue(any("came whole" in note for note in run.summary["drumfire"]["notes"]))

    def test_refused_stream_options_are_left_out_and_told(self):
        url = self.mock("--refuse-stream-options", "--ttft", "1ms", "--itl", "1ms")
        load = ["--streaming", "--isl", "5", "--osl", "2", "--request-count", "3"]
        refused = self.profile(url, *load)
        self.assertIn(refused.code, (0, 3), refused.out)
        self.assertEqual(refused.summary["request_count"]["avg"], 3)
        self.assertEqual(refused.summary["output_sequence_length"]["avg"], 2)
        self.assertIn("3 requests were sent without it", refused.text)
        self.assertIn("--no-stream-usage", refused.text)
        self.assertEqual(self.profile(url, *load, "--no-stream-usage").summary["request_count"]["avg"], 3)

    def test_no_proxy_is_asked_for_this_host(self):
        os.environ["http_proxy"] = "http://127.0.0.1:9"
        self.addCleanup(os.environ.pop, "http_proxy")
        url = self.mock("--ttft", "1ms", "--itl", "1ms")
        run = self.profile(url, "--isl", "5", "--osl", "2", "--request-count", "3", "--wait-for-model-timeout", "20")
        self.assertIn(run.code, (0, 3), run.err)

    def test_a_proxy_of_the_environment_is_said_and_can_be_ignored(self):
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

    def test_failures_below_the_limits_end_nothing(self):
        url = self.mock("--ttft", "1ms", "--itl", "1ms")
        run = self.profile(url, "--isl", "5", "--osl", "2", "--request-count", "20", "--max-consecutive-errors", "1",
                           "--failed-request-threshold", "0")
        self.assertEqual(run.summary["request_count"]["avg"], 20)
        self.assertNotIn("early_end", run.summary["drumfire"])

    def test_a_server_with_nagle_is_named_and_quick_ack_is_the_cure(self):
        url = self.mock("--ttft", "19ms", "--itl", "3ms", "--nagle")
        load = ["--streaming", "--isl", "5", "--osl", "20", "--concurrency", "1", "--request-count", "20"]
        for engine in ("native", "curl"):
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

    def test_no_error_meets_a_goal_on_their_count(self):
        url = self.mock("--ttft", "1ms", "--itl", "1ms")
        run = self.profile(url, "--isl", "5", "--osl", "2", "--request-count", "3", "--fail-if", "error_request_count>0")
        self.assertIn("error_request_count:avg>0: measured 0.00", run.text)


if __name__ == "__main__":
    unittest.main()
