"""What people and programs wrote, made safe to stand inside a chat message.

Chat markup has an escape for ``& < >`` but none for ``* _ ~`` and the backtick, so those four are replaced by signs
that look alike and mean nothing: ``∗ ˍ ∼ ˋ``. An underscore inside a word (``churn_rate``) formats nothing and stays.
"""

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 1000
"""Characters of one piece of data that are shown; nothing people write in an alert needs more."""

_INVISIBLE = frozenset(["Cc", "Cf", "Cs", "Co", "Cn"])
_JOINER = "\u200d"  # holds family and flag emoji together
_SPACES = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
_LOOK_ALIKES = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
_LOOSE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_ANGLES = str.maketrans({"<": "‹", ">": "›"})


@dataclass(frozen=True)
class Markup:
    """Markup of our own making: the only values that reach a message as they are.

    Deliberately no ``str``: joined to other text it becomes text again, and is escaped like it.
    """

    text: str

    def __str__(self) -> str:
        return self.text


def cleaned(data: object) -> str:
    """Give data as one line without control, direction and other invisible characters, cut to LONGEST."""
    line = _SPACES.sub(" ", str(data))
    if not line.isascii():
        line = "".join(sign for sign in line if sign == _JOINER or unicodedata.category(sign) not in _INVISIBLE)
    elif not line.isprintable():
        line = "".join(sign for sign in line if sign.isprintable())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def for_markup(data: object) -> str:
    """Give data to be shown inside chat markup, where it formats, mentions and links nothing."""
    line = cleaned(data).translate(_LOOK_ALIKES)
    if "_" in line:
        line = _LOOSE_UNDERSCORE.sub("ˍ", line)
    if line.startswith(">"):
        line = "›" + line[1:]  # an escaped > still begins a quotation
    return line.translate(_ENTITIES)


def for_plain(data: object) -> str:
    """Give data to be shown as plain text, where only angle brackets could be taken for a mention."""
    return cleaned(data).translate(_ANGLES)
