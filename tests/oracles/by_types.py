"""The second judge: the TypeScript compiler against `@slack/types`, for the shape of every block and view."""

import json
import re
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.oracles.node import MODULES, environment
from tests.oracles.sent import MESSAGE, Sent

UNTYPED = frozenset({"data_visualization"})
"""Blocks the typings do not have yet; `never` fits everywhere."""
FREE = frozenset(
    {
        "action_id", "alt_text", "block_id", "callback_id", "caption", "external_id", "image_url", "initial_value",
        "label", "name", "private_metadata", "text", "title", "url", "user_id", "value",
    }
)  # fmt: skip
"""Fields whose words no type restricts: they are emptied, so that equal shapes are judged once."""
_ERROR = re.compile(r"^[^(]*\((\d+),\d+\): (error .*)$")


def refusals(everything: Iterable[Sent]) -> list[str]:
    """Judge all shapes in one run; each refusal names the origin of the first payload with that shape."""
    lines: dict[str, str] = {}
    for sent in everything:
        for declared, value in _parts(sent):
            lines.setdefault(f"{declared} = {_literal(_emptied(value))}", f"{sent.origin} ({sent.surface})")
    return [f"{origin}: {problem}\n    {line[:600]}" for origin, problem, line in _compiled(lines)]


def _parts(sent: Sent) -> Iterable[tuple[str, Any]]:
    """Blocks one by one, and a view without its blocks: `AnyBlock` in the typings' views would let anything pass."""
    yield from (("KnownBlock", block) for block in sent.blocks)
    if sent.surface != MESSAGE:
        frame = {**sent.payload, "blocks": []}
        yield ("ModalView" if sent.surface == "modal" else "HomeView"), frame


def _emptied(value: Any, name: str = "") -> Any:
    if isinstance(value, str):
        return "" if name in FREE else value
    if isinstance(value, Mapping):
        return {key: _emptied(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return list({json.dumps(inner): inner for inner in (_emptied(item, name) for item in value)}.values())
    return 0 if name == "value" and isinstance(value, int | float) else value


def _literal(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    if not isinstance(value, Mapping):
        return json.dumps(value)
    written = ", ".join(f"{json.dumps(key)}: {_literal(inner)}" for key, inner in value.items())
    return f"({{{written}}} as never)" if value.get("type") in UNTYPED else f"{{{written}}}"


def _compiled(lines: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Run the compiler over one declaration a line; gives origin, problem and line of each that it refuses."""
    types = (MODULES / "@slack" / "types" / "dist" / "index.js").as_posix()
    head = f"import type {{ HomeView, KnownBlock, ModalView }} from {json.dumps(types)};"
    numbered = [f"export const v{number}: {line};" for number, line in enumerate(lines)]
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "sent.ts"
        source.write_text("\n".join([head, *numbered, ""]), encoding="utf-8")
        output = _tsc(source)
    origins, declared = list(lines.values()), list(lines)
    found = [(int(match[1]) - 2, match[2]) for match in map(_ERROR.match, output.splitlines()) if match]
    return [(origins[number], problem, declared[number]) for number, problem in found]


def _tsc(source: Path) -> str:
    options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--pretty", "false", "--types", ""]
    command = [str(MODULES / ".bin" / "tsc"), *options, str(source)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60, env=environment())
    if done.returncode and not _ERROR.search(done.stdout.partition("\n")[0]):
        raise RuntimeError(f"tsc could not run: {done.stdout}{done.stderr}")
    return done.stdout
