"""One request to one checked machine: no redirect, no proxy, an end in time and bytes whatever the other side does."""

import ssl
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

import httpcore2

from bot.sources.addresses import Address, Resolve, resolved, system_resolve
from bot.sources.deadline import within
from bot.sources.rows import MOST_BYTES, SourceFailed

_MOST_TRIED = 4
_GZIP = zlib.MAX_WBITS | 16
_PIECE = 64 * 1024


class Wire(NamedTuple):
    """How others are reached: who resolves names, which sockets connect, and whose certificates are believed."""

    resolve: Resolve = system_resolve
    network: httpcore2.NetworkBackend = httpcore2.SyncBackend()
    trust: ssl.SSLContext | None = None


PUBLIC = Wire()


class Answer(NamedTuple):
    """What came back: status, headers by lower-case name, and the body as it was before any compression."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(
    address: Address,
    *,
    seconds: float,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    loopback: bool = False,
    wire: Wire = PUBLIC,
) -> Answer:
    """GET an address, or POST a body to it; redirects are given back as they are.

    seconds: for all of it, from the name's resolution to the last byte; loopback: whether this machine itself may be
    spoken to. Raises SourceFailed.
    """
    ends = time.monotonic() + seconds
    machines = within(seconds, lambda: resolved(address, wire.resolve, loopback=loopback))
    network = _Checked(wire.network, {address.host: machines}, ends)
    trust = wire.trust or (httpcore2.default_ssl_context() if address.scheme == "https" else None)
    url = httpcore2.URL(scheme=address.scheme, host=address.host, port=address.port, target=address.target)
    sent = _headers(address, headers or {}, body)
    try:
        with (
            httpcore2.ConnectionPool(ssl_context=trust, network_backend=network, max_connections=1) as pool,
            pool.stream("GET" if body is None else "POST", url, headers=sent, content=body) as response,
        ):
            return _answer(response)
    except (httpcore2.TimeoutException, TimeoutError):
        raise SourceFailed("timeout", f"the service gave no whole answer within {seconds:g} s", passing=True) from None
    except httpcore2.ConnectError as error:
        raise _unconnected(error) from None
    except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError):
        raise SourceFailed("broken", "the service broke off its answer or did not speak HTTP", passing=True) from None


def _answer(response: httpcore2.Response) -> Answer:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    pieces: Iterable[bytes] = response.iter_stream()
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("gzip", "x-gzip"):
        pieces = _unzipped(pieces)
    elif encoding != "identity":
        raise SourceFailed("encoding", "the service packs its answer in a way that was not asked for", passing=False)
    return Answer(response.status, headers, _capped(pieces))


def _capped(pieces: Iterable[bytes]) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > MOST_BYTES:
            problem = f"the answer is larger than {MOST_BYTES // 2**20} MiB; ask for fewer rows or a shorter span"
            raise SourceFailed("too_large", problem, passing=False)
    return bytes(body)


def _unzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack as it comes, a piece at a time, so that a small answer that swells is met by the cap.

    What is packed may come in several members, one after the other (RFC 1952).
    """
    unpacker = zlib.decompressobj(_GZIP)
    try:
        for piece in pieces:
            rest = piece
            while rest:
                if unpacker.eof:
                    unpacker = zlib.decompressobj(_GZIP)
                yield unpacker.decompress(rest, _PIECE)
                rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
        if not unpacker.eof:
            raise SourceFailed("broken", "the service broke off its packed answer", passing=True)
    except zlib.error:
        raise SourceFailed("broken", "the service's packed answer is damaged", passing=True) from None


def _headers(address: Address, more: Mapping[str, str], body: bytes | None) -> list[tuple[bytes | str, bytes | str]]:
    host = f"[{address.host}]" if ":" in address.host else address.host
    if address.port != {"https": 443, "http": 80}[address.scheme]:
        host += f":{address.port}"
    sent = {"Host": host, "Accept-Encoding": "gzip", "User-Agent": "kpi-bot", **more}
    if body is not None:
        sent["Content-Length"] = str(len(body))
    return list(sent.items())


def _unconnected(error: httpcore2.ConnectError) -> SourceFailed:
    causes = (error.__cause__, *error.args)
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        problem = "the service's certificate does not hold for its name; its operators have to mend that"
        return SourceFailed("certificate", problem, passing=False)
    return SourceFailed("unreachable", "the service cannot be reached", passing=True)


class _Checked(httpcore2.NetworkBackend):
    """Connects to the very machines that were checked for a name, whatever the name may stand for by now."""

    def __init__(self, network: httpcore2.NetworkBackend, machines: Mapping[str, tuple[str, ...]], ends: float) -> None:
        self._network, self._machines, self._ends = network, machines, ends

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        def connect(machine: str, share: float) -> httpcore2.NetworkStream:
            seconds = _left(self._ends, timeout) * share
            stream = self._network.connect_tcp(machine, port, seconds, local_address, socket_options)
            return _Bounded(stream, self._ends)

        *others, last = self._machines[host][:_MOST_TRIED]
        for machine in others:
            with suppress(httpcore2.ConnectError, httpcore2.ConnectTimeout):
                return connect(machine, 0.5)
        return connect(last, 1)


class _Bounded(httpcore2.NetworkStream):
    """A connection whose every step ends when the whole reading does, so that dripping bytes buy no time."""

    def __init__(self, stream: httpcore2.NetworkStream, ends: float) -> None:
        self._stream, self._ends = stream, ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._ends, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._ends, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, _left(self._ends, timeout))
        return _Bounded(stream, self._ends)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _left(ends: float, timeout: float | None) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout
    return left if timeout is None else min(left, timeout)
