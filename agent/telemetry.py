"""Logs: one structured line an event on standard error, secrets taken out.

Every room logs through `structlog.get_logger()`; this one says once what a line looks like. Who
works on something binds its name for the lines below: `structlog.contextvars.bound_contextvars
(flow=…, run=…)`.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Mapping
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

from agent.secrets import Secret

REDACTED = "***"
_SECRET_NAME = re.compile(r"passw|pwd|secret|token|authorization|api_?key|cookie", re.IGNORECASE)
_SECRET_IN_TEXT = re.compile(
    r"(?P<name>passw\w*|pwd|secret\w*|\w*token|authorization|api[_-]?key)"
    r"(?P<mark>[\"']?\s*[=:]\s*)"
    r"(?P<value>(?:bearer|basic)\s+[^\s;,\"']+|\{[^}]*\}|\"[^\"]*\"|'[^']*'|[^\s;,&\"']+)",
    re.IGNORECASE,
)


def configure(
    *,
    form: Literal["json", "text"] = "text",
    level: str = "INFO",
    stream: TextIO | None = None,
) -> None:
    """Set up logging for this process: our own lines and, from WARNING up, those of libraries."""
    stream = stream or sys.stderr
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    renderer = _renderer(form, stream)
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level.lower()),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def _renderer(form: Literal["json", "text"], stream: TextIO) -> structlog.typing.Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    return structlog.dev.ConsoleRenderer(
        colors=stream.isatty() and not os.environ.get("NO_COLOR"),
        exception_formatter=structlog.dev.plain_traceback,
        pad_event_to=0,
        sort_keys=False,
    )


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Take secrets out of a line: by type, by the name of the field, and inside free text."""
    return {name: redacted(value, name) for name, value in event.items()}


def redacted(value: Any, name: str = "") -> Any:
    """The value as it may be shown to people; `name` is the field that holds it."""
    if isinstance(value, Secret):
        return value.reference
    if name and _SECRET_NAME.search(name):
        return REDACTED
    if isinstance(value, str):
        return _SECRET_IN_TEXT.sub(rf"\g<name>\g<mark>{REDACTED}", value)
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    if isinstance(value, Mapping):
        return {key: redacted(item, str(key)) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [redacted(item) for item in value]
    if isinstance(value, BaseException):
        return redacted(str(value))
    return value
