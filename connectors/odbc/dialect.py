"""What an engine needs beyond its SQL when it is reached through an ODBC driver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from agent.contract import BlockDigest
from connectors._sql_canary import Canary
from connectors._sql_dialect import Answers, Column, Dialect

CANARY_TEXT = "è€" * 100
"""Accents, and more than 127 characters: drivers have been seen to break either."""

Pairs = Sequence[tuple[Column, str]]
"""Columns beside their names in a statement."""


class OdbcDialect(Dialect):
    """Any engine behind any driver."""

    driver = ""
    """The driver's usual registered name; empty: the configuration must name it."""
    server_word = "Server"
    """The driver's keyword for the host."""
    keywords: Mapping[str, str] = {}
    """Keywords without which this driver spoils values or keeps whole results in memory."""
    unquoted: frozenset[str] = frozenset()
    """Keywords whose values the driver wants without braces, lists for instance."""
    utf8_parameters = False
    """Long text parameters must be sent as UTF-8 instead of UTF-16."""
    canary: Canary | None = None
    """A statement and its answer, which a driver that spoils values would not give."""
    version = ""
    """A statement for the server's major version."""
    writing_keywords: Mapping[str, str] = {}
    """Keywords that replace those above where the connection writes."""
    transactional = True
    """False: what a statement did stays, whatever becomes of those behind it."""
    codes: Mapping[int, str] = {}
    """Native error number → code of ours, where the driver's SQLSTATE says too little."""

    def address(self, server: str, port: str, database: str) -> dict[str, str]:
        """The driver's keywords for where the database is."""
        return {self.server_word: server, "Port": port, "Database": database}

    def password(self, text: str) -> str:
        """A password as the driver wants it in the connection string, before it is quoted."""
        return text

    def tune(self, connection: Any, pyodbc: Any, query_timeout: int) -> None:
        """Set on the driver's connection what no keyword and no statement can set."""

    def prove(self, _connection: Answers) -> None:
        """Raises `Misconfigured` for a fault of the driver that one row cannot show."""

    def at_connect(self, _query_timeout: int) -> Sequence[str]:
        """Statements that make a session's answers the same on every server."""
        return ()

    def at_writing(self, _lock_timeout: int) -> Sequence[str]:
        """Further statements for a session that writes; the time-out is in seconds."""
        return ()

    def blocks(self, _columns: Sequence[Column], _version: int) -> BlockSql | None:
        """How the server digests rows of these columns in blocks; None where it cannot."""
        return None


class BlockSql:
    """How a server deals rows into blocks and digests them."""

    method = ""
    """Names how rows are dealt and digested; to be changed with either, else known rows vanish."""

    def block(self, key: Pairs, count: int) -> str:
        """The expression for a row's block, a number below `count` (a power of two)."""
        raise NotImplementedError

    def statement(self, source: str, key: Pairs, columns: Pairs, count: int) -> str:
        """The statement that digests all rows of `source p`."""
        raise NotImplementedError

    def unpack(self, rows: Iterable[tuple[Any, ...]]) -> Iterable[BlockDigest]:
        """What the statement answered, block by block."""
        raise NotImplementedError


class GenericDialect(OdbcDialect):
    """An engine without a dialect of its own: plain SELECT, ORDER BY and parameters."""

    def limit(self, _rows: int, _offset: int = 0) -> str:
        """No clause that all engines share: the reader stops fetching."""
        return ""

    def parameter(self, column: Column, mark: object) -> object:
        """A mark as the type that the driver reports, because not every engine converts text."""
        convert = _FROM_TEXT.get(column.type)
        return convert(str(mark)) if convert else mark


_FROM_TEXT: dict[str, Callable[[str], object]] = {
    "int": int,
    "Decimal": Decimal,
    "float": float,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
}
