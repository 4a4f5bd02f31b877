"""A stand-in for SQL Server: its wire protocol (TDS 7.4) in front of PostgreSQL.

What it knows comes from Microsoft's published [MS-TDS] and from the pages on Change Tracking and
rowversion. It speaks to unixODBC's FreeTDS driver; it is no SQL Server, and what it cannot show is
said in docs/connectors/sqlserver.md.

- `wire` packets, log-in, tokens
- `values` columns and parameters on the wire
- `translation` Transact-SQL → PostgreSQL's SQL, as far as the tests use it
- `engine.sql` rowversion, Change Tracking and the catalogue, in PostgreSQL
- `server` one thread a connection: requests in, answers out
"""
