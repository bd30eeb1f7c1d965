"""The command line: one file a family of verbs; exit 0 fine, 1 found something, 2 could not run."""

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from bot.cli import check, collecting, data, demo, export, replay, serve, slack
from bot.core.errors import KpiBotError

app = typer.Typer(
    name="kpi-bot",
    help="Watches a company's KPIs in Slack: tells the owner once, with a clock, and briefs the C-suite every morning.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for family in (demo, serve, check, replay, data, export, collecting, slack):
    family.register(app)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"kpi-bot {version('kpi-bot')}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and end")
    ] = False,
) -> None:
    """What may be said before the command."""


def main() -> None:
    """Run one command; what we raise on purpose is told in its own words, without a traceback."""
    try:
        app()
    except KpiBotError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
