"""Looking at the text of a query: is it one statement that asks, and which bind parameters does it name?

This is the first and cheap of several locks: it gives an analyst a clear word early. What keeps a database unchanged
is the database itself (``bot/sources``).
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

MOST_CHARACTERS = 65_536
PARAMETERS = ("since", "until")

_PART = re.compile(
    r"""
      (?P<comment>--[^\n]*|/\*)
    | (?P<quoted>[eE]?'|"|`)
    | (?P<dollar>(?<![A-Za-z0-9_$])\$(?:[A-Za-z_][A-Za-z0-9_]*)?\$)
    | (?P<parameter>(?<![:\w\\]):[A-Za-z_]\w*)
    | (?P<word>[A-Za-z_][A-Za-z0-9_$]*)
    | (?P<mark>;)
    | (?P<bracket>\()
    """,
    re.VERBOSE,
)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_ASKING = ("select", "with", "values")
_DOING = re.compile(
    "alter|attach|copy|create|delete|detach|drop|dumpfile|execute|grant|insert|into|merge|outfile|pragma|revoke|truncate"
    "|update|vacuum",
    re.IGNORECASE,
)
"""Words with which something is done; as the name of a column or table each may stand in quotes."""
_ACTING = re.compile(
    r"""
    (pg_|pg_try_)advisory_\w+ | pg_notify | pg_(terminate|cancel)_backend | pg_logical_(emit_message\w*|slot_\w+)
    | pg_(create|drop|copy|sync)_\w*slot\w* | pg_replication_\w+ | pg_reload_conf | pg_rotate_logfile\w* | pg_switch_wal
    | pg_promote | pg_stat_\w*(reset|clear|flush)\w* | pg_file_\w+ | pg_(read|stat)_\w*file\w* | pg_ls_\w+
    | pg_export_snapshot | pg_backup_\w+ | pg_(start|stop)_backup | pg_wal_replay_\w+ | pg_create_restore_point
    | pg_log_\w+ | pg_(clear|restore)_\w+_stats | pg_prewarm | txid_current | pg_current_xact_id | ts_rewrite | ts_stat
    | brin_\w*summarize_\w+ | gin_clean_pending_list | set_config | setval | nextval | dblink\w* | lo_\w+
    | lo(create|write|read) | (query|cursor|table|schema|database)_to_xml\w* | xpath_table | crosstab\w*
    | load_extension | writefile | readfile | edit | fts3_tokenizer
    | get_lock | release_lock | release_all_locks | load_file | sys_exec | sys_eval | benchmark | \w+_pos_wait
    | master_gtid_wait | wait_for_executed_gtid_set
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Functions that do something, or open a way round a read-only transaction, where no privilege stands in their way."""


class Misread(NamedTuple):
    """What is wrong with a query, and at which character (from 0)."""

    position: int
    problem: str


class _Part(NamedTuple):
    """One part of a text; of what stands in quotes the text is the sign it begins with."""

    kind: str
    text: str
    position: int
    end: int


def misread(text: str) -> Misread | None:
    """Say why a text is not one statement that only asks; None when it is one."""
    if len(text) > MOST_CHARACTERS:
        return Misread(0, f"is longer than {MOST_CHARACTERS} characters; ask a view instead")
    parts = _parts(text)
    if isinstance(parts, Misread):
        return parts
    words = [part for part in parts if part.kind == "word"]
    if not words:
        return Misread(0, "holds no statement; write one SELECT")
    return _second_statement(parts) or _not_asking(parts, words) or _acting(text, parts) or _unknown_parameter(parts)


def named_parameters(text: str) -> frozenset[str]:
    """Give the bind parameters a sound query names."""
    parts = _parts(text)
    found = [] if isinstance(parts, Misread) else parts
    return frozenset(part.text[1:] for part in found if part.kind == "parameter")


def called_functions(text: str) -> frozenset[str]:
    """Give what a query calls, and all else that stands before a bracket, as a database knows it: in quotes or not."""
    parts = _parts(text)
    return frozenset() if isinstance(parts, Misread) else frozenset(name for name, _ in _called(text, parts))


def with_escaped_colons(text: str) -> str:
    """Give the text in which a colon that begins no parameter is written ``\\:``, and nothing ends it with ``;``."""
    parts = _parts(text)
    starts = {part.position for part in parts if part.kind == "parameter"} if not isinstance(parts, Misread) else set()
    ends = {part.position for part in parts if part.kind == "mark"} if not isinstance(parts, Misread) else set()
    kept = ((place, sign) for place, sign in enumerate(text) if place not in ends)
    return "".join("\\:" if sign == ":" and place not in starts else sign for place, sign in kept)


def _parts(text: str) -> list[_Part] | Misread:
    """Take the text apart, leaving out comments and what stands in quotes (which keeps a place as ``quoted``)."""
    parts: list[_Part] = []
    position = 0
    while (found := _PART.search(text, position)) is not None:
        kind = str(found.lastgroup)
        end = _end(text, found, kind)
        if end is None:
            return Misread(found.start(), _why_endless(text, found))
        if kind != "comment":
            parts.append(_Part(kind, found[0], found.start(), end))
        elif text.startswith(("/*!", "/*M!"), found.start()):
            return Misread(found.start(), "a comment that is executed ('/*!') is not taken; write a plain one")
        position = end
    return parts


def _why_endless(text: str, found: re.Match[str]) -> str:
    if found[0].endswith("'") and "\\'" in text[found.end() :]:
        return "a text with a backslash before a quote is read in two ways; leave it out, or add it as chr(92)"
    return f"what begins here with {found[0]} never ends"


def _end(text: str, found: re.Match[str], kind: str) -> int | None:
    """Give where a part ends; None when it never does."""
    if found[0] == "/*":
        return _end_of_comment(text, found.start())
    if kind == "dollar":
        closing = text.find(found[0], found.end())
        return None if closing < 0 else closing + len(found[0])
    if kind == "quoted":
        return _end_of_quoted(text, found)
    return found.end()


def _end_of_comment(text: str, start: int) -> int | None:
    """PostgreSQL's comments nest and others' do not: one that would be read two ways is not taken."""
    closing = text.find("*/", start + 2)
    nested = text.find("/*", start + 2, closing if closing > 0 else None)
    return None if closing < 0 or nested >= 0 else closing + 2


def _end_of_quoted(text: str, found: re.Match[str]) -> int | None:
    sign, place = found[0][-1], found.end()
    while (place := text.find(sign, place)) >= 0:
        # A backslash before a quote ends the text in one database and not in another.
        if sign == "'" and text[place - 1] == "\\" and place - 1 >= found.end():
            return None
        if text.startswith(sign * 2, place):
            place += 2
            continue
        return place + 1
    return None


def _second_statement(parts: list[_Part]) -> Misread | None:
    for place, part in enumerate(parts):
        if part.kind == "mark" and place + 1 < len(parts):
            return Misread(parts[place + 1].position, "a second statement begins here; a query is one statement")
    return None


def _not_asking(parts: list[_Part], words: list[_Part]) -> Misread | None:
    first = words[0]
    if first.text.lower() not in _ASKING:
        return Misread(first.position, f"begins with {first.text[:30]}; a query begins with SELECT, WITH or VALUES")
    for word in words:
        if _DOING.fullmatch(word.text):
            hint = "put a column of that name in quotes"
            return Misread(word.position, f"{word.text.upper()} does something; a query only asks ({hint})")
        if _ACTING.fullmatch(word.text):
            return Misread(word.position, f"{word.text} does something, or reads what is no table; a query only asks")
        if word.text.lower() == "u" and _is_unicode_name(parts, word):
            return Misread(word.position, 'names written with U&"…" are not taken; write the name itself')
    return None


def _is_unicode_name(parts: list[_Part], word: _Part) -> bool:
    following = (part for part in parts if part.position > word.position)
    after = next(following, None)
    return after is not None and after.kind == "quoted" and after.position == word.position + 2


def _acting(text: str, parts: list[_Part]) -> Misread | None:
    """Quotes around the name of a function do not make it another one."""
    for name, part in _called(text, parts):
        if part.kind == "quoted" and _ACTING.fullmatch(name):
            return Misread(part.position, f"{name} does something, or reads what is no table; a query only asks")
    return None


def _called(text: str, parts: list[_Part]) -> Iterator[tuple[str, _Part]]:
    for part, following in pairwise(parts):
        if following.kind != "bracket" or _COMMENT.sub("", text[part.end : following.position]).strip():
            continue
        if part.kind == "word":
            yield part.text.lower(), part
        elif part.text in ('"', "`"):
            yield text[part.position + 1 : part.end - 1].replace(part.text * 2, part.text), part


def _unknown_parameter(parts: list[_Part]) -> Misread | None:
    for part in parts:
        if part.kind == "parameter" and part.text[1:] not in PARAMETERS:
            return Misread(part.position, f"unknown parameter '{part.text}'; known: :since, :until")
    return None
