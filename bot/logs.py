"""Logs: JSON lines on standard output, an event and ids each, never a KPI's numbers, message text or a token."""

import logging
import re
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_TOKEN = re.compile(r"(xox[a-z]|xapp|kpi)[-_][A-Za-z0-9_-]{6,}")
_CAPPED = ("slack_bolt", "slack_sdk", "urllib3", "apscheduler", "uvicorn", "httpx", "sqlalchemy", "alembic")


def start_logging(*, level: int = logging.INFO) -> None:
    """Send our log and that of the libraries to standard output as JSON lines; call once, at the start."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask_tokens,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
        )
    )
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(level)
    # Bolt logs the whole body of a badly signed request at INFO; bodies hold what people typed.
    for name in _CAPPED:
        logging.getLogger(name).setLevel(logging.ERROR if name in ("apscheduler", "slack_bolt") else logging.WARNING)


def _mask_tokens(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {key: _TOKEN.sub("***", value) if isinstance(value, str) else value for key, value in event.items()}
