"""The error of this room: a template that cannot be spoken, and where in it."""

from pathlib import Path
from types import TracebackType

from jinja2 import Template, TemplateSyntaxError

from bot.core.errors import KpiBotError


class WordingError(KpiBotError):
    """A message could not be put into words.

    template: file below the messages folder, with its line where known, e.g. ``es/alert_opened.j2:12``; problem: what
    is wrong, for an operator.
    """

    def __init__(self, template: str, problem: str) -> None:
        self.template, self.problem = template, problem
        super().__init__(f"{template}: {problem}")


def place_of(error: BaseException) -> str | None:
    """Give file and line of the template an error comes from, None when it comes from none."""
    if isinstance(error, TemplateSyntaxError) and error.filename:
        return _shown(error.filename, error.lineno)
    found, trace = None, error.__traceback__
    while trace is not None:
        found, trace = _in_template(trace) or found, trace.tb_next
    return found


def _in_template(trace: TracebackType) -> str | None:
    template = trace.tb_frame.f_globals.get("__jinja_template__")
    if not isinstance(template, Template) or template.filename is None:
        return None
    return _shown(template.filename, template.get_corresponding_lineno(trace.tb_lineno))


def _shown(filename: str, line: int) -> str:
    return "/".join(Path(filename).parts[-2:]) + f":{line}"
