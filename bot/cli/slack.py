"""``manifest`` and ``sandbox``: the Slack app to install, and a stand-in for Slack to try things on."""

from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot.core.errors import BadInput

_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


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
    port: Annotated[int, typer.Option(help="Where it listens, on this machine only")] = 8001,
    request_url: Annotated[
        str | None, typer.Option(help="The bot's POST /slack/events for signed HTTP; left out: Socket Mode")
    ] = None,
) -> None:
    """Run the stand-in for Slack alone: Web API, both transports, and its page."""
    from bot.cli import stage
    from bot.cli.waiting import Stop
    from bot.rulebook import read_policy, shipped_rules
    from bot.sandbox import serve
    from bot.settings import read_settings

    settings = read_settings()
    policy = read_policy(settings.rules or shipped_rules())
    secret = settings.slack_signing_secret or "sandbox-signing-secret"
    room = stage.build_sandbox(policy, signing_secret=secret, rate_limits=True)
    room.connect(request_url)
    with serve(room, port=port) as address:
        print(f"sandbox: {address}  (SLACK_API_URL={room.api_url} SLACK_BOT_TOKEN=xoxb-sandbox)", flush=True)
        Stop().wait()
