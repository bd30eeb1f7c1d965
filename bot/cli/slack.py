"""``manifest`` and ``sandbox``: the Slack app to install, and a stand-in for Slack to try things on."""

from typing import Annotated

import typer


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

    print(json.dumps(app_manifest.manifest(url=url, history=with_history), indent=2, ensure_ascii=False))


def sandbox(
    port: Annotated[int, typer.Option(help="Where it listens, on this machine only")] = 8001,
    request_url: Annotated[
        str | None, typer.Option(help="The bot's POST /slack/events for signed HTTP; left out: Socket Mode")
    ] = None,
) -> None:
    """Run the stand-in for Slack alone: Web API, both transports, and its page."""
    from bot.cli import stage
    from bot.cli.waiting import until_stopped
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
        until_stopped()
