"""The template files of one language: found, compiled and kept in a sandbox; the first folder with a block gives it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    pass_context,
)
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.core.words import Frozen, Language
from bot.phrasebook.filters import FILTERS
from bot.phrasebook.speaker import speaker_of
from bot.phrasebook.wording import WordingError, place_of

_ALLOWED = (
    "default",
    "first",
    "last",
    "length",
    "list",
    "reject",
    "rejectattr",
    "select",
    "selectattr",
    "sort",
    "sum",
    "abs",
)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Templates may look at data and choose words; they may not repeat text by arithmetic or count on their own."""

    intercepted_binops = frozenset(["*", "**", "%"])

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Look closely at everything but the plain fields of our own values, which is nearly everything there is."""
        if isinstance(obj, Frozen) and attr in type(obj).model_fields:
            return True
        return super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse whatever could make much out of little."""
        if not (isinstance(left, int | float) and isinstance(right, int | float)) or operator == "**":
            raise SecurityError(f"'{operator}' is for two numbers (and '**' for none)")
        return super().call_binop(context, operator, left, right)


class Templates:
    """The templates in some folders, the first of which goes first. A changed file is read again at once."""

    def __init__(self, folders: Sequence[Path], language: Language) -> None:
        self.language = language
        self._layers = tuple(str(number) for number, folder in enumerate(folders) if folder.is_dir())
        self._environment = _environment(folders)

    def find(self, name: str, block: str) -> Template | None:
        """Give the template that has the block, None when none has. Raises WordingError when one is broken."""
        return next((template for template in self._all(name) if block in template.blocks), None)

    def blocks(self, name: str) -> frozenset[str]:
        """Give the names of a template's blocks, over all folders; none when there is no such template."""
        return frozenset(block for template in self._all(name) for block in template.blocks)

    def refuse(self, name: str, problem: str, cause: Exception | None = None) -> NoReturn:
        """Raise the WordingError of a template of this language."""
        place = place_of(cause) if cause else None
        raise WordingError(place or f"{self.language.value}/{name}.j2", problem) from cause

    def _all(self, name: str) -> list[Template]:
        found = []
        for layer in self._layers:
            try:
                found.append(self._environment.get_template(f"{layer}/{name}.j2"))
            except TemplateNotFound:
                continue
            except (TemplateError, OSError, UnicodeDecodeError) as error:
                self.refuse(name, str(error), error)
        return found


@pass_context
def _shown(context: Context, data: object) -> str:
    return speaker_of(context).show(data)


def _environment(folders: Sequence[Path]) -> _Sandbox:
    loaders: list[BaseLoader] = [FileSystemLoader(folder) for folder in folders]
    by_layer = PrefixLoader({str(number): loader for number, loader in enumerate(loaders)})
    environment = _Sandbox(
        loader=ChoiceLoader([by_layer, *loaders]),
        undefined=StrictUndefined,
        autoescape=False,  # HTML is not what we write: `finalize` escapes for chat instead
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in _ALLOWED} | FILTERS
    return environment
