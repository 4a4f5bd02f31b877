"""Logs: one structured line an event on standard error, secrets taken out.

Every room logs through `logging.getLogger(__name__)` with its fields in `extra`; this one says once
what a line looks like. Who works on something names it for the lines below: `bound(flow=…)`.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal, TextIO

from agent.secrets import Secret

if TYPE_CHECKING:
    from structlog.typing import Processor

REDACTED = "***"
_SECRET_NAME = re.compile(r"passw|pwd|secret|token|authorization|api_?key|cookie", re.IGNORECASE)
_SECRET_IN_TEXT = re.compile(
    r"(?P<name>passw\w*|pwd|secret\w*|\w*token|authorization|api[_-]?key)"
    r"(?P<mark>[\"']?\s*[=:]\s*)"
    r"(?P<value>(?:bearer|basic)\s+[^\s;,\"']+|\{[^}]*\}|\"[^\"]*\"|'[^']*'|[^\s;,&\"']+)",
    re.IGNORECASE,
)
_OURS = ("agent", "connectors")
_bound: ContextVar[Mapping[str, object]] = ContextVar("bound", default={})  # noqa: B039 - only read


@contextmanager
def bound(**fields: object) -> Iterator[None]:
    """Adds these fields to every line that is logged within, by whomever."""
    before = _bound.set({**_bound.get(), **fields})
    try:
        yield
    finally:
        _bound.reset(before)


@contextmanager
def silence() -> Iterator[None]:
    """Nothing is logged within: a command says itself what went wrong."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def configure(
    *,
    form: Literal["json", "text"] = "text",
    level: str = "INFO",
    stream: TextIO | None = None,
) -> None:
    """Set up logging for this process: our own lines and, from WARNING up, those of libraries."""
    import structlog  # noqa: PLC0415 - 90 ms, with rich and asyncio: commands do not log

    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _renderer(form, stream),
            ],
            foreign_pre_chain=[
                _add_bound,
                structlog.stdlib.ExtraAdder(),
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.format_exc_info,
                redact,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in _OURS:
        logging.getLogger(name).setLevel(level.upper())


def _renderer(form: Literal["json", "text"], stream: TextIO) -> Processor:
    import structlog  # noqa: PLC0415 - see above

    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    return structlog.dev.ConsoleRenderer(
        colors=stream.isatty() and not os.environ.get("NO_COLOR"),
        exception_formatter=structlog.dev.plain_traceback,
        pad_event_to=0,
        sort_keys=False,
    )


def _add_bound(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    event.update(_bound.get())
    return event


def redact(_logger: object, _method: str, event: Mapping[str, Any]) -> Mapping[str, Any]:
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
