"""The Event Log of Windows: what changed about the agent itself, for those who watch servers there.

It was written after Microsoft's and pywin32's description; no Windows was there to prove it on.
"""

from __future__ import annotations

import logging
import os
from importlib.util import find_spec

SOURCE = "SyncAgent"
STATE = frozenset({"agent.daemon", "agent.cli.run"})
"""Rooms whose lines tell that the agent began, ended, was halted, or goes on."""


def is_change_of_state(record: logging.LogRecord) -> bool:
    """Whether a line belongs there: errors, and what the agent says about itself."""
    if record.levelno >= logging.ERROR:
        return True
    return record.name in STATE and record.levelno >= logging.INFO


def event_log() -> logging.Handler | None:
    """A handler that writes there; None elsewhere, and where pywin32 is missing."""
    if os.name != "nt" or find_spec("win32evtlogutil") is None:
        return None
    from logging.handlers import NTEventLogHandler  # noqa: PLC0415 - Windows only

    handler = NTEventLogHandler(SOURCE)
    handler.addFilter(is_change_of_state)
    return handler
