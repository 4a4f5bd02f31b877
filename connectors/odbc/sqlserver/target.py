"""A target on SQL Server."""

from __future__ import annotations

from connectors._sql_writing import SqlTarget, Writing
from connectors.odbc.connecting import connect_for_writing, give_back_writing
from connectors.odbc.sqlserver.dialect import SqlServerDialect
from connectors.odbc.sqlserver.options import SqlServerConnection


class SqlServerTarget(SqlTarget[SqlServerConnection]):
    """Writes rows, or calls procedures."""

    def open_writing(self) -> Writing:
        """A connection that passed the canary."""
        dialect = SqlServerDialect(self.connection.driver_keywords)
        return connect_for_writing(self.connection, dialect)

    def release(self, session: Writing) -> None:
        """Keep a sound connection for the next delivery."""
        give_back_writing(self.connection, session)
