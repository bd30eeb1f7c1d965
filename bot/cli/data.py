"""``import`` and ``token``: values from files, and who may push them."""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.core.clearance import Reader
from bot.core.errors import BadInput, KpiBotError
from bot.core.intake import Entry, known_kpi, take
from bot.core.organisation import Level
from bot.core.policy import Policy
from bot.sources.csv_file import PLACE, Row, read_rows

_MOST_PROBLEMS = 50
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("import")(import_values)
    tokens = typer.Typer(help="Tokens for the push API.", no_args_is_help=True)
    tokens.command("create")(create_token)
    tokens.command("list")(list_tokens)
    tokens.command("revoke")(revoke_token)
    app.add_typer(tokens, name="token")


def import_values(
    file: Annotated[Path | None, typer.Argument(help="A CSV file: kpi,at,value[,segment][,unit]")] = None,
    sample_history: Annotated[bool, typer.Option(help="Take in the 13 months of sample history instead")] = False,
) -> None:
    """Take values in from a CSV file, all or nothing; every bad line is named."""
    from bot.app import Bot, utc_now
    from bot.flows.record import record, record_samples
    from bot.settings import read_settings
    from bot.store.values import Origin

    if (file is None) is not sample_history:
        raise KpiBotError("Name one CSV file, or --sample-history. Nothing was taken in")
    bot, now = Bot(read_settings(), clock=utc_now), utc_now()
    bot.database.migrate()
    if file is None:
        receipt = record_samples(bot.database, bot.policy(), now)
    else:
        entries = _to_take_in(bot.policy(), file, now)
        receipt = record(bot.database, bot.policy(), entries, origin=Origin.FILE, author=file.name, now=now)
    bot.close()
    print(
        f"{receipt.accepted} new, {receipt.corrected} corrected, {receipt.unchanged} unchanged; "
        f"{_counted(len(receipt.opened), 'alert')} opened"
    )


class BadLines(KpiBotError):
    """A file has lines that cannot be taken; its words name each, up to a cap, and how many there are."""

    def __init__(self, problems: Sequence[BadInput]) -> None:
        more = [f"and {len(problems) - _MOST_PROBLEMS} more"] if len(problems) > _MOST_PROBLEMS else []
        count = _counted(len(problems), "bad line")
        super().__init__("\n".join([*map(str, problems[:_MOST_PROBLEMS]), *more, count]))


def _to_take_in(policy: Policy, file: Path, now: datetime) -> list[Entry]:
    """Read a whole file; where lines of it are bad, say so and end with 1."""
    try:
        return read_entries(policy, file, now)
    except BadLines as bad:
        typer.echo(f"{bad}; nothing was taken in", err=True)
        raise typer.Exit(1) from None


def read_entries(policy: Policy, file: Path, now: datetime, *, place: str = PLACE) -> list[Entry]:
    """Read and check a whole file; place: how a line is named, see ``read_rows``.

    Raises BadLines, and BadInput when the file cannot be read.
    """
    entries: list[Entry] = []
    firsts: dict[tuple[str, str, str], tuple[Entry, str]] = {}
    problems = []
    for row in read_rows(file, place=place):
        try:
            if isinstance(row, BadInput):
                raise row
            entry = _entry(policy, row, now)
            first, place = firsts.setdefault((entry.kpi, entry.segment, entry.period.label), (entry, row.place))
            if first.value != entry.value:
                raise _second(entry, row.place, place)
            entries.append(entry)
        except BadInput as problem:
            problems.append(problem)
    if problems:
        raise BadLines(problems)
    return entries


def _second(entry: Entry, place: str, before: str) -> BadInput:
    series = f"{entry.kpi} {entry.segment}".strip()
    problem = f"gives {series} a second, different value for {entry.period.label}; the first is in {before}"
    return BadInput(place, problem, "Give one value a period")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _entry(policy: Policy, row: Row, now: datetime) -> Entry:
    kpi = known_kpi(policy, row.kpi, row.place)
    if row.unit and row.unit != kpi.unit:
        raise BadInput(f"{row.place}.unit", f"{kpi.key} is measured in {kpi.unit}, not in {row.unit}")
    return take(policy, kpi, _value(row), row.at, row.segment, now=now, place=row.place)


def _value(row: Row) -> float | str:
    """Give the number a line holds; whatever else stands there is left to be refused as text."""
    if not row.value:
        raise BadInput(f"{row.place}.value", "is empty", "Write a number, or leave the line out")
    if _DECIMAL_COMMA.fullmatch(row.value):
        raise BadInput(f"{row.place}.value", f"decimal comma: write {row.value.replace(',', '.')}")
    return float(row.value) if _NUMBER.fullmatch(row.value) else row.value


def create_token(
    name: Annotated[str, typer.Argument(help="What the token is for; shown beside the values it pushes")],
    scope: Annotated[list[str] | None, typer.Option(help="values:write or kpis:read; both when none is named")] = None,
    clearance: Annotated[str, typer.Option(help="What it may see: executive, department or support")] = "executive",
    department: Annotated[
        list[str] | None, typer.Option(help="A department of its own, with --clearance department; may be repeated")
    ] = None,
) -> None:
    """Make a token and print it, once; only its digest is kept."""
    from bot.app import Bot, utc_now
    from bot.settings import read_settings
    from bot.web.tokens import CLEARANCES, SCOPES, make_token

    if clearance not in CLEARANCES:
        raise BadInput("clearance", f"unknown level '{clearance[:80]}'", f"Known: {', '.join(CLEARANCES)}")
    settings = read_settings()
    bot, departments = Bot(settings), department or []
    known = bot.policy().departments
    for key in departments:
        if key not in known:
            raise BadInput("department", f"unknown department '{key[:80]}'", f"Known: {', '.join(known)}")
    bot.database.migrate()
    level = Level(clearance)
    token = make_token(
        bot.database, settings.secret_key, name, scope or SCOPES, utc_now(), clearance=level, departments=departments
    )
    print(token)
    bot.close()


def list_tokens() -> None:
    """List tokens by name, with scopes, clearance and when each was last used."""
    from bot.app import Bot
    from bot.settings import read_settings
    from bot.store import tokens

    bot = Bot(read_settings())
    bot.database.check()
    with bot.database.reading() as tx:
        for token in tokens.listed(tx):
            used = token.last_used_at.isoformat(timespec="minutes") if token.last_used_at else "never used"
            state = "revoked" if token.revoked_at else used
            print(f"{token.name}\t{','.join(sorted(token.scopes))}\t{_cleared_for(token.reader)}\t{state}")
    bot.close()


def _cleared_for(reader: Reader) -> str:
    return ":".join(part for part in (reader.level.value, ",".join(sorted(reader.departments))) if part)


def revoke_token(name: Annotated[str, typer.Argument(help="The token's name")]) -> None:
    """End a token; it is refused from now on."""
    from bot.app import Bot, utc_now
    from bot.settings import read_settings
    from bot.web import tokens

    bot = Bot(read_settings())
    bot.database.check()
    done = tokens.revoke_token(bot.database, name, utc_now())
    bot.close()
    if not done:
        raise KpiBotError(f"there is no token '{name}' in use. `kpi-bot token list` shows them")
    print(f"{name} is revoked")
