"""The least that can answer a command: an endpoint that checks the signature and says a word, and how long that took
it. Run as a program."""

import hashlib
import hmac
import socketserver
import sys
import time

ANSWER = b'{"text": "Churn rate is 2.1 %%", "own_ms": %.6f}'
_HEAD = b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


class Endpoint(socketserver.StreamRequestHandler):
    """One connection, kept open."""

    secret = b""
    disable_nagle_algorithm = True

    def handle(self) -> None:
        """Answer request after request."""
        while self.rfile.readline():
            headers = dict(self._headers())
            body = self.rfile.read(int(headers[b"content-length"]))
            # What it takes to arrive is the sender's; from here on it is the app's own.
            began = time.perf_counter()
            signed = b"v0:" + headers[b"x-slack-request-timestamp"] + b":" + body
            right = "v0=" + hmac.new(self.secret, signed, hashlib.sha256).hexdigest()
            is_right = hmac.compare_digest(right.encode(), headers[b"x-slack-signature"])
            own = ANSWER % ((time.perf_counter() - began) * 1000)
            status, answer = (b"200 OK", own) if is_right else (b"401 Unauthorized", b"{}")
            self.wfile.write(_HEAD % (status, len(answer)) + answer)

    def _headers(self) -> list[tuple[bytes, bytes]]:
        found = []
        while line := self.rfile.readline().strip():
            name, _, value = line.partition(b":")
            found.append((name.lower(), value.strip()))
        return found


class Server(socketserver.ThreadingTCPServer):
    """A thread a connection."""

    daemon_threads = True
    request_queue_size = 100


if __name__ == "__main__":
    Endpoint.secret = sys.argv[1].encode()
    with Server(("127.0.0.1", 0), Endpoint) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}/slack/events", flush=True)
        server.serve_forever()
