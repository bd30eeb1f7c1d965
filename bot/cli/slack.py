"""``manifest`` and ``sandbox``: the Slack app to install, and a stand-in for Slack to try things on."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from bot.core.errors import BadInput

if TYPE_CHECKING:
    from bot.sandbox import Sandbox
    from bot.settings import Settings

    RequestUrls = Mapping[str, str]

_HERE = "127.0.0.1"
_EXAMPLE = f"http://{_HERE}:3000/slack/events"
_THIS_MACHINE = ("localhost", _HERE, "::1")


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command()(manifest)
    app.command()(sandbox)


def manifest(
    url: Annotated[str | None, typer.Option(help="kpi-bot's public https address; left out: Socket Mode")] = None,
    with_history: Annotated[
        bool, typer.Option(help="Also ask for reading history, so that a crash never repeats a message")
    ] = False,
) -> None:
    """Print the app manifest to paste at api.slack.com/apps."""
    import json

    from bot.slack import manifest as app_manifest

    if url is not None and not _reachable(url):
        raise BadInput("--url", f"'{url[:80]}' is no public https address", "Write one such as https://kpi.example.com")
    print(json.dumps(app_manifest.manifest(url=url, history=with_history), indent=2, ensure_ascii=False))


def _reachable(url: str) -> bool:
    """Say whether Slack can call this address: https and a host; http only for trying out on one machine."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    plain = parts.scheme == "http" and host in _THIS_MACHINE
    strange = parts.query or parts.fragment or "@" in parts.netloc or any(letter.isspace() for letter in url)
    return bool(host) and (parts.scheme == "https" or plain) and not strange


def sandbox(
    port: Annotated[int, typer.Option(help="Where it listens; 0 takes any free port")] = 8001,
    host: Annotated[str, typer.Option(help="On which address; others than this machine's let strangers in")] = _HERE,
    manifest: Annotated[
        Path | None, typer.Option(help="Your own app's Slack manifest as JSON; left out: kpi-bot in its sample company")
    ] = None,
    people: Annotated[
        Path | None, typer.Option(help="With --manifest: who is in the workspace, as JSON; left out: a small company")
    ] = None,
    request_url: Annotated[
        str | None, typer.Option(help="Where the app takes Slack's signed requests; http:// is fine on this machine")
    ] = None,
    socket_mode: Annotated[
        bool, typer.Option("--socket-mode", help="Reach the app by Socket Mode, whatever its manifest says")
    ] = False,
    rate_limits: Annotated[bool, typer.Option(help="Refuse calls that come too fast, as Slack does")] = True,
    with_history: Annotated[
        bool,
        typer.Option("--with-history", help="Without --manifest: grant kpi-bot the scopes for reading history too"),
    ] = False,
) -> None:
    """Run the stand-in for Slack alone, for kpi-bot or for your own app: Web API, both transports, and its page."""
    from bot.cli.waiting import Stop
    from bot.sandbox import serve
    from bot.sandbox.hosting import environment_of
    from bot.settings import read_settings

    if socket_mode and request_url is not None:
        raise BadInput("--socket-mode", "it is given beside --request-url", "Name one way to reach the app")
    if request_url is not None and not _is_web_address(request_url):
        raise BadInput("--request-url", f"'{request_url[:80]}' is no web address", f"Write one such as {_EXAMPLE}")
    if request_url is not None and urlsplit(request_url).hostname not in _THIS_MACHINE:
        print(f"--request-url {request_url}: what people do here is sent to another machine", file=sys.stderr)
    if manifest is None and people is not None:
        raise BadInput("--people", "it is given without --manifest", "The sample company has its own people")
    settings = read_settings()
    secret = settings.slack_signing_secret or "sandbox-signing-secret"
    if manifest is None:
        room = _sample_company(settings, secret, with_history=with_history, rate_limits=rate_limits)
        target = request_url
    else:
        room, urls = _own_app(manifest, people, secret, rate_limits=rate_limits)
        target = None if socket_mode else _request_url(manifest.name, urls, request_url)
    room.connect(target)
    if host not in _THIS_MACHINE:
        print(f"--host {host}: whoever reaches this address can act as anybody and read everything", file=sys.stderr)
    stop = Stop()
    with serve(room, host=host, port=port) as address:
        given = environment_of(room)
        if settings.slack_signing_secret and target:
            given.pop("SLACK_SIGNING_SECRET")  # it is set already, and a real one is not for the screen
        print(_welcome(room.workspace.app.name, address, target, given), flush=True)
        if manifest is not None:
            print("  slack_sdk does not read SLACK_API_URL by itself: WebClient(base_url=…).\n", flush=True)
        stop.wait()


def _sample_company(settings: "Settings", secret: str, *, with_history: bool, rate_limits: bool) -> "Sandbox":
    """Make the sample company with kpi-bot in it, which may do what its own manifest asks for and no more."""
    from bot.cli import stage
    from bot.rulebook import read_policy, shipped_rules
    from bot.sandbox import SandboxClock

    room = stage.build_sandbox(
        read_policy(settings.rules or shipped_rules()),
        clock=SandboxClock(running=True),
        signing_secret=secret,
        rate_limits=rate_limits,
        history=with_history,
    )
    room.tour = ()  # its steps need the demo's events
    return room


def _own_app(manifest: Path, people: Path | None, secret: str, *, rate_limits: bool) -> "tuple[Sandbox, RequestUrls]":
    """Make a workspace with somebody's own app in it; gives where its manifest wants to be called, too."""
    from bot.sandbox import Sandbox, SandboxClock
    from bot.sandbox.app_manifest import read_manifest
    from bot.sandbox.small_company import SMALL_COMPANY, read_company

    read = read_manifest(manifest)
    for remark in read.remarks:
        print(f"{manifest.name}: {remark}", file=sys.stderr)
    company = read_company(people) if people else SMALL_COMPANY
    room = Sandbox(
        company.people,
        company.channels,
        company.user_groups,
        company=company.name,
        clock=SandboxClock(running=True),
        app=read.app,
        scopes=read.scopes,
        signing_secret=secret,
        rate_limits=rate_limits,
    )
    return room, read.request_urls


def _request_url(name: str, urls: "RequestUrls", given: str | None) -> str | None:
    """Choose where signed requests go: what is given, else what the manifest says of this machine.

    None: Socket Mode, or an app that is never called. BadInput when the manifest's own addresses cannot serve.
    """
    if given is not None or not urls:
        return given
    remedy = f"Name the app's address here, such as --request-url {_EXAMPLE}, or --socket-mode"
    for place, url in urls.items():
        if not _is_web_address(url) or urlsplit(url).hostname not in _THIS_MACHINE:
            raise BadInput(f"{name}: {place}", f"'{url[:80]}' is not on this machine", remedy)
    if len(set(urls.values())) > 1:
        raise BadInput(name, f"it names several request URLs ({', '.join(urls)}); one takes everything here", remedy)
    return next(iter(urls.values()))


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(host) and parts.scheme in ("http", "https")


def _welcome(app: str, address: str, target: str | None, given: Mapping[str, str]) -> str:
    """Say where the page is, how the app is reached, and the environment to give it."""
    reached = f"by signed HTTP at {target}" if target else "by Socket Mode, as soon as it connects"
    lines = "\n".join(f"    export {name}={value}" for name, value in given.items())
    return (
        f"\n  sandbox: open {address}\n\n  {app} is reached {reached}.\n  Give it this environment:\n\n{lines}\n\n"
        "  Ctrl-C ends the sandbox.\n"
    )
