"""The store as a whole: opened under a lock, whole or not at all."""

from __future__ import annotations

import math
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from agent.clock import Clock
from agent.errors import SyncError
from agent.store import backup, database
from agent.store.agreements import Agreements
from agent.store.alerts import Alerts
from agent.store.bindings import Bindings
from agent.store.bundles import BUNDLE_SIZE
from agent.store.causes import Causes
from agent.store.commands import Commands
from agent.store.configurations import Configurations
from agent.store.database import Database
from agent.store.decisions import Decisions
from agent.store.edits import Edits
from agent.store.events import Events
from agent.store.failure import translated
from agent.store.flows import Flows
from agent.store.history import History
from agent.store.jobs import Jobs
from agent.store.known import Known
from agent.store.kpis import Kpis
from agent.store.lock import Lock
from agent.store.looked_up import LookedUp
from agent.store.maintenance import Maintenance, Retention
from agent.store.messages import Messages
from agent.store.outbox import Outbox
from agent.store.pauses import Pauses
from agent.store.people import Audit, Users
from agent.store.refusals import Refusals
from agent.store.reservations import Reservations
from agent.store.runs import Runs
from agent.store.search import Search
from agent.store.timeline import Timeline
from agent.store.verifications import Verifications
from agent.store.watermark import Watermark

_VERSIONS_PER_MS = 1_000
"""More than anybody appends, so that the sequence never runs ahead of the time. They stay below
2**53 until the year 2255: every JSON parser reads them exactly."""


