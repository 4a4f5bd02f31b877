"""A rowversion column as cursor: the server counts every write, and tells which may still come.

`MIN_ACTIVE_ROWVERSION()` is the lowest number that an open transaction holds, or the next one to be
given. Whatever lies below it is committed, so a run reads up to it and the next goes on from it: a
transaction that stays open delays what was written after it began, and nothing is missed. The last
number given (`@@DBTS`) would not do: it passes by what is written and not yet committed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from connectors._sql_dialect import Sql
from connectors._sql_session import Session
from connectors._sql_table import Table

NOW = "SELECT CONVERT(char(18), MIN_ACTIVE_ROWVERSION(), 1)"
"""The barrier, as `0x` and 16 digits: numbers of this form sort as texts do."""


@dataclass(frozen=True)
class Barrier:
    """Everything of this column below `version` has been read."""

    column: str
    version: str

    @classmethod
    def parse(cls, cursor: str, column: str) -> Barrier | None:
        """The barrier a cursor stands for; None when it is of another kind: start over."""
        try:
            kept = json.loads(cursor)
            return cls(column, str(kept["rowversion"])) if kept["column"] == column else None
        except (ValueError, KeyError, TypeError):
            return None

    @classmethod
    def now(cls, session: Session, column: str) -> Barrier:
        """The barrier at this moment: one tiny query, also the answer to "did anything change?"."""
        [(version,)] = session.fetch(NOW)
        return cls(column, str(version).upper().replace("0X", "0x"))

    def __str__(self) -> str:
        """The cursor, as the engine keeps it."""
        return json.dumps({"column": self.column, "rowversion": self.version})

    def window(self, table: Table, until: Barrier) -> Sql:
        """The rows between two barriers."""
        pairs = table.pairs([self.column])
        compare = table.dialect.compare
        after = compare(pairs, ">=", (self.version,))
        before = table.dialect.bound(pairs[0][0])
        return after & Sql(f"{pairs[0][1]} < {before}", (until.version,))
