"""A target for tests that write its answers themselves."""
import socketserver
import threading


class Handler(socketserver.StreamRequestHandler):
    """Reads the requests of one connection; keeps it open."""

    def heads(self):
        """The head of each request, once its body is read as well."""
        while head := self._read_head():
            length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
            self.rfile.read(int(length or 0))
            yield head

    def _read_head(self):
        head = b""
        while line := self.rfile.readline():
            head += line
            if line == b"\r\n":
                return head
        return b""


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


def serve(test, handler):
    """Serves until the end of the test; returns the URL."""
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    test.addCleanup(server.server_close)
    test.addCleanup(server.shutdown)
    return f"http://127.0.0.1:{server.server_address[1]}"
