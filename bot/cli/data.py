"""``import`` and ``token``: values from files, and who may push them."""

from pathlib import Path
from typing import Annotated

import typer

from bot.core.clearance import Reader
from bot.core.errors import BadInput, KpiBotError
from bot.core.intake import Entry, known_kpi, take
from bot.core.organisation import Level
from bot.core.policy import Policy
from bot.sources.csv_file import Row, read_rows

_MOST_PROBLEMS = 50


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
        entries = []
        problems = []
        for row in read_rows(file):
            try:
                entries.append(_entry(bot.policy(), row))
            except BadInput as problem:
                problems.append(problem)
        if problems:
            for line in problems[:_MOST_PROBLEMS]:
                typer.echo(str(line), err=True)
            typer.echo(f"{len(problems)} bad lines; nothing was taken in", err=True)
            raise typer.Exit(1)
        receipt = record(bot.database, bot.policy(), entries, origin=Origin.FILE, author=file.name, now=now)
    bot.close()
    print(
        f"{receipt.accepted} new, {receipt.corrected} corrected, {receipt.unchanged} unchanged; "
        f"{len(receipt.opened)} alerts opened"
    )


def _entry(policy: Policy, row: Row) -> Entry:
    from bot.app import utc_now

    kpi = known_kpi(policy, row.kpi, row.place)
    if row.unit and row.unit != kpi.unit:
        raise BadInput(f"{row.place}.unit", f"{kpi.key} is measured in {kpi.unit}, not in {row.unit}")
    try:
        value = float(row.value) if row.value.lower().lstrip("+-") not in ("nan", "inf", "infinity") else row.value
    except ValueError:
        value = row.value
    return take(policy, kpi, value, row.at, row.segment, now=utc_now(), place=row.place)


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
