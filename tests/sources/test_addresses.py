import socket
from collections.abc import Iterator, Sequence

import pytest

from bot.core.source import Connection, Source
from bot.sources import http_json, sheet
from bot.sources.addresses import check_listed, may_reach, read_address, system_resolve
from bot.sources.rows import SourceFailed
from bot.sources.web import Wire
from tests.sources.asking import SPAN
from tests.sources.servers import Server, answer, serving

# Every line is one way to name a machine that must not be spoken to; {port} is that of a listener on this machine.
CLOSED = """
https://127.0.0.1:{port}/
https://127.0.0.2:{port}/
https://127.255.255.254:{port}/
https://127.1:{port}/
https://127.0.1:{port}/
https://2130706433:{port}/
https://017700000001:{port}/
https://0x7f000001:{port}/
https://0x7F000001:{port}/
https://0X7f.0.0.1:{port}/
https://0x7f.1:{port}/
https://0177.0.0.1:{port}/
https://0177.0.0.0x1:{port}/
https://00000177.0.0.1:{port}/
https://127.000.000.001:{port}/
https://127.0.0.1.:{port}/
https://127.0.0.0x1:{port}/
https://0:{port}/
https://0x:{port}/
https://0.0.0.0:{port}/
https://0.0.0.0.:{port}/
https://4294967295:{port}/
https://10.0.0.1:{port}/
https://012.0.0.1:{port}/
https://167772161:{port}/
https://172.16.0.1:{port}/
https://172.31.255.254:{port}/
https://192.168.1.1:{port}/
https://192.168.257:{port}/
https://169.254.169.254/latest/meta-data/
https://2852039166/latest/meta-data/
https://0xA9FEA9FE/latest/meta-data/
https://0251.0376.0251.0376/latest/meta-data/
https://100.64.0.1/
https://100.100.100.200/latest/meta-data/
https://192.0.0.192/latest/
https://168.63.129.16/machine
https://198.18.0.1/
https://192.0.2.1/
https://203.0.113.5/
https://192.88.99.1/
https://224.0.0.1/
https://240.0.0.1/
https://255.255.255.255/
https://[::1]:{port}/
https://[::]:{port}/
https://[0:0:0:0:0:0:0:1]:{port}/
https://[0000::0001]:{port}/
https://[::ffff:127.0.0.1]:{port}/
https://[::ffff:7f00:1]:{port}/
https://[::FFFF:0:7f00:1]:{port}/
https://[::127.0.0.1]:{port}/
https://[64:ff9b::127.0.0.1]:{port}/
https://[64:ff9b::a9fe:a9fe]/latest/meta-data/
https://[64:ff9b:1::10.0.0.1]/
https://[2002:7f00:1::]:{port}/
https://[2002:a9fe:a9fe::1]/
https://[2001:0:7f00:1::]:{port}/
https://[fe80::1]:{port}/
https://[fe80::1%25lo]:{port}/
https://[fe80::1%lo]:{port}/
https://[::1%25lo]:{port}/
https://[fc00::1]/
https://[fd00:ec2::254]/latest/meta-data/
https://[fec0::1]/
https://[ff02::1]/
https://[100::1]/
https://[2001:db8::1]/
https://[3fff::1]/
https://[v1.127.0.0.1]:{port}/
https://[127.0.0.1]:{port}/
https://api.example.com@127.0.0.1:{port}/
https://api.example.com:443@127.0.0.1:{port}/
https://user:password@localhost:{port}/
https://@localhost:{port}/
https://127.0.0.1:{port}#@api.example.com/
https://127.0.0.1:{port}?@api.example.com/
https://127.0.0.1:{port}\\@api.example.com/
https://api.example.com\\@127.0.0.1:{port}/
https://127.0.0.1:{port}%2f@api.example.com/
https://%31%32%37.0.0.1:{port}/
https://127%2e0%2e0%2e1:{port}/
https://127。0。0。1:{port}/
https://\uff11\uff12\uff17.\uff10.\uff10.\uff11:{port}/
https://127。0.0.1:{port}/
https://127\uff0e0\uff0e0\uff0e1:{port}/
https://①②⑦.⓪.⓪.①:{port}/
https://ⓛocalhost:{port}/
https://localhoſt:{port}/
https://loc\u00adalhost:{port}/
https://127.0.0.1\u200b:{port}/
https://127.0.0.1\t:{port}/
https://127.0.0.1\r.example.com:{port}/
 https://127.0.0.1:{port}/
https:// 127.0.0.1:{port}/
https://localhost:{port}/
https://LOCALHOST:{port}/
https://localhost.:{port}/
https://localhost..:{port}/
https://localhost.localdomain:{port}/
https://anything.localhost:{port}/
https://metadata.google.internal/computeMetadata/v1/
https://METADATA.google.internal./computeMetadata/v1/
https://metadata/latest/
https://printer.local/
https://router.lan/
https://nas.home.arpa/
https://kubernetes/api
https://kubernetes.default.svc.cluster.local/
http://127.0.0.1:{port}/
http://localhost:{port}/
http://[::1]:{port}/
http://api.example.com/
https:127.0.0.1:{port}/
https:/127.0.0.1:{port}/
https:///127.0.0.1:{port}/
//127.0.0.1:{port}/
127.0.0.1:{port}/
HTTP://127.0.0.1:{port}/
file:///etc/passwd
ftp://127.0.0.1:{port}/
gopher://127.0.0.1:{port}/_GET
unix:///var/run/docker.sock
data:application/json,1
https://127.0.0.1:99999/
https://127.0.0.1:0/
https://127.0.0.1:/
https://127.0.0.1:{port}:443/
https://-.example.com/
https://inside.example.com/
https://loopback.example.com:{port}/
https://shared.example.com/
https://link.example.com/
https://six.example.com:{port}/
https://mapped.example.com:{port}/
https://translated.example.com/
https://tunnelled.example.com/
https://zoned.example.com/
https://unspecified.example.com:{port}/
https://mixed.example.com:{port}/
https://mixed-six.example.com:{port}/
https://127.0.0.1.nip.io:{port}/
https://xn--lcalhost-6bb.example.com:{port}/
https://odd.example.com:{port}/
"""

