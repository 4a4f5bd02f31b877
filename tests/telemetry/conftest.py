from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Logging is set up for the whole process: put it back, and close what was opened."""
    before = logging.root.handlers[:]
    loggers = [logging.getLogger(name) for name in (None, "agent", "connectors")]
    levels = [logger.level for logger in loggers]
    yield
    for handler in logging.root.handlers:
        if handler not in before:
            handler.close()
    logging.root.handlers[:] = before
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
