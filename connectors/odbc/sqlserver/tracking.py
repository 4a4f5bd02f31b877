"""Change Tracking: the server's own list of the keys that changed since a version.

Versions are given at commit, in the order of the commits, so a transaction that stays open for
long is listed when it ends and never skipped. The list, the current version and the rows must be
of one moment: all is asked inside one SNAPSHOT transaction.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NamedTuple

from agent.errors import Misconfigured
from connectors._sql_dialect import Sql
from connectors._sql_session import Session
from connectors._sql_table import Table
from connectors.odbc.sqlserver.dialect import SqlServerDialect, literal

KEYS_AT_MOST = 100_000
"""Beyond it a full pass costs less than asking key by key, and keys are held in memory."""


class Versions(NamedTuple):
    """`current`: the version of the last commit. `oldest`: changes since it are still listed."""

    current: int
    oldest: int


class Listed(NamedTuple):
    """A key that changed, in the form in which rows hold it."""

    deleted: bool
    key: tuple[object, ...]


@dataclass(frozen=True)
class Mark:
    """The cursor: everything up to this version has been read."""

    version: int

    @classmethod
    def parse(cls, cursor: str) -> Mark | None:
        """The mark a cursor stands for; None: start over."""
        try:
            return cls(int(json.loads(cursor)["version"]))
        except (ValueError, KeyError, TypeError):
            return None

    def __str__(self) -> str:
        """The cursor, as the engine keeps it."""
        return json.dumps({"version": self.version})

    def lies_in(self, versions: Versions) -> bool:
        """Whether the list reaches back to it, and the database was not set back before it."""
        return versions.oldest <= self.version <= versions.current


class Tracking:
    """The list of one table."""

    def __init__(self, session: Session, dialect: SqlServerDialect, table: str) -> None:
        self._session, self._dialect = session, dialect
        self._name = ".".join(dialect.quote(part) for part in table.split("."))

    def versions(self) -> Versions:
        """One tiny query, also the answer to "did anything change?"."""
        found = self._session.first(
            "SELECT CHANGE_TRACKING_CURRENT_VERSION(), "
            f"CHANGE_TRACKING_MIN_VALID_VERSION(OBJECT_ID({literal(self._name)}))"
        )
        current, oldest = found or (None, None)
        if current is None:
            database = self._dialect.quote(self._dialect.database)
            raise Misconfigured(
                "SA-2131",
                f"Change Tracking is off in the database {self._dialect.database}",
                hint=f"ALTER DATABASE {database} SET CHANGE_TRACKING = ON "
                "(CHANGE_RETENTION = 7 DAYS, AUTO_CLEANUP = ON)",
            )
        if oldest is None:
            raise Misconfigured(
                "SA-2131",
                f"the server lists no changes of {self._name}: Change Tracking is off for the "
                "table, or this user may not see it",
                hint=f"ALTER TABLE {self._name} ENABLE CHANGE_TRACKING; "
                f"GRANT SELECT, VIEW CHANGE TRACKING ON {self._name} TO the user",
            )
        return Versions(int(current), int(oldest))

    def require_snapshots(self) -> None:
        """Raises `Misconfigured` where the database does not let a reader see one moment."""
        if not self._dialect.begin:
            database = self._dialect.quote(self._dialect.database)
            raise Misconfigured(
                "SA-2132",
                f"snapshot isolation is off in the database {self._dialect.database}: changes and "
                "rows would be of different moments",
                hint=f"ALTER DATABASE {database} SET ALLOW_SNAPSHOT_ISOLATION ON",
            )

    def require_primary_key(self, key: tuple[str, ...]) -> None:
        """Raises `Misconfigured` where the flow's key is another than the list's."""
        rows = self._session.fetch(
            "SELECT c.name FROM sys.indexes i "  # noqa: S608 - a literal, quoted
            "JOIN sys.index_columns x ON x.object_id = i.object_id AND x.index_id = i.index_id "
            "JOIN sys.columns c ON c.object_id = x.object_id AND c.column_id = x.column_id "
            f"WHERE i.is_primary_key = 1 AND i.object_id = OBJECT_ID({literal(self._name)}) "
            "ORDER BY x.key_ordinal"
        )
        primary = [str(row[0]) for row in rows]
        if sorted(primary) != sorted(key):
            raise Misconfigured(
                "SA-2133",
                f"the key of {self._name} is {', '.join(primary)}, the flow's is {', '.join(key)}: "
                "the server lists changes, deletes above all, by the primary key only",
                hint=f"key: [{', '.join(primary)}], or a rowversion column as cursor",
            )

    def since(
        self, version: int, table: Table, key: tuple[str, ...], ignored: bytes
    ) -> list[Listed]:
        """The keys that changed after the version, at most one more than `KEYS_AT_MOST`."""
        names = [f"c.{self._dialect.quote(name)}" for name in key]
        values = [
            self._dialect.value(table.column(name), sql)
            for name, sql in zip(key, names, strict=True)
        ]
        others = Sql("")
        if ignored:
            others = Sql(
                " WHERE c.SYS_CHANGE_CONTEXT IS NULL "
                "OR c.SYS_CHANGE_CONTEXT <> CONVERT(varbinary(128), ?, 1)",
                (f"0x{ignored.hex()}",),
            )
        rows = self._session.fetch(
            f"SELECT c.SYS_CHANGE_OPERATION, {', '.join(values)} "  # noqa: S608 - names are quoted
            f"FROM CHANGETABLE(CHANGES {self._name}, ?) AS c{others.text} "
            f"ORDER BY {', '.join(names)}{self._dialect.limit(KEYS_AT_MOST + 1)}",
            (version, *others.parameters),
        )
        return [Listed(str(row[0]).strip() == "D", row[1:]) for row in rows]
