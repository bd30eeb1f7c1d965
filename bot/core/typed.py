"""Numbers as a person types them in chat, read in the KPI's own unit or refused."""

import re
from decimal import Decimal

from bot.core.errors import BadInput
from bot.core.kpi import Kpi
from bot.core.units import Unit, is_money
from bot.core.words import Language

_SCALE = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9}
_SIGNS = {"€": "EUR", "$": "USD", "us$": "USD", "£": "GBP", "%": Unit.PERCENT, "ms": Unit.MILLISECONDS,
          "tb": Unit.TERABYTES}  # fmt: skip
_SUFFIX = {Unit.DAYS: "d days day días día", Unit.HOURS: "h hours hour horas hora", Unit.SECONDS: "s seconds segundos",
           Unit.MINUTES: "min minutes minutos", Unit.WEEKS: "w weeks week semanas semana",
           Unit.MONTHS: "months month meses mes", Unit.MILLISECONDS: "ms", Unit.PERCENT: "% percent",
           Unit.RATIO: "x :1", Unit.OF_5: "/5", Unit.OF_10: "/10", Unit.TERABYTES: "tb",
           Unit.COUNT: "", Unit.INDEX: ""}  # fmt: skip


def read_typed(text: str, kpi: Kpi, language: Language, place: str) -> float:
    """Read a number as a person types it: ``3.2``, ``3.2 %``, ``€1.2M``, ``1,234.5`` (in Spanish ``1.234,5``).

    A unit may be named if it is the KPI's own. Raises BadInput otherwise.
    """
    typed, name = text.strip().replace("\u00a0", " ").replace("−", "-"), kpi.name.speak(language)
    match = re.fullmatch(r"(-?)\s*([€$£]?)\s*(-?)([\d.,]+)\s*(.*)", typed)
    if match is None or (match[1] and match[3]):
        raise BadInput(place, f"'{text[:40]}' is no number", _number_in(typed))
    scale, unit = _scale_and_unit(match[5].strip().casefold(), kpi)
    for named in filter(None, (_SIGNS.get(match[2]), unit)):
        if named != kpi.unit:
            raise BadInput(place, f"{name} is measured in {kpi.unit}, not in {named}", "Send it in the KPI's own unit")
    number = float(_plain_number(match[4], language, place, text) * scale)
    return -number if match[1] or match[3] else number


def is_unit(word: str) -> bool:
    """Say whether a word may stand behind a number as its unit or scale, of any KPI."""
    return word.casefold() in _SCALE or not (_named_unit(word.casefold()) or "'").startswith("'")


def _scale_and_unit(rest: str, kpi: Kpi) -> tuple[int, str | None]:
    if rest in _SUFFIX.get(_unit_of(kpi), "").split():
        return 1, kpi.unit
    head, _, tail = rest.partition(" ")
    if head in _SCALE and (is_money(kpi.unit) or kpi.unit == Unit.COUNT):
        return _SCALE[head], _named_unit(tail)
    return 1, _named_unit(rest)


def _unit_of(kpi: Kpi) -> Unit:
    return Unit.COUNT if is_money(kpi.unit) else Unit(kpi.unit)


def _named_unit(rest: str) -> str | None:
    if not rest:
        return None
    if rest.upper() in _SIGNS.values() or is_money(rest.upper()):
        return rest.upper()
    known = next((unit.value for unit, words in _SUFFIX.items() if rest in words.split()), None)
    return known or _SIGNS.get(rest) or f"'{rest[:20]}'"


def _plain_number(digits: str, language: Language, place: str, text: str) -> Decimal:
    """Read the digits, which only one reading fits, in any language.

    Nobody groups thousands behind a leading zero, so ``0.123`` is a fraction; and nobody groups one or two digits, so
    ``3,2`` is one too.
    """
    group, point = (".", ",") if language is Language.ES else (",", ".")
    if re.fullmatch(r"\d+,\d{1,2}", digits):
        return Decimal(digits.replace(",", "."))
    shape = rf"[1-9]\d{{0,2}}(\{group}\d{{3}})+(\{point}\d+)?|\d+(\{point}\d+)?"
    if re.fullmatch(shape, digits):
        return Decimal(digits.replace(group, "").replace(point, "."))
    if re.fullmatch(r"\d+\.\d+", digits):
        return Decimal(digits)
    raise BadInput(place, f"'{text[:40]}' can be read in more than one way", _plainly(digits, text))


def _plainly(digits: str, text: str) -> str:
    """Say how to write what was most likely meant: the last sign is the decimal one if it stands there once."""
    last = max(digits.rfind("."), digits.rfind(","))
    whole, rest = re.sub(r"\D", "", digits[:last]), digits[last + 1 :]
    if digits[last] in digits[:last] or not whole + rest:
        return "Write it with a decimal point and nothing else, such as 1234.5"
    return f"Write {text.strip().replace(digits, (whole or '0') + ('.' + rest if rest else ''))[:40]}"


def _number_in(typed: str) -> str:
    found = re.search(r"-?\d+(?:\.\d+)?", typed)
    return f"Write {found[0]}" if found else "Write it such as 3.2"
