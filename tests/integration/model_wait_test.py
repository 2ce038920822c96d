"""Does a run wait until its models answer, and say what is missing when they do not?"""
import json
import signal
import socketserver
import threading
import unittest

from drumfire import DrumfireTest, wait_for

ANSWER = {"choices": [{"index": 0, "message": {"content": " a"}}],
          "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}
LOAD = ["--isl", "5", "--osl", "1", "--request-count", "3", "--wait-for-model-interval", "0.05"]


class Frontend(socketserver.StreamRequestHandler):
    """Up at once; its model answers from the server's `ready_at`-th question on."""

    def handle(self):
        while line := self.rfile.readline():
            length = 0
            while (head := self.rfile.readline().strip()):
                if head.lower().startswith(b"content-length:"):
                    length = int(head.split(b":")[1])
            body = self.rfile.read(length)
            self.server.asked.append((line.split()[0].decode(), body))
            status, answer = self.answer(line.startswith(b"GET"), len(self.server.asked) >= self.server.ready_at)
            text = json.dumps(answer).encode()
            self.wfile.write(b"HTTP/1.1 %d x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                             % (status, len(text), text))

    def answer(self, is_list, ready):
        if is_list and self.server.names is None:
            return 404, {"detail": "Not Found"}
        if is_list:
            return 200, {"object": "list", "data": [{"id": name} for name in self.server.names if ready]}
        return (200, ANSWER) if ready else (404, {"message": "Model mock-model not found"})


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


class ModelWait(DrumfireTest):
    def server(self, ready_at=1, names=("mock-model",)):
        server = Server(("127.0.0.1", 0), Frontend)
        server.ready_at, server.names, server.asked = ready_at, names, []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        server.url = f"http://127.0.0.1:{server.server_address[1]}"
        return server

    def test_waits_for_a_model_behind_its_front_end(self):
        for mode in ("inference", "models", "both"):
            server = self.server(ready_at=4)
            run = self.profile(server.url, *LOAD, "--wait-for-model-timeout", "30", "--wait-for-model-mode", mode)
            self.assertIn(run.code, (0, 3), run.err)
            self.assertEqual(run.summary["request_count"]["avg"], 3, mode)
            self.assertNotIn("error_request_count", run.summary, mode)
            self.assertIn("waiting for model \"mock-model\"", run.err)

    def test_a_server_without_a_list_is_not_refused(self):
        server = self.server(names=None)
        run = self.profile(server.url, *LOAD, "--wait-for-model-timeout", "30")
        self.assertIn(run.code, (0, 3), run.err)
        self.assertEqual(run.summary["request_count"]["avg"], 3)

    def test_the_probe_is_a_one_token_request_of_the_same_kind(self):
        server = self.server()
        self.profile(server.url, *LOAD, "--wait-for-model-timeout", "30", "--extra-inputs", "min_tokens:50", "--extra-inputs",
                     "temperature:0.10")
        method, body = server.asked[0]
        self.assertEqual(method, "POST")
        self.assertIn(b'"temperature":0.10', body)
        self.assertEqual(json.loads(body)["max_completion_tokens"], 1)
        self.assertNotIn("min_tokens", json.loads(body))

    def test_a_missing_model_list_suggests_the_other_mode(self):
        server = self.server(names=None)
        run = self.profile(server.url, *LOAD, "--wait-for-model-timeout", "0.2", "--wait-for-model-mode", "models")
        self.assertEqual(run.code, 2)
        self.assertIn(f"{server.url}/v1/models after 0.2 s: status 404", run.err)
        self.assertIn("try: --wait-for-model-mode inference", run.err)

    def test_a_silent_model_is_named_with_the_listed_names(self):
        server = self.server(ready_at=1000, names=("other",))
        run = self.profile(server.url, *LOAD, "--wait-for-model-timeout", "0.2")
        self.assertEqual(run.code, 2)
        self.assertIn(f'model "mock-model" is not answering at {server.url}/v1/chat/completions after 0.2 s: status 404', run.err)
        server.ready_at = 1
        run = self.profile(server.url, *LOAD, "--wait-for-model-timeout", "0.2", "--wait-for-model-mode", "models")
        self.assertEqual(run.code, 2)
        self.assertIn('it lists "other"; try: check --model', run.err)

    def test_an_unlisted_model_that_answers_is_a_note(self):
        server = self.server(names=("other",))
        run = self.profile(server.url, *LOAD, "--wait-for-model-timeout", "30")
        self.assertIn(run.code, (0, 3), run.err)
        self.assertIn('the server lists "other"', run.text)

    def test_an_interrupt_ends_the_wait(self):
        server = self.server(ready_at=10**9)
        _, process = self.start_run(server.url, *LOAD, "--wait-for-model-timeout", "3600")
        wait_for(lambda: len(server.asked) > 1, "questions", process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 1, err)
        self.assertIn("stopped before the start", err)


if __name__ == "__main__":
    unittest.main()
