"""Servers on this machine that answer as told, byte by byte, and remember who came."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpcore2

from bot.sources.web import Wire

PUBLIC_MACHINE = "93.184.216.34"
Reply = bytes | Callable[[socket.socket], None]


class Server:
    """A listener that gives each caller the same reply, or the next of several; visits are what callers sent."""

    def __init__(self, replies: list[Reply], trust: ssl.SSLContext | None = None) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.02)
        self._replies, self._trust = replies, trust
        self.port: int = self._listener.getsockname()[1]
        self.callers = 0
        self.visits: list[bytes] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while not self._ended.is_set():
            try:
                caller, _ = self._listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            self.callers += 1
            threading.Thread(target=self._answer, args=(caller, self.callers - 1), daemon=True).start()

    def _answer(self, caller: socket.socket, number: int) -> None:
        caller.settimeout(5)
        try:
            with self._trust.wrap_socket(caller, server_side=True) if self._trust else caller as stream:
                self.visits.append(_request(stream))
                reply = self._replies[min(number, len(self._replies) - 1)]
                if isinstance(reply, bytes):
                    stream.sendall(reply)
                else:
                    reply(stream)
        except OSError:
            return


def _request(stream: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = stream.recv(65536)
        if not piece:
            return received
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    wanted = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < wanted:
        body += stream.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def serving(*replies: Reply, trust: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Run a server for a block."""
    server = Server(list(replies), trust)
    try:
        yield server
    finally:
        server.close()


def answer(body: bytes | str, kind: str = "application/json", status: str = "200 OK", *more: str) -> bytes:
    """Give a whole HTTP answer."""
    payload = body.encode() if isinstance(body, str) else body
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(payload)}",
        "Connection: close",
        *more,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + payload


class Rerouted(httpcore2.SyncBackend):
    """Leads every connection to one port of this machine, and remembers to which machine it was meant."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.meant: list[tuple[str, int]] = []

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        self.meant.append((host, port))
        return super().connect_tcp("127.0.0.1", self._port, timeout, local_address, socket_options)


class Certificates:
    """Certificates of an authority that only these tests know."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        names = ("api.example.com", "docs.google.com", "doc-0s-sheets.googleusercontent.com")
        self._make("good", names)
        self._make("other", ("elsewhere.example.org",))

    def _make(self, name: str, hosts: tuple[str, ...]) -> None:
        listed = ",".join(f"DNS:{host}" for host in hosts)
        made = ("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
        where = ("-keyout", str(self._folder / f"{name}.key"), "-out", str(self._folder / f"{name}.pem"))
        named = ("-subj", "/CN=tests", "-addext", f"subjectAltName={listed}")
        subprocess.run(("openssl", *made, *where, *named), check=True, capture_output=True)

    def server(self, name: str = "good") -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        return context

    def wire(self, network: httpcore2.NetworkBackend, name: str = "good") -> Wire:
        """Give a wire on which every name stands for one public machine, reached over the given network."""
        trust = ssl.create_default_context(cafile=str(self._folder / f"{name}.pem"))
        return Wire(lambda host, port: [PUBLIC_MACHINE], network, trust)
