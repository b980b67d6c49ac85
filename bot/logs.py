"""Logging: one line of JSON an event, on standard error, with nothing personal in it.

Our own events are ours to keep clean: ids and codes. Libraries compose their messages out of what
they handle: Rasa of what people write, HTTP clients of addresses with tokens in them, and both dump
exceptions that quote it. So of their records only the place in the code is kept, and of any
exception only its class and its way through the code.
"""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict

_OURS = ("bot", "actions", "__main__")
# Says at its start what an operator must read: that the port is taken.
_WORTH_READING = ("uvicorn",)
_ABOUT_THE_RECORD = ("timestamp", "level", "logger", "_record", "_from_structlog")


_DESCRIBING: list[Any] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
# One list however often logging is configured: a logger keeps the list that it was first used with,
# and whoever looks at what is logged (structlog's ``capture_logs``) changes the list in place.
_PROCESSORS: list[Any] = [
    structlog.stdlib.filter_by_level,
    *_DESCRIBING,
    ProcessorFormatter.wrap_for_formatter,
]


def configure_logging(stream: TextIO | None = None) -> None:
    """Send our events, and the warnings of libraries, to ``stream`` (standard error)."""
    structlog.configure(
        processors=_PROCESSORS,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
        # Rasa calls its loggers dozens of times in a turn, for nothing.
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=_DESCRIBING,
            processors=[
                _without_contents,
                ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    # Rasa puts what people write into warnings too; those are for developers, not for a log.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.CRITICAL)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    # It warns at each answer to a form that some slot has no validation of its own.
    logging.getLogger("rasa_sdk").setLevel(logging.ERROR)


def _without_contents(_logger: Any, _method: str, event: EventDict) -> EventDict:
    trace = _trace(event.pop("exc_info", None) or event["_record"].exc_info)
    event.pop("stack_info", None)
    room = event["logger"].partition(".")[0]
    if room not in _OURS + _WORTH_READING:
        place = event["event"] if event["_from_structlog"] else _place(event["_record"])
        event = {**{key: event[key] for key in _ABOUT_THE_RECORD}, "event": place}
    if trace is not None:
        event["error"], event["path"] = trace
    return event


def _place(record: logging.LogRecord) -> str:
    return f"{record.pathname}:{record.lineno}"


def _trace(exc_info: Any) -> tuple[str, list[str]] | None:
    """Return the class of an exception and the places it came through."""
    if exc_info is True:
        exc_info = sys.exc_info()
    error: BaseException | None = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if error is None:
        return None
    frames: TracebackType | None = error.__traceback__
    places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(frames)]
    return type(error).__name__, places