NAMES = {
    "inside.example.com": ["10.0.0.8"],
    "loopback.example.com": ["127.0.0.1"],
    "shared.example.com": ["100.64.3.4"],
    "link.example.com": ["169.254.169.254"],
    "six.example.com": ["::1"],
    "mapped.example.com": ["::ffff:127.0.0.1"],
    "translated.example.com": ["64:ff9b::7f00:1"],
    "tunnelled.example.com": ["2002:7f00:1::"],
    "zoned.example.com": ["fe80::1%lo"],
    "unspecified.example.com": ["0.0.0.0"],
    "mixed.example.com": ["93.184.216.34", "127.0.0.1"],
    "mixed-six.example.com": ["2606:2800:220:1:248:1893:25c8:1946", "::1"],
    "127.0.0.1.nip.io": ["127.0.0.1"],
    "xn--lcalhost-6bb.example.com": ["127.0.0.1"],
    "odd.example.com": ["127.1"],
}


def resolve(host: str, port: int) -> Sequence[str]:
    """Names by the table above, numbers in every spelling as the machine's own resolver takes them."""
    return NAMES[host] if host in NAMES else system_resolve(host, port)


def spellings() -> list[str]:
    return [line for line in CLOSED.split("\n") if line.strip()]


@pytest.fixture(scope="module")
def listener() -> Iterator[Server]:
    with serving(answer("1")) as server:
        yield server


def connection_to(address: str, *hosts: str) -> Connection:
    """Give a connection as the rules would hold it, even when they would refuse its address sooner."""
    return Connection.model_construct(key="api", http=address, hosts=hosts, seconds=3)


def test_the_table_holds_more_than_a_hundred_spellings() -> None:
    assert len(set(spellings())) == len(spellings()) > 100


@pytest.mark.parametrize("spelling", spellings())
def test_a_private_address_is_refused_before_a_byte_is_sent(spelling: str, listener: Server) -> None:
    address = spelling.replace("{port}", str(listener.port))
    source = Source(connection="api")
    with pytest.raises(SourceFailed) as refused:
        http_json.read(source, connection_to(address), token="secret-token", span=SPAN, wire=Wire(resolve))
    assert (refused.value.code, refused.value.passing) == ("address", False)
    assert "secret-token" not in str(refused.value)
    assert listener.callers == 0


