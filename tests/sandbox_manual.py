"""The made parts of docs/sandbox.md: methods, events, faults, mishaps; ``python -m tests.sandbox_manual`` does it."""

import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from bot.sandbox import ChannelSight, Sandbox, User
from bot.sandbox.faults import KINDS, ONLY_SIGNED, TOWARDS_BOT
from bot.sandbox.methods.rates import PER_MINUTE
from bot.sandbox.methods.registry import METHODS, Method
from bot.sandbox.towards_app import mishaps as mishap_kinds
from bot.sandbox.towards_app.happenings import MESSAGE_WORDS, SCOPES, SENT

PAGE = Path(__file__).resolve().parents[1] / "docs" / "sandbox.md"
EVENTS = sorted(SENT)


def methods() -> Iterator[str]:
    """Give the table of Web API methods."""
    yield "| method | what it does | scope (one of) | calls a minute |"
    yield "|---|---|---|---|"
    for name, found in sorted(METHODS.items()):
        yield f"| `{name}` | {_first_sentence(found.run)} | {_scopes(found)} | {_rate(name, found)} |"


def events() -> Iterator[str]:
    """Give the table of events the sandbox sends."""
    rooms = {"channels": "public", "groups": "private", "im": "direct", "mpim": "group"}
    by_message = {word: f"`{word.removeprefix('message.')}:history`" for word in MESSAGE_WORDS.values()}
    members = "; ".join(f"`{kind}:read` ({words})" for kind, words in rooms.items() if kind in ("channels", "groups"))
    yield "| event | scope it needs |"
    yield "|---|---|"
    for name in EVENTS:
        scope = members if name.startswith("member_") else by_message.get(name) or _quoted(SCOPES.get(name))
        yield f"| `{name}` | {scope} |"


def faults() -> Iterator[str]:
    """Give the table of faults."""
    yield "| kind | what happens | strikes |"
    yield "|---|---|---|"
    for kind, words in KINDS.items():
        side = "what the app gets" if kind in TOWARDS_BOT else "what the app calls"
        yield f"| `{kind}` | {words.replace('bot', 'app')} | {side}{', by HTTP' if kind in ONLY_SIGNED else ''} |"


def mishaps() -> Iterator[str]:
    """Give the table of mishaps, each with a body for its door."""
    yield "| mishap | what happens |"
    yield "|---|---|"
    for name, kind in mishap_kinds.KINDS.items():
        yield f"| `{json.dumps({name: _taken(kind.takes)}, ensure_ascii=False)}` | {kind.does.replace('bot', 'app')} |"


_EXAMPLES: Mapping[str, object] = {
    "channel": "#general", "person": "bob", "name": "newcomers", "minutes": 30, "ts": "…",
    "real_name": "Eve Park", "email": "eve@example.com",
}  # fmt: skip


def calls() -> Iterator[str]:
    """Give the table of what a test can do and see, from the docstrings of those who do it."""
    yield "| call | what it does |"
    yield "|---|---|"
    for who, kind in (('slack.user("ana")', User), ('slack.channel("#general")', ChannelSight), ("slack", Sandbox)):
        for name, member in vars(kind).items():
            if not name.startswith("_") and name != "close" and (callable(member) or isinstance(member, property)):
                asked = "" if isinstance(member, property) else _asked(member)
                words = re.sub(r"the bot(?! token)", "the app", _first_sentence(member))
                yield f"| `{who}.{name}{asked}` | {words} |"


PARTS: Mapping[str, Callable[[], Iterator[str]]] = {
    "methods": methods,
    "events": events,
    "faults": faults,
    "mishaps": mishaps,
    "calls": calls,
}


def with_manual(page: str) -> str:
    """Give the page with each made part between its two markers."""
    for name, part in PARTS.items():
        begin, end = f"<!-- {name}: made by `python -m tests.sandbox_manual` -->", f"<!-- end of {name} -->"
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        page = f"{before}{begin}\n\n" + "\n".join(part()) + f"\n\n{end}{after}"
    return page


def _asked(member: Callable[..., object]) -> str:
    names = [name for name in inspect.signature(member).parameters if name not in ("self", "timeout", "which")]
    return f"({', '.join(names)})"


def _taken(fields: Sequence[str]) -> object:
    """What a mishap is told: nothing but that it happens, one thing, or several by name."""
    if not fields:
        return True
    return _EXAMPLES[fields[0]] if len(fields) == 1 else {field: _EXAMPLES[field] for field in fields}


def _first_sentence(run: object) -> str:
    said = " ".join((inspect.getdoc(run) or "").split("\n\n")[0].split())
    return said.partition(". ")[0].removesuffix(".").replace("|", "/")


def _scopes(found: Method) -> str:
    words = " ".join(f"`{scope}`" for scope in found.scopes)
    return {"app": f"the app token, {words}" if words else "the app token"}.get(found.caller, words) or "–"


def _rate(name: str, found: Method) -> str:
    if name == "chat.postMessage":
        return "1 a second a channel"
    return str(PER_MINUTE[found.tier]) if found.tier else "–"


def _quoted(scope: str | None) -> str:
    return f"`{scope}`" if scope else "–"


if __name__ == "__main__":
    PAGE.write_text(with_manual(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
