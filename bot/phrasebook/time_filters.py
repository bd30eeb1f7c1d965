"""What templates can do with a moment, a period or a length of time: ``{{ alert.respond_by | moment }}``."""

from datetime import date, datetime, timedelta

from jinja2 import pass_context
from jinja2.runtime import Context

from bot.core.periods import Period
from bot.phrasebook import times
from bot.phrasebook.markup import Markup
from bot.phrasebook.speaker import speaker_of, word_of, zone_of


@pass_context
def period(context: Context, given: Period | str) -> str:
    """A period or its label: ``October 2026``."""
    return times.period(given, speaker_of(context).language)


@pass_context
def day(context: Context, when: date) -> str:
    """A date: ``22 Nov 2026``."""
    return times.day(when, speaker_of(context).language)


@pass_context
def long_day(context: Context, when: date) -> str:
    """A date with its weekday: ``Sunday 22 November``."""
    return times.long_day(when, speaker_of(context).language)


@pass_context
def moment(context: Context, when: datetime) -> Markup:
    """A moment on each reader's own clock; in plain text on the company's."""
    voice = speaker_of(context)
    write = times.moment if voice.plain else times.date_token
    return Markup(write(when, zone_of(context), voice.language))


@pass_context
def left(context: Context, deadline: datetime, now: datetime) -> Markup:
    """The time left until a deadline: ``23 h left``, ``overdue by 2 h``."""
    rest = deadline - now
    key = "left" if rest > timedelta() else "overdue"
    said = times.rough(rest)
    return word_of(context, key, span=said, one=said.startswith("1\u00a0"))


@pass_context
def span(context: Context, length: timedelta) -> str:
    """A length of time: ``15 minutes``, ``24 hours``, ``1 week``."""
    return times.span(length, speaker_of(context).language)


def rough(length: timedelta) -> str:
    """A length of time in few signs: ``40 min``, ``23 h``, ``5 d``."""
    return times.rough(length)
