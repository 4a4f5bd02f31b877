"""A source on SQL Server: full passes, a cursor, a rowversion, or the server's list of changes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import cast

from agent.contract import Batch, Finding
from agent.errors import Misconfigured, Rejected
from agent.model import join_key, key_text
from connectors._sql_session import Session
from connectors._sql_source import SqlSource
from connectors.odbc.connecting import connect, give_back
from connectors.odbc.sqlserver.dialect import ROWVERSION, SqlServerDialect, family
from connectors.odbc.sqlserver.options import ChangeTracking, SqlServerConnection, SqlServerOptions
from connectors.odbc.sqlserver.rowversion import Barrier
from connectors.odbc.sqlserver.tracking import KEYS_AT_MOST, Listed, Mark, Tracking, Versions

log = logging.getLogger(__name__)


class SqlServerSource(SqlSource[SqlServerConnection, SqlServerOptions]):
    """Reads one table or query. What has not changed costs one tiny query."""

    def open_session(self) -> Session:
        """A connection that passed the canary, and knows its database."""
        session = connect(self.connection, SqlServerDialect(self.connection.driver_keywords))
        dialect = cast("SqlServerDialect", session.dialect)
        if not dialect.begin:  # new, or snapshots were off when we last asked
            dialect.learn(session)
        return session

    def release(self, session: Session) -> None:
        """Keep a sound connection for the next run."""
        give_back(self.connection, session)

    @property
    def dialect(self) -> SqlServerDialect:
        """The dialect of the open session, which knows the database."""
        return cast("SqlServerDialect", self.session.dialect)

    @cached_property
    def tracking(self) -> Tracking:
        """The server's list of this table's changes."""
        return Tracking(self.session, self.dialect, self.options.table)

    def check(self) -> Iterator[Finding]:
        """The same as for every database, and whether the way of finding changes is open."""
        for finding in super().check():
            if finding.subject != "late commits" or not self._counts_writes():
                yield finding
        if self.options.change_tracking is not None:
            current, oldest = self._tracked()
            yield Finding("change tracking", f"version {current}, listed since {oldest}")
        elif self._counts_writes():
            barrier = self._barrier()
            yield Finding("late commits", f"waited for: rows below {barrier.version} are read")
        if not self.dialect.begin:
            yield Finding("snapshot isolation", "off: the pages of a pass are of several moments")

    def read(self, cursor: str) -> Iterator[Batch]:
        """A full pass without a cursor, else what changed since."""
        if self.options.change_tracking is not None:
            return self._listed(cursor, self.options.change_tracking)
        if self.options.cursor and self._counts_writes(cursor):
            return self._between_barriers(cursor)
        return super().read(cursor)

    def cursor_at(self, moment: datetime, cursor: str) -> str:
        """Only a cursor of stamps knows moments."""
        if self.options.change_tracking is not None or self._counts_writes(cursor):
            raise Rejected(
                "SA-2117",
                f"the cursor of {self.table.name} counts: no moment can be told from it",
                hint="read single keys, or everything",
            )
        return super().cursor_at(moment, cursor)

    # A rowversion column

    def _counts_writes(self, cursor: str = "") -> bool:
        """Whether the cursor is a rowversion; one of ours says so without asking the server."""
        names = self.options.cursor.columns if self.options.cursor else ()
        if len(names) != 1:
            return False
        if Barrier.parse(cursor, names[0]):
            return True
        return family(self.table.column(names[0])) == ROWVERSION

    def _barrier(self) -> Barrier:
        self._require_own_database()
        assert self.options.cursor  # noqa: S101 - `_counts_writes` has looked
        return Barrier.now(self.session, self.options.cursor.columns[0])

    def _between_barriers(self, cursor: str) -> Iterator[Batch]:
        until = self._barrier()
        since = Barrier.parse(cursor, until.column)
        if since is None:
            yield from self._whole(str(until))
        elif until.version < since.version:
            yield from self._whole(str(until), "the database was set back to an earlier state")
        elif until == since:
            yield Batch((), (), cursor=cursor)
        else:
            order = tuple(dict.fromkeys((until.column, *self.options.key)))
            window = since.window(self.table, until)
            yield from self._changed(window, order, order[:1], cursor, str(until))

    # Change Tracking

    def _tracked(self) -> Versions:
        self._require_own_database()
        versions = self.tracking.versions()
        self.tracking.require_snapshots()
        return versions

    def _listed(self, cursor: str, options: ChangeTracking) -> Iterator[Batch]:
        mark, versions = Mark.parse(cursor), self._tracked()
        if mark is not None and mark.version == versions.current and mark.lies_in(versions):
            yield Batch((), (), cursor=cursor)
            return
        self.tracking.require_primary_key(self.options.key)
        table = self.table  # described before the moment begins: describing takes no part in it
        self.session.begin()
        try:
            versions = self.tracking.versions()
            after = str(Mark(versions.current))
            if mark is None:
                yield from self._whole(after)
            elif not mark.lies_in(versions):
                yield from self._whole(after, _fallen_out(mark, versions))
            else:
                listed = self.tracking.since(mark.version, table, self.options.key, options.context)
                if len(listed) > KEYS_AT_MOST:
                    yield from self._whole(after, f"more than {KEYS_AT_MOST} keys changed at once")
                else:
                    yield from self._of_keys(listed, cursor, after)
        finally:
            self.let_go()

    def _of_keys(self, listed: list[Listed], before: str, after: str) -> Iterator[Batch]:
        """The rows of the keys that changed, then the keys that are gone."""
        there = [_text(each) for each in listed if not each.deleted]
        gone = tuple(_text(each) for each in listed if each.deleted)
        for batch in self.read_keys(there):
            yield replace(batch, cursor=before)
        yield replace(self._batch([], None), cursor=after, gone=gone)

    # Both ways

    def _whole(self, cursor: str, note: str = "") -> Iterator[Batch]:
        """A full pass; the note says why where nobody asked for one."""
        if note:
            note = f"everything is read again: {note}"
            log.warning(note, extra={"table": self.table.name})
        for batch in self._everything(cursor):
            yield replace(batch, note=note)
            note = ""

    def _require_own_database(self) -> None:
        """Raises `Misconfigured` where versions would be another database's than the rows'."""
        if not self.dialect.updateable:
            raise Misconfigured(
                "SA-2134",
                f"{self.dialect.database} is a read-only copy: it cannot tell its changes apart",
                hint="leave out `replica` so that the primary is asked, or use a stamp as cursor",
            )
        elsewhere = ".".join(self.options.table.split(".")[:-2])
        if elsewhere and elsewhere.casefold() != self.dialect.database.casefold():
            raise Misconfigured(
                "SA-2134",
                f"{self.options.table} lies in another database than {self.dialect.database}, "
                "whose versions would be asked for",
                hint="give the table's own database to the connection",
            )


def _text(listed: Listed) -> str:
    return join_key(tuple(key_text(value).rstrip() for value in listed.key))


def _fallen_out(mark: Mark, versions: Versions) -> str:
    if mark.version > versions.current:
        return "the database was set back to an earlier state"
    return (
        f"changes are listed since version {versions.oldest}, the last run ended at "
        f"{mark.version} (a longer CHANGE_RETENTION, or shorter pauses, avoid that)"
    )