@pytest.mark.parametrize("spelling", spellings())
def test_a_private_address_in_a_path_is_refused_too(spelling: str, listener: Server) -> None:
    address = spelling.replace("{port}", str(listener.port))
    source = Source.model_construct(connection="api", path=address)
    connection = connection_to("https://loopback.example.com", "127.0.0.1", f"localhost:{listener.port}")
    with pytest.raises(SourceFailed) as refused:
        http_json.read(source, connection, token=None, span=SPAN, wire=Wire(resolve))
    assert refused.value.code == "address"
    assert listener.callers == 0


@pytest.mark.parametrize("spelling", spellings())
def test_a_private_address_is_no_sheet(spelling: str, listener: Server) -> None:
    connection = Connection.model_construct(
        key="board", sheet=spelling.replace("{port}", str(listener.port)), seconds=3
    )
    with pytest.raises(SourceFailed) as refused:
        sheet.read(Source(connection="board"), connection, span=SPAN, wire=Wire(resolve))
    assert refused.value.code == "address"
    assert listener.callers == 0


def test_the_listener_would_have_seen_a_caller(listener: Server) -> None:
    with serving(answer("1")) as other, socket.create_connection(("127.0.0.1", other.port)) as caller:
        caller.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert caller.recv(12) == b"HTTP/1.1 200"
        assert other.callers == 1


@pytest.mark.parametrize(
    "spelling", ["https://127.0.0.2:{port}/", "https://127.1:{port}/", "https://loopback.example.com:{port}/"]
)
def test_loopback_opens_this_machine_by_its_plain_names_alone(spelling: str, listener: Server) -> None:
    connection = connection_to(spelling.replace("{port}", str(listener.port)))
    connection = connection.model_copy(update={"loopback": True})
    with pytest.raises(SourceFailed, match=r"private|plain|number") as refused:
        http_json.read(Source(connection="api"), connection, token=None, span=SPAN, wire=Wire(resolve))
    assert refused.value.code == "address"
    assert listener.callers == 0


def test_loopback_opens_no_other_private_machine() -> None:
    assert not may_reach("10.0.0.1", loopback=True)
    assert not may_reach("169.254.169.254", loopback=True)
    assert not may_reach("::1%lo", loopback=True)
    assert may_reach("127.0.0.1", loopback=True)
    assert may_reach("::1", loopback=True)


@pytest.mark.parametrize(
    "public", ["93.184.216.34", "8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"]
)
def test_public_addresses_may_be_reached(public: str) -> None:
    assert may_reach(public)


def test_an_address_is_taken_apart() -> None:
    assert read_address("https://API.example.com:8443/v1/churn?month=2026-11") == (
        "https",
        "api.example.com",
        8443,
        "/v1/churn?month=2026-11",
    )
    assert read_address("https://93.184.216.34").target == "/"
    assert read_address("https://[2606:4700::1111]/").host == "2606:4700::1111"
    assert read_address("https://_dns-sd.xn--bcher-kva.example/").host == "_dns-sd.xn--bcher-kva.example"


def test_a_host_and_port_must_be_listed() -> None:
    listed = ["api.example.com:443", "other.example.com", "third.example.com:8443", "[2606:4700::1111]:443"]
    for address in ("https://other.example.com/", "https://third.example.com:8443/", "https://[2606:4700::1111]/"):
        check_listed(read_address(address), listed)
    for address in ("https://other.example.com:8443/", "https://third.example.com/", "https://x.other.example.com/"):
        with pytest.raises(SourceFailed, match="hosts"):
            check_listed(read_address(address), listed)


def test_a_name_nobody_knows_may_be_known_later() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror

    with pytest.raises(SourceFailed) as failed:
        http_json.read(
            Source(connection="api"),
            connection_to("https://api.example.com"),
            token=None,
            span=SPAN,
            wire=Wire(unknown),
        )
    assert (failed.value.code, failed.value.passing) == ("unknown_host", True)


def test_a_letter_beyond_ascii_is_told_with_how_to_write_it_in_a_path_and_in_a_host() -> None:
    for address in ("https://api.example.com/é", "https://bücher.example.com/"):
        with pytest.raises(SourceFailed) as failed:
            read_address(address)
        assert "%C3%A9 in a path" in failed.value.problem
        assert "xn--… in a host" in failed.value.problem
