"""Lines of the log, kept until a collector has taken them."""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import Sequence
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from agent.otlp.attributes import NANOSECONDS, attributes, resource, scope

if TYPE_CHECKING:
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

MOST_KEPT = 10_000
"""Lines that wait while the collector does not answer; beyond them the oldest go."""
AT_ONCE = 1_000

_SEVERITY: dict[int, Any] = {
    logging.DEBUG: 5, logging.INFO: 9, logging.WARNING: 13, logging.ERROR: 17, logging.CRITICAL: 21,
}  # fmt: skip
"""As OpenTelemetry numbers them."""


class Line(NamedTuple):
    """One line: when (unix ms), how grave, and what it says, secrets already taken out."""

    at: int
    level: int
    told: dict[str, Any]


class Lines(logging.Handler):
    """Takes every line as JSON, as the log file does."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[Line] = deque(maxlen=MOST_KEPT)
        self._guard = Lock()

    def emit(self, record: logging.LogRecord) -> None:
        """One line."""
        try:
            told = json.loads(self.format(record))
            with self._guard:
                self._waiting.append(Line(int(record.created * 1000), record.levelno, told))
        except Exception:  # noqa: BLE001 - as every handler of the library: logging never raises
            self.handleError(record)

    def some(self) -> list[Line]:
        """The oldest that wait; they wait on until `taken`."""
        with self._guard:
            return list(islice(self._waiting, AT_ONCE))

    def taken(self, lines: Sequence[Line]) -> None:
        """These need not be kept any more."""
        with self._guard:
            gone = {id(line) for line in lines}
            while self._waiting and id(self._waiting[0]) in gone:
                self._waiting.popleft()


def log_records(site: str, lines: Sequence[Line]) -> ExportLogsServiceRequest:
    """The lines as OTLP has them: what happened is the body, its fields are attributes."""
    from opentelemetry.proto.collector.logs.v1 import (  # noqa: PLC0415 - an extra
        logs_service_pb2 as service,
    )
    from opentelemetry.proto.common.v1.common_pb2 import AnyValue  # noqa: PLC0415 - the same
    from opentelemetry.proto.logs.v1 import logs_pb2 as form  # noqa: PLC0415 - the same

    found = []
    for at, level, told in lines:
        fields = {name: told[name] for name in told if name not in {"event", "timestamp", "level"}}
        found.append(
            form.LogRecord(
                time_unix_nano=at * NANOSECONDS,
                severity_number=_SEVERITY.get(level, 9),
                severity_text=str(told.get("level", "")).upper(),
                body=AnyValue(string_value=str(told.get("event", ""))),
                attributes=attributes(fields),
            )
        )
    made_here = form.ScopeLogs(scope=scope(), log_records=found)
    whole = form.ResourceLogs(resource=resource(site), scope_logs=[made_here])
    return service.ExportLogsServiceRequest(resource_logs=[whole])
