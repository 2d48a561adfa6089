"""Structured logs: JSON or console lines, from which every secret is removed.

Everything is turned into texts, numbers and lists first (message, arguments, extras,
traceback), then redacted, then written as a line: nothing gets past the redaction.
"""

import logging
import sys
from contextlib import suppress
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from common.redact import redact_data


class LineHandler(logging.StreamHandler[TextIO]):
    """Writes lines to standard error; a record it cannot write is named, not shown.

    The standard handler prints the raw message and arguments then, secrets and all.
    """

    def handleError(self, record: logging.LogRecord) -> None:
        place = f"{record.name} ({record.pathname}:{record.lineno})"
        # Where standard error itself is full or closed, nobody can be told.
        with suppress(OSError, ValueError):
            sys.stderr.write(f"A log record of {place} could not be written.\n")


def redact_event(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The processor before the renderer: redacts keys and values at every depth."""
    return dict(redact_data(event))


def logging_config(level: str, *, json_lines: bool) -> dict[str, Any]:
    """A `LOGGING` dictionary for Django. `level` is a name such as INFO.

    Lines go to standard error: `json_lines` for machines, otherwise for people.
    structlog's loggers are led through the same handler.
    """
    shared = _shared_processors()
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "herald": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*shared, structlog.stdlib.ExtraAdder()],
                "processors": _line_processors(json_lines=json_lines),
            }
        },
        "handlers": {
            "console": {"class": "common.logs.LineHandler", "formatter": "herald"}
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": _loggers(level),
    }


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _line_processors(*, json_lines: bool) -> list[Processor]:
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json_lines
        else structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
    )
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redact_event,
        renderer,
    ]


def _loggers(level: str) -> dict[str, Any]:
    """Libraries that bring own handlers, or say more than anybody reads."""
    quiet = logging.getLevelName(max(logging.INFO, logging.getLevelName(level)))
    return {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "django-q": {"handlers": [], "propagate": True},
        "gunicorn.error": {"handlers": [], "propagate": True},
        "gunicorn.access": {"handlers": [], "propagate": True},
        "urllib3": {"level": quiet},
        "axes": {"level": max(logging.WARNING, logging.getLevelName(level))},
        "requests": {"level": quiet},
    }
