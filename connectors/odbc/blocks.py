"""Blocks of rows that the server digests: the layout in force, and the statements for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.contract import BlockDigest, BlockDigests
from connectors._sql_dialect import Sql
from connectors._sql_session import Session
from connectors._sql_table import Table
from connectors.odbc.dialect import BlockSql, OdbcDialect

ROWS_A_BLOCK = 16
"""Fewer: more digests to compare. More: more rows to fetch for one that changed."""
BLOCKS_AT_ONCE = 2048
"""Blocks asked for in one statement; each statement looks at every row's key."""


class Blocks:
    """One layout: how many blocks of which columns, computed how and by which server."""

    def __init__(self, table: Table, key: tuple[str, ...], sql: BlockSql, version: int) -> None:
        self._table, self._key, self._sql = table, key, sql
        columns = ",".join(f"{column.name} {column.type}" for column in table.columns)
        self._nature = f"{sql.method} {version}; {', '.join(key)}; {columns}; "
        self._count = 1

    @classmethod
    def of(cls, session: Session, table: Table, key: tuple[str, ...]) -> Blocks | None:
        """How this server digests this table; None where it cannot."""
        dialect = session.dialect
        if not isinstance(dialect, OdbcDialect) or not dialect.version:
            return None
        version = int((session.first(dialect.version) or (0,))[0])
        sql = dialect.blocks(table.columns, version)
        return cls(table, key, sql, version) if sql else None

    @property
    def layout(self) -> str:
        """Names all that a digest depends on, last the number of blocks."""
        return f"{self._nature}{self._count}"

    @property
    def expression(self) -> str:
        """The SQL expression for a row's block."""
        return self._sql.block(self._table.pairs(self._key), self._count)

    def keep(self, layout: str) -> bool:
        """Take over the number of blocks of an earlier layout; False when it is of another kind."""
        count = layout.removeprefix(self._nature)
        if count == layout or not count.isdecimal():
            return False
        self._count = int(count)
        return True

    def digests(self, session: Session, layout: str) -> BlockDigests:
        """Digests of all rows, in the earlier layout while it fits the number of rows."""
        if self.keep(layout):
            digests = self._digested(session)
            fitting = _fitting(sum(each.rows for each in digests))
            if fitting // 4 <= self._count <= fitting * 4:
                return BlockDigests(self.layout, digests)
        [(rows,)] = session.fetch(*self._table.select("COUNT(*)"))
        self._count = _fitting(int(rows))
        return BlockDigests(self.layout, self._digested(session))

    def _digested(self, session: Session) -> list[BlockDigest]:
        columns, key = self._table.pairs(self._table.names), self._table.pairs(self._key)
        statement = self._sql.statement(self._table.source, key, columns, self._count)
        return list(self._sql.unpack(session.fetch(statement)))

    def conditions(self, blocks: Sequence[int]) -> Iterator[Sql]:
        """Conditions that together select the rows of these blocks."""
        for start in range(0, len(blocks), BLOCKS_AT_ONCE):
            numbers = ", ".join(str(int(block)) for block in blocks[start : start + BLOCKS_AT_ONCE])
            yield Sql(f"{self.expression} IN ({numbers})")


def _fitting(rows: int) -> int:
    """The number of blocks, a power of two, for so many rows."""
    return 1 << max(0, (rows // ROWS_A_BLOCK - 1).bit_length())
