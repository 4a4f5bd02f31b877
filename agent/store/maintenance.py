"""Keep the file small: forget what is over, give free pages back, fold the WAL in."""

from __future__ import annotations

import time
from array import array
from dataclasses import dataclass
from heapq import merge

from agent.store.alerts import Alerts
from agent.store.bundles import BUNDLE_SIZE, Bundles
from agent.store.commands import Commands
from agent.store.database import WAL_LIMIT, Database
from agent.store.events import Events
from agent.store.kpis import HOUR_MS, Kpis
from agent.store.tally import Tally

_DAY_MS = 86_400_000
_SLICE = 2_000
_VACUUM_PAGES = 500
KPI_DAYS = 397
"""Thirteen months, so that a month can be held against the same one of last year."""
_SPARE_PAGES = 128
"""So many free pages stay for the next messages: giving them back would only cost writes."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long messages and runs that are over are kept: by age and by number; events by age."""

    days: float = 14
    rows: int = 20_000

    def oldest(self, now: int) -> int:
        """What was over before this moment is forgotten, in unix ms."""
        return now - int(self.days * _DAY_MS)


class Maintenance:
    """Works in slices, each its own transaction: nobody waits long for the writer."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tally = Tally(database)
        self._bundles = Bundles(database, self._tally)
        self._events = Events(database)
        self._commands = Commands(database)
        self._alerts = Alerts(database)
        self._kpis = Kpis(database)

    def run(self, retention: Retention, now: int, seconds: float) -> None:
        """Prune, vacuum, checkpoint; after so many seconds the rest is left for the next time."""
        end = time.monotonic() + seconds
        oldest = retention.oldest(now)
        while self._prune_messages(retention.rows, oldest) and time.monotonic() < end:
            pass
        while self._events.forget(oldest) and time.monotonic() < end:
            pass
        while self._commands.forget(oldest) and time.monotonic() < end:
            pass
        while self._kpis.forget((now - KPI_DAYS * _DAY_MS) // HOUR_MS) and time.monotonic() < end:
            pass
        self._alerts.forget(oldest)
        self._prune_runs(retention.rows, oldest)
        while self._vacuum() and time.monotonic() < end:
            pass
        wal = self._database.path.with_name(self._database.path.name + "-wal")
        if wal.exists() and wal.stat().st_size > WAL_LIMIT // 4:
            self._database.checkpoint()

    def _prune_messages(self, rows: int, oldest: int) -> bool:
        """Forget a slice of what is over, the oldest first. True: there may be more to forget."""
        with self._database.transaction():
            excess = max(0, self._tally.finished() - rows)
            alone = self._database.rows(
                "SELECT done_at, version, 1, 0 FROM message"
                " WHERE done_at IS NOT NULL AND aside_until IS NULL"
                " ORDER BY done_at, version LIMIT ?",
                (_SLICE,),
            )
            bundles = [(*line, 1) for line in self._bundles.oldest_done(_SLICE // BUNDLE_SIZE)]
            gone: tuple[list[int], list[int]] = [], []
            for done_at, version, messages, bundled in merge(alone, bundles):
                if messages > excess and done_at >= oldest:
                    break
                gone[bundled].append(version)
                excess -= messages
            self._tally.remove(array("q", gone[0]))
            self._bundles.forget(gone[1])
            return len(gone[0]) == len(alone) > 0 or len(gone[1]) == len(bundles) > 0

    def _prune_runs(self, rows: int, oldest: int) -> None:
        """Runs are few: one slice is enough. What still waits for a person stays."""
        with self._database.transaction():
            self._database.write(
                "DELETE FROM run WHERE outcome NOT IN ('running', 'held') AND (finished_at < ?"
                " OR id <= (SELECT id FROM run ORDER BY id DESC LIMIT 1 OFFSET ?))",
                (oldest, rows),
            )

    def _vacuum(self) -> bool:
        """Give back a slice of free pages. Stepping the pragma once would free one page."""
        with self._database.transaction():
            free = self._database.value("PRAGMA freelist_count")
            if free <= _SPARE_PAGES:
                return False
            self._database.write(f"PRAGMA incremental_vacuum({min(free, _VACUUM_PAGES)})")
            return True
