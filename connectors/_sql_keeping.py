"""Sessions between two runs: how the next run finds the connection of the last one still open.

A poll that finds nothing takes less time than logging in. So a session whose run ended well waits
`KEPT_SECONDS` for the next run of any flow with the same connection options. Whoever comes or goes
closes those that have waited longer, and the oldest where more than `KEPT_AT_MOST` of a driver
wait. Nothing else outlives a run.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from agent.contract import Options
from agent.errors import SyncError
from connectors._sql_session import Session

KEPT_SECONDS = 60.0
KEPT_AT_MOST = 8


class _Waiting(NamedTuple):
    since: float
    options: Options
    session: Session


class Keeping:
    """The waiting sessions of one driver, the oldest first. Any thread may come and go.

    To be made after the driver was imported: what a driver does at the end of the process happens
    after our closing only if it was registered before. Firebird's client ends the process with a
    segmentation fault when it is shut down before its connections are.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._ended = False
        _everywhere.append(self)
        atexit.register(self.end)

    def session(self, options: Options, log_in: Callable[[], Session]) -> Session:
        """One that waited and answers, else a new one."""
        while waited := self._take(options):
            try:
                waited.fetch(waited.dialect.alive)
            except SyncError:  # it broke while nobody used it: that is nobody's error
                waited.close()
            else:
                return waited
        return log_in()

    def give_back(self, options: Options, session: Session) -> None:
        """The run is over: keep the session if it is sound."""
        with self._lock:
            keep = session.sound and not self._ended
            if keep:
                self._waiting.append(_Waiting(self._now(), options, session))
            surplus = self._surplus()
        _hang_up(surplus if keep else [*surplus, session])

    def close(self) -> None:
        """Hang up whatever waits."""
        with self._lock:
            surplus, self._waiting = [each.session for each in self._waiting], []
        _hang_up(surplus)

    def end(self) -> None:
        """Keep nothing from now on: a run may end later than the process waited for it."""
        self._ended = True
        self.close()

    def _take(self, options: Options) -> Session | None:
        with self._lock:
            surplus = self._surplus()
            found = next(
                (each for each in reversed(self._waiting) if each.options == options), None
            )
            if found:
                self._waiting.remove(found)
        _hang_up(surplus)
        return found.session if found else None

    def _surplus(self) -> list[Session]:
        born = self._now() - KEPT_SECONDS
        fresh = [each for each in self._waiting if each.since >= born][-KEPT_AT_MOST:]
        old = [each.session for each in self._waiting if each not in fresh]
        self._waiting = fresh
        return old


_everywhere: list[Keeping] = []


def close_waiting() -> None:
    """Close every session that waits for a next run, whatever its driver."""
    for each in _everywhere:
        each.close()


def _hang_up(sessions: Iterable[Session]) -> None:
    for session in sessions:
        session.close()
