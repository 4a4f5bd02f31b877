"""Any database that has an ODBC driver; some engines in their own words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

from pydantic import Field

from agent.contract import Batch, BlockDigests, Closing, Kind
from agent.errors import Misconfigured
from connectors._sql import SqlOptions
from connectors._sql_dialect import Sql
from connectors._sql_session import Session
from connectors._sql_source import SqlSource
from connectors._sql_table import Rows
from connectors._sql_writing import SqlTarget, SqlTargetOptions, Writing
from connectors.odbc.blocks import Blocks
from connectors.odbc.connecting import (
    connect,
    connect_for_writing,
    give_back,
    give_back_writing,
)
from connectors.odbc.db2 import Db2OdbcDialect
from connectors.odbc.dialect import GenericDialect, OdbcDialect
from connectors.odbc.listening import Listening, NotListening
from connectors.odbc.mariadb import MariadbDialect
from connectors.odbc.options import DriverConnection
from connectors.odbc.oracle import OracleOdbcDialect
from connectors.odbc.postgresql import PostgresqlDialect
from connectors.odbc.sqlite import SqliteOdbcDialect

DIALECTS: dict[str, type[OdbcDialect]] = {
    "db2": Db2OdbcDialect,
    "generic": GenericDialect,
    "mariadb": MariadbDialect,
    "mysql": MariadbDialect,
    "oracle": OracleOdbcDialect,
    "postgresql": PostgresqlDialect,
    "sqlite": SqliteOdbcDialect,
}


class OdbcConnection(DriverConnection):
    """Which engine it is, where, and how to get in."""

    dialect: Literal["postgresql", "mariadb", "mysql", "oracle", "db2", "sqlite", "generic"] = (
        Field(description="Which engine it is. `generic` asks for nothing but plain SELECT.")
    )


class OdbcOptions(SqlOptions):
    """What to read from an ODBC database."""

    block_digests: Literal["auto", "off"] = Field(
        default="auto",
        description="Let the server digest rows in blocks, and fetch only blocks that differ "
        "(PostgreSQL, MariaDB; flows without a cursor and without children).",
    )
    listen: str = Field(
        default="",
        max_length=63,
        description="PostgreSQL: a channel whose NOTIFY wakes the flow; needs syncagent[listen].",
    )


class OdbcSource(SqlSource[OdbcConnection, OdbcOptions]):
    """Reads through an ODBC driver; on PostgreSQL and MariaDB the server finds what differs."""

    _blocks: Blocks | None = None

    def open_session(self) -> Session:
        """A connection that passed the canary."""
        return connect(self.connection, DIALECTS[self.connection.dialect]())

    def release(self, session: Session) -> None:
        """Keep a sound connection for the next run."""
        give_back(self.connection, session)

    def digests(self, layout: str) -> BlockDigests | None:
        """Digests of all rows in blocks; None where the server cannot or is not to.

        A flow with a cursor has a cheaper way to find what changed.

        From here on full passes tell each row's block, in the same layout. Digests and rows are of
        one moment: a row that changed in between, and back before the next digests, would be taken
        over in a state that no digest tells apart.
        """
        options = self.options
        if options.block_digests == "off" or options.children or options.cursor:
            return None
        blocks = Blocks.of(self.session, self.table, self.options.key)
        if blocks is None:
            return None
        self.session.begin()  # until the rows are read
        digests = blocks.digests(self.session, layout)
        self._blocks = blocks
        return digests

    def read_blocks(self, layout: str, blocks: Sequence[int]) -> Iterator[Batch]:
        """The rows of these blocks, each with its block."""
        laid_out = self._blocks or Blocks.of(self.session, self.table, self.options.key)
        if laid_out is None or not laid_out.keep(layout):
            raise ValueError(f"this source has no blocks of the layout {layout}")
        self._blocks = laid_out
        self.session.begin()
        try:
            for condition in laid_out.conditions(blocks):
                select = self.table.select(self.selected, condition)
                for rows in self.session.stream(*select, self.options.page_size):
                    yield self._batch(rows, None)
        finally:
            self.let_go()

    def watch(self, wake: Callable[[], None]) -> Closing:
        """Woken by PostgreSQL's NOTIFY, where the flow listens to a channel."""
        if not self.options.listen:
            return NotListening()
        if self.connection.dialect != "postgresql":
            raise Misconfigured(
                "SA-2141",
                f"`listen` means nothing to {self.connection.dialect}: only PostgreSQL tells",
                hint="leave it out; the flow's schedule looks for changes",
            )
        return Listening(self.connection, self.options.listen, wake)

    @property
    def selected(self) -> str:
        """The expressions of a row, and its block last."""
        values = self.table.values()
        return f"{values}, {self._blocks.expression}" if self._blocks else values

    def _batch(self, rows: Rows, span: Sql | None) -> Batch:
        if self._blocks is None:
            return super()._batch(rows, span)
        batch = super()._batch([row[:-1] for row in rows], span)
        return replace(batch, blocks=[int(row[-1]) for row in rows])


class OdbcTarget(SqlTarget[OdbcConnection]):
    """Writes through an ODBC driver."""

    def open_writing(self) -> Writing:
        """A connection that passed the canary, outside of every transaction."""
        return connect_for_writing(self.connection, DIALECTS[self.connection.dialect]())

    def release(self, session: Writing) -> None:
        """Keep a sound connection for the next delivery."""
        give_back_writing(self.connection, session)


KIND = Kind(
    name="odbc",
    summary="A database with an ODBC driver: PostgreSQL, MariaDB, MySQL, Oracle, SQLite, others",
    connection=OdbcConnection,
    source=OdbcSource,
    source_options=OdbcOptions,
    target=OdbcTarget,
    target_options=SqlTargetOptions,
)
