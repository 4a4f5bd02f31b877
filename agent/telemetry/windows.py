"""The Event Log of Windows: what changed about the agent itself, for those who watch servers there.

It was written after Microsoft's and pywin32's description; no Windows was there to prove it on.
"""

from __future__ import annotations

import logging
from importlib.util import find_spec
from logging.handlers import NTEventLogHandler

SOURCE = "SyncAgent"
LONGEST = 31_000
"""Characters; Windows refuses a text of more than 31,839."""
CHANGES = frozenset(
    {
        "started", "stopping", "stopped", "configuration reloaded",
        "the store is an older copy: every record is sent again",
        "delivery opened", "delivery closed", "delivery halted", "delivery resumed",
        "alert opened", "alert worse", "alert escalated", "alert recovered",
    }
)  # fmt: skip
"""Lines that say how the agent, a target or an alert is from now on."""


def is_change_of_state(record: logging.LogRecord) -> bool:
    """Whether a line belongs there: errors, and what is otherwise from now on."""
    if record.levelno >= logging.ERROR:
        return True
    told = record.getMessage()
    return told in CHANGES or (told == "run ended" and vars(record).get("outcome") == "halted")


class EventLog(NTEventLogHandler):
    """Writes to the log `Application`, under our name as the source.

    The level becomes the type of the event: information, warning or error. All events have the
    number 1, whose text in pywin32's message file is the line itself.
    """

    def __init__(self) -> None:
        super().__init__(SOURCE)
        self.addFilter(is_change_of_state)

    def format(self, record: logging.LogRecord) -> str:
        """The line, as long as Windows takes it."""
        return super().format(record)[:LONGEST]


def event_log() -> logging.Handler | None:
    """A handler that writes there; None where there is no pywin32, and thus no Windows."""
    if find_spec("win32evtlogutil") is None:
        return None
    try:
        return EventLog()
    except Exception:  # noqa: BLE001 - pywintypes.error: a registry that is closed to us ends nothing
        return None
