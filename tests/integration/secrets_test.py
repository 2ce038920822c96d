"""Does a run with secrets leave them out of everything it writes and prints, whatever its server sends back?"""
import json
import unittest
from pathlib import Path

from drumfire import DrumfireTest, wait_for
from http_target import Handler, serve

MARKERS = ["MARKER-APIKEY", "MARKER-COOKIE", "MARKER-QUERY", "MARKER-HEADER"]
SECRETS = ["--api-key", "MARKER-APIKEY", "-H", "Cookie: a=b; session=MARKER-COOKIE", "-H", "X-Tenant-Token: MARKER-HEADER"]
QUERY = "/v1?x=1&api_key=MARKER-QUERY"
LOAD = ["--isl", "5", "--osl", "2", "--concurrency", "2", "--request-count", "6", "--local-workers", "2"]


class Echo(Handler):
    """Sends back the head of each request: as the body of a 401, in an event, in the status line, or in a body that is no answer."""
    seen = []

    def handle(self):
        for head in self.heads():
            self.wfile.write(self.answer(head.decode()))

    def answer(self, head):
        type(self).seen.append(head)
        kind = len(type(self).seen) % 4
        if kind == 0:
            return whole("401 Unauthorized", head)
        if kind == 1:
            line = head.replace("\r\n", " ")
            return whole("200 OK", f"data: {json.dumps({'error': line})}\n\n", "text/event-stream")
        if kind == 2:
            return whole("403 " + head.replace("\r\n", " ")[:300], "")
        return whole("200 OK", "<html>" + head)


def whole(status, body, content_type="text/plain"):
    return (f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()


class Secrets(DrumfireTest):
    def echo(self):
        Echo.seen = []
        return serve(self, Echo)

    def assert_no_marker(self, run):
        files = [path for path in run.folder.rglob("*") if path.is_file()]
        self.assertIn("run.json", [path.name for path in files])
        said = {str(path): path.read_bytes() for path in files}
        said["output"], said["errors"] = run.out.encode(), run.err.encode()
        for where, text in said.items():
            for marker in MARKERS:
                self.assertNotIn(marker.encode(), text, where)

    def test_a_server_that_echoes_requests_gets_no_secret_into_a_file(self):
        for engine in ("native", "curl"):
            url = self.echo()
            run = self.profile(url + QUERY, *LOAD, *SECRETS, "--streaming", "--engine", engine)
            for marker in MARKERS:  # they were sent
                self.assertIn(marker, "".join(Echo.seen))
            self.assertEqual(run.summary["error_request_count"]["avg"], 6, run.out)
            self.assertIn("<redacted>", json.dumps(run.summary["error_summary"]))
            self.assert_no_marker(run)
            again = self.drumfire("report", run.folder, folder=run.folder)
            self.assert_no_marker(again)

    def test_waiting_for_a_model_shows_no_secret(self):
        for mode in ("models", "inference"):
            run = self.profile(self.echo() + QUERY, *LOAD, *SECRETS, "--wait-for-model-timeout", "0.1", "--wait-for-model-mode", mode)
            self.assertEqual(run.code, 2, run.err)
            self.assertIn("MARKER-QUERY", Echo.seen[0])
            for marker in MARKERS:
                self.assertNotIn(marker, run.out + run.err)

    def test_errors_and_dry_runs_show_no_secret(self):
        for arguments in (["http://h:0" + QUERY], ["http://127.0.0.1:9" + QUERY, "--dry-run", "--schedule-out", "-", "--export-level", "records"]):
            run = self.profile(arguments[0], *LOAD, *SECRETS, *arguments[1:])
            for marker in MARKERS:
                self.assertNotIn(marker, run.out + run.err)

    def test_the_endpoints_query_is_sent_and_not_stored(self):
        run = self.profile(self.echo(), *LOAD, "--endpoint", "/v1/chat?sig=MARKER-QUERY")
        self.assertIn("POST /v1/chat?sig=MARKER-QUERY HTTP/1.1", Echo.seen[0])
        self.assert_no_marker(run)

    def test_processes_with_secrets_leave_their_memory_out_of_core_dumps(self):
        url = self.mock("--ttft", "20s", "--itl", "1ms")
        worker = self.start_worker()
        self.assertNotEqual(self.dump_filter(worker), "00000010")
        _, run = self.start_run(url, *LOAD[:-2], "--workers", worker.address, *SECRETS)
        wait_for(lambda: self.dump_filter(worker) == "00000010", "the worker's filter", run)
        self.assertEqual(self.dump_filter(run), "00000010")
        run.terminate()
        run.communicate()

    def dump_filter(self, process):
        return Path(f"/proc/{process.pid}/coredump_filter").read_text().strip()


if __name__ == "__main__":
    unittest.main()
