"""Which addresses may be spoken to: plain https ones of public machines that a connection names, and no others."""

import re
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from bot.sources.rows import SourceFailed

Resolve = Callable[[str, int], Sequence[str]]
"""From a host's name and port to the internet addresses it stands for."""

_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*", re.IGNORECASE)
_PRINTABLE = re.compile(r"[!-~]+")
_INSIDE = ("localhost", "local", "localdomain", "internal", "intranet", "private", "corp", "home", "lan", "home.arpa")
"""Ends of names that stand for machines inside some network (RFC 6761, RFC 6762, RFC 8375, ICANN's ``internal``)."""

_CLOSED = tuple(
    ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # one cloud's own helper for its machines, in public space
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
)
"""What IANA's registries of special addresses keep from the public internet; Python's own list varies by version."""
_PUBLIC_V6 = IPv6Network("2000::/3")
"""All that is given out to machines in IPv6; mapped, translated, local and link addresses lie outside."""


class Address(NamedTuple):
    """An address that has been read: what to connect to, and what to ask for there; host in lower case."""

    scheme: str
    host: str
    port: int
    target: str


def read_address(text: str, *, loopback: bool = False) -> Address:
    """Read an https address; http and this machine itself are taken when loopback says so.

    Every address can be written in many ways; only the plain one is taken, so that what is checked is what is meant.
    Raises SourceFailed.
    """
    parts = _split(text)
    host = (parts.hostname or "").lower()
    _check_parts(parts, text)
    _check_host(host, loopback=loopback)
    if parts.scheme != "https" and not (loopback and parts.scheme == "http" and _names_this_machine(host)):
        raise _refused("the address must begin with https://")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(parts.scheme, host, port, target)


def check_listed(address: Address, hosts: Sequence[str]) -> None:
    """Raise SourceFailed unless ``host`` or ``host:port`` is listed; a host without a port stands for port 443."""
    for listed in hosts:
        host, port = _host_and_port(listed)
        if (host, port) == (address.host, address.port):
            return
    problem = "the address names a host or port that the connection does not list; add it to the connection's hosts"
    raise _refused(problem)


def resolved(address: Address, resolve: Resolve, *, loopback: bool = False) -> tuple[str, ...]:
    """Give the internet addresses of a host, each of them checked; to be connected to as they stand, never by name.

    One closed address among them refuses them all. Raises SourceFailed.
    """
    try:
        found = tuple(dict.fromkeys(resolve(address.host, address.port)))
    except (OSError, UnicodeError):
        raise SourceFailed("unknown_host", "the host's name is not known; check its spelling", passing=True) from None
    if not found:
        raise SourceFailed("unknown_host", "the host's name has no address", passing=True)
    allowed = loopback and _names_this_machine(address.host)
    if not all(may_reach(one, loopback=allowed) for one in found):
        raise _refused("the host stands for a private or reserved address; sources are read from public hosts only")
    return found


def may_reach(text: str, *, loopback: bool = False) -> bool:
    """Tell whether an internet address, as a resolver writes it, is a public one (or this machine, with loopback)."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if loopback and address.is_loopback and not getattr(address, "scope_id", None):
        return True
    return is_public(address)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address is given out to a machine on the public internet."""
    if isinstance(address, IPv6Address) and (address.scope_id or address not in _PUBLIC_V6):
        return False
    return not any(address in network for network in _CLOSED if network.version == address.version)


def system_resolve(host: str, port: int) -> list[str]:
    """Ask the machine's resolver. Raises OSError when it does not know the host."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _split(text: str) -> SplitResult:
    if not _PRINTABLE.fullmatch(text):
        raise _refused(
            "the address has a space or a letter beyond plain ASCII; write it as %C3%A9 in a path, as xn--… in a host"
        )
    try:
        parts = urlsplit(text)
        _ = parts.port, parts.hostname
    except ValueError:
        raise _refused("the address cannot be read; write it as https://host/path") from None
    return parts


def _check_parts(parts: SplitResult, text: str) -> None:
    if "\\" in text or "%" in parts.netloc or not parts.netloc:
        raise _refused("the address cannot be read; write it as https://host/path")
    if "@" in parts.netloc:
        raise _refused("the address holds a user or password; put a token in the connection's token instead")
    if parts.netloc.endswith(":") or parts.port == 0:
        raise _refused("the address has no port after its colon")
    if "#" in text:
        raise _refused("the address has a part after #, which is never sent; leave it out")


def _check_host(host: str, *, loopback: bool) -> None:
    if loopback and _names_this_machine(host):
        return
    if ":" in host or _ends_in_number(host):
        _check_number(host)
    elif host.endswith(".") or not _NAME.fullmatch(host):
        raise _refused("the host is no plain name; write it as in api.example.com")
    elif "." not in host or host.endswith(tuple(f".{end}" for end in _INSIDE)):
        raise _refused("the host is a machine inside a network; sources are read from public hosts only")


def _check_number(host: str) -> None:
    """Take an internet address only as its plain form: no octal, hexadecimal, shortened or zoned one."""
    try:
        address = ip_address(host)
    except ValueError:
        raise _refused("the host is a number in an unusual form; write the host's name") from None
    if not is_public(address):
        raise _refused("the host is a private or reserved address; sources are read from public hosts only")


def _ends_in_number(host: str) -> bool:
    last = host.rstrip(".").rpartition(".")[2]
    return last.isdecimal() or re.fullmatch(r"0x[0-9a-f]*", last) is not None


def _names_this_machine(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


def _host_and_port(listed: str) -> tuple[str, int]:
    host, colon, port = listed.lower().rpartition(":")
    return (host.strip("[]"), int(port)) if colon and port.isdecimal() else (listed.lower().strip("[]"), 443)


def _refused(problem: str) -> SourceFailed:
    return SourceFailed("address", problem, passing=False)
