"""Random delays where threads start, wake up and commit: `make jitter` shows who relies on luck.

A plugin of pytest. The delays of a test follow from the seed and its name alone, so that what
failed once is likely to fail again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest

from agent.store.database import Database

_random = Random()
_sleep = time.sleep  # whatever a test puts in its place


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--jitter-seed", default="1", help="other delays")


def pytest_configure() -> None:
    patch = pytest.MonkeyPatch()
    start, run = threading.Thread.start, threading.Thread.run
    wait, transaction = threading.Condition.wait, Database.transaction

    def start_later(thread: threading.Thread) -> None:
        start(thread)
        _delay(0.3, 0.05)

    def run_later(thread: threading.Thread) -> None:
        _delay(0.3, 0.1)
        run(thread)

    def wake_later(condition: threading.Condition, timeout: float | None = None) -> bool:
        woken = wait(condition, timeout)
        _delay(0.05, 0.02)
        return woken

    @contextmanager
    def return_later(database: Database) -> Iterator[None]:
        with transaction(database):
            yield
        _delay(0.03, 0.1)

    patch.setattr(threading.Thread, "start", start_later)
    patch.setattr(threading.Thread, "run", run_later)
    patch.setattr(threading.Condition, "wait", wake_later)
    patch.setattr(Database, "transaction", return_later)


def pytest_runtest_setup(item: pytest.Item) -> None:
    _random.seed(f"{item.config.getoption('--jitter-seed')} {item.nodeid}")


def _delay(share: float, most: float) -> None:
    """Sleep up to `most` seconds in this share of all cases."""
    if _random.random() < share:
        _sleep(_random.uniform(0, most))