class Store:
    """The agent's database and its parts. Thread-safe; one process at a time."""

    def __init__(
        self,
        database: Database,
        lock: Lock,
        clock: Clock,
        backups: Path,
        retention: Retention,
        bundle_size: int,
    ) -> None:
        """Use `Store.open`."""
        self._database = database
        self._lock = lock
        self._clock = clock
        self._backups = backups
        self._maintenance = Maintenance(database)
        self.retention = retention
        """What `maintain` keeps; may be replaced at any time."""
        self.path = database.path
        self._watermark = Watermark(database.path)
        self.is_old_copy = _next_version(database) < self._watermark.read()
        """Whether an older copy was put in the store's place since it was closed."""
        self.id = _identity(database, clock.now_ms())
        """The first part of every message's id."""
        self.restored_from: Path | None = None
        """The backup that replaced a damaged or missing store at this opening."""
        self.events = Events(database)
        self.flows = Flows(database)
        self.known = Known(database)
        self.looked_up = LookedUp(database)
        self.agreements = Agreements(database)
        self.reservations = Reservations(database, clock.now_ms)
        outbox = Outbox.of(database, self.id, self.reservations, clock.now_ms, bundle_size)
        self.messages = Messages(outbox)
        self.refusals = Refusals(outbox)
        self.decisions = Decisions(outbox, self.known)
        self.bindings = Bindings(database)
        self.edits = Edits(outbox)
        self.history = History(database)
        self.search = Search(outbox)
        self.runs = Runs(database)
        self.jobs = Jobs(database)
        self.pauses = Pauses(database)
        self.commands = Commands(database)
        self.causes = Causes(database)
        self.alerts = Alerts(database)
        self.kpis = Kpis(database)
        self.configurations = Configurations(database, clock.now_ms)
        self.verifications = Verifications(database)
        self.timeline = Timeline(database)
        self.users = Users(database, clock.now_ms)
        self.audit = Audit(database, clock.now_ms)

    @classmethod
    def open(
        cls,
        path: Path,
        clock: Clock,
        *,
        retention: Retention = Retention(),  # noqa: B008 - frozen
        backups: Path | None = None,
        recreate: bool = False,
        bundle_size: int = BUNDLE_SIZE,
    ) -> Self:
        """Lock the store, check it, bring it up to date, and clear up after a crash.

        A damaged or missing store is restored from its newest good copy in the folder `backups`
        (by default `backup` beside the store). Without one a damaged store is refused; `recreate`
        sets it aside and starts afresh, a person's decision. `bundle_size`: how many new messages
        are kept as one line.
        Raises Unavailable (in use, locked, disk full), Misconfigured (damaged, of a newer version,
        not ours, not writable).
        """
        folder = backups or backup.default_folder(path)
        now = clock.now_ms()
        lock = Lock(path.with_name(path.name + ".lock"), now)
        try:
            restored_from = _make_sound(path, folder, now, recreate=recreate)
            opened = Database(path)
            try:
                store = cls(opened, lock, clock, folder, retention, bundle_size)
                store._clear_up(restored_from, now)
                return store
            except BaseException:
                opened.close()
                raise
        except BaseException:
            lock.release()
            raise

    def _clear_up(self, restored_from: Path | None, now: int) -> None:
        """End what a crash cut off: leases, runs, jobs; doubt what an old backup says."""
        self.restored_from = restored_from
        with self.transaction():
            if restored_from or self.is_old_copy:
                self.known.doubt_all()
            self.messages.clear_leases()
            for run in self.runs.interrupt(now):
                self.decisions.drop(run)
            self.jobs.requeue()
        self._note_progress()

    def _note_progress(self) -> None:
        with suppress(OSError):
            self._watermark.note(_next_version(self._database))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, on disk at the end; a transaction inside another joins it."""
        with self._database.transaction():
            yield

    def require_sound(self) -> None:
        """Raise the `StoreFailed` that somebody met, whoever it was."""
        self._database.require_sound()

    def maintain(self, now: int, *, seconds: float = math.inf) -> None:
        """Forget what is over for long, shrink the file, bound the WAL; others may go on.

        What is not done after so many seconds is left for the next time.
        """
        self.reservations.forget(self.retention.oldest(now))
        self._maintenance.run(self.retention, now, seconds)
        self._note_progress()

    def backup(self, folder: Path | None = None, *, keep: int = 3) -> Path:
        """Copy the live store into a folder, of which the newest `keep` copies stay; the copy."""
        now = self._clock.now_ms()
        copy = backup.backup(self.path, folder or self._backups, keep, now)
        with self.transaction():  # from here on the copy is the older one
            self._database.write("UPDATE identity SET next_version = next_version + 1")
        self._note_progress()
        return copy

    def backup_age(self, folder: Path | None = None) -> float:
        """Seconds since the newest copy in a folder was made; infinite where there is none."""
        made = backup.newest_at(self.path, folder or self._backups)
        return math.inf if made is None else self._clock.now_ms() / 1000 - made

    def close(self) -> None:
        """Close the file and let the next one in."""
        version = 0
        with suppress(SyncError):
            version = _next_version(self._database)
        self._database.close()
        if version:
            with suppress(OSError):
                self._watermark.note(version, closed=True)
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _make_sound(path: Path, backups: Path, now: int, *, recreate: bool) -> Path | None:
    """See to it that a sound file is there; the backup it was restored from, if it was."""
    with translated(path):
        if path.exists():
            # Checking reads the whole file: needless where nobody touched it since it was closed.
            wrong = "" if Watermark(path).is_untouched() else database.damage(path)
        else:
            lost = backup.backups(path, backups) or path.with_name(path.name + "-wal").exists()
            wrong = "the file is missing" if lost else ""
            if not lost:
                database.create(path)
        if not wrong:
            return None
        if not recreate:
            return backup.restore(path, backups, now, wrong)
        backup.set_aside(path, now)
        database.create(path)
        return None


def _next_version(opened: Database) -> int:
    return int(opened.value("SELECT max(next_version) FROM identity") or 0)


def _identity(opened: Database, now: int) -> str:
    """The store's id. The versions start no lower than the time says.

    A store restored from an old backup would else give the same versions to other contents.
    """
    lifted = now * _VERSIONS_PER_MS
    with opened.transaction():
        opened.write("UPDATE identity SET next_version = max(next_version, ?)", (lifted,))
        found = opened.row("SELECT store_id FROM identity")
        if found is None:
            found = (secrets.token_hex(6),)
            opened.write("INSERT INTO identity VALUES (?, ?)", (*found, lifted))
    return str(found[0])
