"""What a person typed after ``/kpi``: a verb with its words, or the name of a KPI."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.core.words import Frozen

VERBS = ("list", "alerts", "ack", "resolve", "set", "report", "why", "history", "replay", "help")
SPANISH: Mapping[str, str] = MappingProxyType(
    {
        "lista": "list",
        "alertas": "alerts",
        "asumir": "ack",
        "resolver": "resolve",
        "anotar": "set",
        "informe": "report",
        "porqué": "why",
        "porque": "why",
        "por qué": "why",
        "por que": "why",
        "historial": "history",
        "historia": "history",
        "ensayar": "replay",
        "ensayo": "replay",
        "ayuda": "help",
    }
)
"""The verbs in Spanish, with and without accents; whoever asks may use either language."""
_SPOKEN = {verb: verb for verb in VERBS} | dict(SPANISH)


class Command(Frozen):
    """verb: one of VERBS, "mine" for nothing at all, or "kpi" for the name of one; words: what followed."""

    verb: str
    words: str = ""


def parse(text: str) -> Command:
    """Read what was typed; whatever is no verb is the name of a KPI."""
    typed = " ".join(text.split())
    if not typed:
        return Command(verb="mine")
    words = typed.split(" ")
    for length in (2, 1):
        verb = _SPOKEN.get(" ".join(words[:length]).casefold())
        if verb is not None:
            return Command(verb=verb, words=" ".join(words[length:]))
    return Command(verb="kpi", words=typed)
