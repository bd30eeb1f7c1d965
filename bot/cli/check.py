"""``check`` and ``init``: rules and wording, looked at before they speak."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import checking
from bot.core.errors import Fault, KpiBotError
from bot.settings import read_settings


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command()(check)
    app.command()(init)


def check(
    folder: Annotated[
        Path | None, typer.Argument(help="The rules folder; default: KPI_BOT_RULES or the demo's")
    ] = None,
    write_schema: Annotated[bool, typer.Option(help="Also write the editors' schemas beside the rules")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Check again after each save, until Ctrl-C")] = False,
) -> None:
    """Check rules, messages and examples; every mistake as file:line:column. Exit 1 when something is wrong."""
    from bot.app import utc_now
    from bot.cli.noise import noise
    from bot.rulebook import shipped_rules
    from bot.rulebook.placeholders import placeholder_ids
    from bot.rulebook.schema import write_schemas

    settings = read_settings()
    rules = folder or settings.rules or shipped_rules()
    _refuse_other_folders(rules)
    if write_schema:
        write_schemas(rules)
    if watch:
        raise typer.Exit(0 if checking.watch(rules, settings, utc_now) else 1)
    looked = checking.look_at_rules(rules, utc_now())
    mistakes = (*looked.mistakes, *checking.look_at_messages(settings))
    for line in (*mistakes, checking.summed_up(rules, looked, mistakes)):
        print(line)
    if looked.read is not None:
        policy, draft = looked.read
        _warn(rules, *noise(settings.database_url, policy, draft, utc_now()))
        placeholders = checking.placed(rules, placeholder_ids(draft))
        if placeholders and not mistakes:
            print(_in_one_line(placeholders))
        if policy.sources.connections:
            print(checking.variables(policy))
    if mistakes:
        raise typer.Exit(1)


def _warn(rules: Path, noisy: list[Fault], unjudged: str) -> None:
    for fault in checking.placed(rules, noisy):
        print(f"warning: {fault}")
    if unjudged:
        print(f"noise was not judged on the database: {unjudged}")


def _in_one_line(placeholders: Sequence[Fault]) -> str:
    ids = "Slack id still says" if len(placeholders) == 1 else "Slack ids still say"
    where = ", ".join(f"{one.file}:{one.line}" for one in placeholders)
    return f"{len(placeholders)} {ids} REPLACE: {where}. Put your workspace's ids there before you start"


def _refuse_other_folders(rules: Path) -> None:
    if not rules.is_dir():
        raise KpiBotError(f"there is no folder {rules}. Name the one that holds company.yaml; nothing was checked")
    inside = rules.resolve()
    if inside.name == "kpis" and not (inside / "company.yaml").exists():
        raise KpiBotError(f"{rules} is a kpis folder; name the one above it. Nothing was checked")


def init(folder: Annotated[Path, typer.Argument(help="A folder that is new or empty")]) -> None:
    """Write a starter rules folder for your own company, with comments on what to change."""
    from bot.rulebook.schema import write_schemas
    from bot.rulebook.starter import starter_folder

    if folder.exists() and not folder.is_dir():
        raise KpiBotError(f"{folder} is a file. Name a new folder; nothing was written")
    if folder.exists() and any(folder.iterdir()):
        raise KpiBotError(f"{folder} is not empty. Name a new folder; nothing was written")
    shutil.copytree(starter_folder(), folder, dirs_exist_ok=True)
    write_schemas(folder)
    print(f"wrote {folder}. Next: put your people's and channels' Slack ids in, then: kpi-bot check {folder}")
