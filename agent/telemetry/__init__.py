"""Logs: one structured line an event, secrets and personal data taken out.

Every room logs through `logging.getLogger(__name__)` with its fields in `extra`; this one says once
what a line looks like and where it goes: to standard error or the journal, into a file, and under
Windows into the Event Log. Who works on something names it for the lines below: `log_context`.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, TextIO

from agent.log_context import context
from agent.telemetry.redaction import redact

if TYPE_CHECKING:
    from structlog.typing import Processor

Form = Literal["json", "text"]
_OURS = ("agent", "connectors")


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
    form: Form = "text",
    level: str = "INFO",
    stream: TextIO | None = None,
    console: logging.Handler | None = None,
    others: Sequence[logging.Handler] = (),
) -> None:
    """Set up logging for this process: our own lines and, from WARNING up, those of libraries.

    `console` takes the place of the one that writes to standard error, in the same form; `others`
    get every line as JSON.
    """
    stream = stream or sys.stderr
    console = console or logging.StreamHandler(stream)
    console.setFormatter(_formatter(_renderer(form, stream)))
    for each in others:
        each.setFormatter(_formatter(_renderer("json", stream)))
    logging.basicConfig(handlers=[console, *others], level=logging.WARNING, force=True)
    for name in _OURS:
        logging.getLogger(name).setLevel(level.upper())


def _formatter(renderer: Processor) -> logging.Formatter:
    import structlog  # noqa: PLC0415 - 90 ms, with rich and asyncio: commands do not log

    return structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        foreign_pre_chain=[
            _add_context,
            structlog.stdlib.ExtraAdder(),
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redact,
        ],
    )


def _renderer(form: Form, stream: TextIO) -> Processor:
    import structlog  # noqa: PLC0415 - see above

    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    return structlog.dev.ConsoleRenderer(
        colors=stream.isatty() and not os.environ.get("NO_COLOR"),
        exception_formatter=structlog.dev.plain_traceback,
        pad_event_to=0,
        sort_keys=False,
    )


def _add_context(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    event.update(context())
    return event
