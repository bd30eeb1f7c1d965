"""What a person typed after ``/kpi``: a verb with its words, or the name of a KPI."""

from bot.core.words import Frozen

VERBS = ("list", "alerts", "ack", "resolve", "set", "report", "why", "help")


class Command(Frozen):
    """verb: one of VERBS, "mine" for nothing at all, or "kpi" for the name of one; words: what followed."""

    verb: str
    words: str = ""


def parse(text: str) -> Command:
    """Read what was typed; whatever is no verb is the name of a KPI."""
    typed = " ".join(text.split())
    if not typed:
        return Command(verb="mine")
    first, _, rest = typed.partition(" ")
    if first.casefold() in VERBS:
        return Command(verb=first.casefold(), words=rest)
    return Command(verb="kpi", words=typed)
