"""One language spoken in one manner: as chat markup, or as plain text."""

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from jinja2 import Template, TemplateError

from bot.core.words import Language, Text
from bot.phrasebook.markup import Markup, for_markup, for_plain
from bot.phrasebook.templates import Templates

LONGEST = 20_000
"""Characters one block may come to. Slack refuses a message far below that."""

CUT = "…"
"""The last line of a block that was longer: how much is missing nobody has counted."""


class Voice:
    """Speaks the blocks of templates; a ``Speaker`` for the filters in them."""

    def __init__(self, templates: Templates, *, plain: bool) -> None:
        self.plain = plain
        self._templates = templates

    @property
    def language(self) -> Language:
        """The language spoken."""
        return self._templates.language

    def show(self, data: object) -> str:
        """Give what a template prints for a piece of data: everything but our own markup is made harmless."""
        if isinstance(data, Markup):
            return data.text
        if isinstance(data, Text):
            data = data.speak(self.language)
        if data is None:
            raise ValueError("prints a fact that is empty")
        return for_plain(data) if self.plain else for_markup(data)

    def has(self, name: str, block: str) -> bool:
        """Say whether any folder has this block. Raises WordingError when a template on the way is broken."""
        return self._templates.find(name, block) is not None

    def blocks(self, name: str) -> frozenset[str]:
        """Give the names of a template's blocks; none when there is no such template."""
        return self._templates.blocks(name)

    def say(self, name: str, block: str, facts: Mapping[str, Any], *, cuttable: bool = False) -> str:
        """Render one block of a template; an absent block says nothing.

        More than LONGEST is refused or, where it is cuttable, not even looked at: then the last line is CUT. Raises
        WordingError when the template is broken.
        """
        template = self._templates.find(name, block)
        if template is None:
            return ""
        said: list[str] = []
        size = 0
        for piece in self._pieces(template, name, block, facts):
            size += len(piece)
            if size > LONGEST and cuttable:
                return "".join(said).rpartition("\n")[0] + f"\n\n{CUT}"
            if size > LONGEST:
                self.refuse(name, f"block '{block}' comes to more than {LONGEST} characters")
            said.append(piece)
        return "".join(said)

    def refuse(self, name: str, problem: str) -> NoReturn:
        """Raise the WordingError of a template."""
        self._templates.refuse(name, problem)

    def _pieces(self, template: Template, name: str, block: str, facts: Mapping[str, Any]) -> Iterator[str]:
        try:
            yield from template.blocks[block](template.new_context({**facts, "_voice": self}))
        except (TemplateError, TypeError, ValueError, ArithmeticError, AttributeError, LookupError) as error:
            self._templates.refuse(name, f"block '{block}': {error}", error)
