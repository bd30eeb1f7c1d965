"""What the app asks of a workspace: its manifest, and every scope with the reason for it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "commands": "People ask with `/kpi`.",
        "chat:write": "Alerts and digests are posted, edited in place and answered in their threads.",
        "chat:write.public": "Public channels that the rules name can be spoken to before anybody has invited the bot.",
    }
)
"""The scopes of the bot token, each with its reason; ``docs/slack-setup.md`` repeats them."""

PATH = "/slack/events"
"""Where the web server takes Slack's signed requests."""

HISTORY_SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "channels:history": "After a crash the bot looks in a public channel whether its message has arrived.",
        "groups:history": "The same in a private channel it has been invited to.",
        "im:history": "The same in its own direct messages.",
        "im:write": "Finding the direct conversation with a person, to look there.",
    }
)
"""Asked for only with ``--with-history``: without them a message whose fate is unknown is sent again, labelled so."""


def manifest(*, url: str | None, history: bool = False) -> dict[str, Any]:
    """Make the app manifest. url: the public https address of the bot's web server; None for Socket Mode."""
    events = f"{url.rstrip('/').removesuffix(PATH)}{PATH}" if url else None
    reached = {"url": events} if events else {}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "KPI Bot",
            "description": "Watches the company's KPIs, tells the owner once, and briefs the C-suite every morning.",
            "background_color": "#1f3a5f",
        },
        "features": {
            "bot_user": {"display_name": "kpi-bot", "always_online": True},
            "slash_commands": [
                {
                    "command": "/kpi",
                    "description": "Ask about a KPI, or act on its alert",
                    "usage_hint": "churn | list | alerts | ack churn | set churn 3.2 | help",
                    "should_escape": True,
                    **reached,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": [*SCOPES, *(HISTORY_SCOPES if history else ())]}},
        "settings": {
            "interactivity": {"is_enabled": True, **({"request_url": events} if events else {})},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }
