"""Settings: the environment, read once; everything missing or wrong is named together, with what to do."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.core.errors import KpiBotError
from bot.core.words import Frozen

_DEFAULT_DATABASE = "sqlite:///kpi-bot.db"
_SLACK_API = "https://slack.com/api/"


class Settings(Frozen):
    """What kpi-bot is told by its environment. Secrets never appear in its repr.

    rules, messages: the company's own folders, None for the shipped ones; port: of the web server.
    """

    database_url: str = _DEFAULT_DATABASE
    slack_bot_token: str = ""
    slack_app_token: str = ""
    slack_signing_secret: str = ""
    slack_api_url: str = _SLACK_API
    port: int = 8000
    rules: Path | None = None
    messages: Path | None = None
    secret_key: str = ""

    def __repr__(self) -> str:
        return f"Settings(port={self.port}, rules={self.rules}, messages={self.messages})"

    __str__ = __repr__

    @property
    def speaks_to_slack(self) -> bool:
        """Whether the Web API is Slack's own, not a stand-in."""
        return self.slack_api_url == _SLACK_API


NAMES: Mapping[str, str] = {
    "DATABASE_URL": "where kpi-bot keeps its data; default: the SQLite file kpi-bot.db",
    "SLACK_BOT_TOKEN": "the bot's token (xoxb-…), from the app's page OAuth & Permissions",
    "SLACK_APP_TOKEN": "an app-level token (xapp-…) with connections:write: Socket Mode, no public address needed",
    "SLACK_SIGNING_SECRET": "the app's signing secret, for signed HTTP at POST /slack/events",
    "SLACK_API_URL": "where Slack's Web API is; default: Slack's own",
    "PORT": "the port of the web server; default: 8000",
    "KPI_BOT_RULES": "the folder with your rules; default: the demo company's",
    "KPI_BOT_MESSAGES": "a folder with your own wording; default: the shipped one",
    "KPI_BOT_SECRET_KEY": "a secret of your own that API tokens are stored under",
}
"""Every setting and what it is for."""


class SettingsWrong(KpiBotError):
    """Something in the environment is missing or wrong; the message names all of it, a line each.

    rest: the settings with defaults where something is wrong, for whoever looks what else is.
    """

    def __init__(self, problems: list[str], rest: Settings) -> None:
        self.rest = rest
        super().__init__("\n".join(problems))


_NO_WAY_IN = (
    "one of them is needed so that Slack can reach kpi-bot. "
    "Set SLACK_APP_TOKEN for Socket Mode (no public address), or SLACK_SIGNING_SECRET for signed HTTP"
)
_FOLDERS = {
    "KPI_BOT_RULES": "Make one with `kpi-bot init FOLDER`",
    "KPI_BOT_MESSAGES": "Make it, and put only the files in it whose words you change, such as en/help.j2",
}
_SECRETS = {"DATABASE_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "KPI_BOT_SECRET_KEY"}


def read_settings(*, slack: bool = False, listens: bool = False, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the environment; secrets also from the file that NAME_FILE names.

    slack: a bot token is needed; listens: so is a way for Slack to reach us. Raises SettingsWrong.
    """
    given = os.environ if environ is None else environ
    wrong: dict[str, str] = {}
    found = {name: _read(name, given, wrong) for name in NAMES}
    unread = set(wrong)
    for name, problem in _problems(found, slack=slack, listens=listens):
        # What could not be read is not missing as well.
        if unread.isdisjoint(name.split(" or ")):
            wrong[name] = f"{name}: {problem}"
    settings = _settings({name: "" if name in wrong else value for name, value in found.items()})
    if wrong:
        raise SettingsWrong(list(wrong.values()), settings)
    return settings


def read_secret(name: str, environ: Mapping[str, str] | None = None) -> str | None:
    """Give what the variable a connection names holds, also from the file NAME_FILE names; None when it is not set.

    Our own secrets are none of a connection's: the rules may not send them anywhere.
    """
    given = os.environ if environ is None else environ
    if name.removesuffix("_FILE") in NAMES:
        return None
    file = given.get(f"{name}_FILE")
    if not file:
        return given.get(name, "").strip() or None
    try:
        return Path(file).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def _settings(found: Mapping[str, str]) -> Settings:
    return Settings(
        database_url=found["DATABASE_URL"] or _DEFAULT_DATABASE,
        slack_bot_token=found["SLACK_BOT_TOKEN"],
        slack_app_token=found["SLACK_APP_TOKEN"],
        slack_signing_secret=found["SLACK_SIGNING_SECRET"],
        slack_api_url=(found["SLACK_API_URL"] or _SLACK_API).rstrip("/") + "/",
        port=int(found["PORT"] or 8000),
        rules=_folder(found["KPI_BOT_RULES"]),
        messages=_folder(found["KPI_BOT_MESSAGES"]),
        secret_key=found["KPI_BOT_SECRET_KEY"],
    )


def _read(name: str, given: Mapping[str, str], wrong: dict[str, str]) -> str:
    value, file = given.get(name, ""), given.get(f"{name}_FILE", "") if name in _SECRETS else ""
    if value and file:
        wrong[name] = f"{name}: both {name} and {name}_FILE are set. Keep one of them"
        return value.strip()
    if not file:
        return value.strip()
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        wrong[name] = f"{name}_FILE: cannot read {file} ({type(error).__name__}). Check the path and its mode"
        return ""


def _problems(found: Mapping[str, str], *, slack: bool, listens: bool) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the values, each with its setting ("A or B" where one of two is missing)."""
    token, app_token = found["SLACK_BOT_TOKEN"], found["SLACK_APP_TOKEN"]
    if slack and not token:
        yield "SLACK_BOT_TOKEN", f"missing. Set it to {NAMES['SLACK_BOT_TOKEN']}"
    if token and not token.startswith("xox"):
        yield "SLACK_BOT_TOKEN", "a bot token begins with xoxb-. Copy it from OAuth & Permissions"
    if listens and not app_token and not found["SLACK_SIGNING_SECRET"]:
        yield "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET", _NO_WAY_IN
    if app_token and not app_token.startswith("xapp-"):
        yield "SLACK_APP_TOKEN", "an app-level token begins with xapp-. Create one with connections:write"
    if found["SLACK_API_URL"] and not found["SLACK_API_URL"].startswith(("http://", "https://")):
        yield "SLACK_API_URL", "must begin with https:// (or http:// on this machine). Leave it out for Slack"
    if found["PORT"] and not (found["PORT"].isdecimal() and int(found["PORT"]) < 65536):
        yield "PORT", f"'{found['PORT'][:20]}' is no port. Write a number from 0 to 65535"
    for name, remedy in _FOLDERS.items():
        if found[name] and not Path(found[name]).is_dir():
            yield name, f"there is no folder {found[name]}. {remedy}"


def _folder(path: str) -> Path | None:
    return Path(path) if path else None
