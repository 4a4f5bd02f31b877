"""SQLite behind its ODBC driver, which changes values silently: everything comes as text."""

from __future__ import annotations

from contextlib import closing

from tests.connectors.databases import Database, rows


def test_values_come_as_the_text_that_sqlite_makes_of_them(sqlite_odbc: Database) -> None:
    sqlite_odbc.sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n NUMERIC(12,3), d DECIMAL(10,2), day DATE, "
        "stamp TIMESTAMP, c CHAR(9), b BLOB)",
        "INSERT INTO t VALUES (1, 39.5, 0.1, '2026-11-21', '2026-11-21 10:00:00.123456', 'è€', "
        "x'0001')",
        "INSERT INTO t VALUES (2, 'not a number', NULL, 'yesterday', '', '', NULL)",
    )
    source = sqlite_odbc.source(table="t", key=["id"])
    with closing(source):
        first, second = rows(source.read(""))
    assert first == {
        "id": "1",
        "n": "39.5",
        "d": "0.1",
        "day": "2026-11-21",
        "stamp": "2026-11-21 10:00:00.123456",
        "c": "è€",
        "b": b"\x00\x01",
    }
    assert (second["n"], second["d"], second["day"]) == ("not a number", None, "yesterday")
