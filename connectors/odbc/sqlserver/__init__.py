"""SQL Server and Azure SQL, through Microsoft's ODBC driver or FreeTDS."""

from __future__ import annotations

from agent.contract import Kind
from connectors._sql_writing import SqlTargetOptions
from connectors.odbc.sqlserver.options import SqlServerConnection, SqlServerOptions
from connectors.odbc.sqlserver.source import SqlServerSource
from connectors.odbc.sqlserver.target import SqlServerTarget

KIND = Kind(
    name="sqlserver",
    summary="SQL Server: tables, views, rowversion columns, Change Tracking",
    connection=SqlServerConnection,
    source=SqlServerSource,
    source_options=SqlServerOptions,
    target=SqlServerTarget,
    target_options=SqlTargetOptions,
)
