"""The command line: one file a family of verbs; exit 0 fine, 1 found something, 2 could not run."""

import sys

import typer

from bot.cli import check, data, demo, serve, slack
from bot.core.errors import KpiBotError

app = typer.Typer(
    name="kpi-bot",
    help="Watches a company's KPIs in Slack: tells the owner once, with a clock, and briefs the C-suite every morning.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for family in (demo, serve, check, data, slack):
    family.register(app)


def main() -> None:
    """Run one command; what we raise on purpose is told in its own words, without a traceback."""
    try:
        app()
    except KpiBotError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
