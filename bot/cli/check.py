"""``check`` and ``init``: rules and wording, looked at before they speak."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from bot.core.errors import Fault, KpiBotError, PolicyRefused


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command()(check)
    app.command()(init)


def check(
    folder: Annotated[
        Path | None, typer.Argument(help="The rules folder; default: KPI_BOT_RULES or the demo's")
    ] = None,
    write_schema: Annotated[bool, typer.Option(help="Also write the editors' schemas beside the rules")] = False,
) -> None:
    """Check rules, messages and examples; every mistake as file:line:column. Exit 1 when something is wrong."""
    from bot.app import utc_now
    from bot.phrasebook import Phrasebook, shipped_messages
    from bot.rulebook import shipped_rules
    from bot.rulebook.examples import failing_examples
    from bot.rulebook.placeholders import placeholder_ids
    from bot.rulebook.policy import read_draft
    from bot.rulebook.schema import write_schemas
    from bot.settings import read_settings

    settings = read_settings()
    rules = folder or settings.rules or shipped_rules()
    _refuse_other_folders(rules)
    if write_schema:
        write_schemas(rules)
    problems: list[object] = []
    placeholders: list[Fault] = []
    try:
        policy, draft = read_draft(rules)
    except PolicyRefused as refused:
        problems += placed(rules, refused.faults)
        count = ""
    else:
        problems += placed(rules, failing_examples(rules, utc_now()))
        placeholders = placed(rules, placeholder_ids(draft))
        count = f"{len(policy.kpis)} KPIs, {sum(len(policy.rules_of(kpi)) for kpi in policy.kpis.values())} rules, "
    problems += Phrasebook(settings.messages, shipped_messages()).check()
    for problem in problems:
        print(problem)
    if problems:
        print(f"{len(problems)} mistake{'s' if len(problems) != 1 else ''} in {rules}")
        raise typer.Exit(1)
    print(f"{count}messages in 2 languages: all fine ({rules})")
    if placeholders:
        print(_in_one_line(placeholders))


def placed(folder: Path, faults: list[Fault]) -> list[Fault]:
    """Give the faults of a rules folder with paths that lead to the files from where one stands."""
    return [fault.model_copy(update={"file": str(folder / fault.file)}) for fault in faults]


def _in_one_line(placeholders: list[Fault]) -> str:
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
