"""SQLite files read directly: never written, never made, and no writer is kept out."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from agent.errors import Misconfigured, Unavailable
from connectors.sqlite import KIND, SqliteConnection, SqliteSource
from tests.connectors.databases import Database, rows


def test_values_of_any_type_in_any_column_arrive_as_stored(sqlite_file: Database) -> None:
    sqlite_file.sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, price DECIMAL(10,2), qty REAL, v, b BLOB)",
        "INSERT INTO t VALUES (1, 39.5, 0.1, 'text', x'00ff')",
        "INSERT INTO t VALUES (2, 'on request', 7, 12, NULL)",
    )
    source = sqlite_file.source(table="t", key=["id"])
    with closing(source):
        assert rows(source.read("")) == [
            {"id": 1, "price": "39.5", "qty": 0.1, "v": "text", "b": b"\x00\xff"},
            {"id": 2, "price": "on request", "qty": 7.0, "v": 12, "b": None},
        ]


def test_text_that_is_not_utf8_is_handed_on_as_bytes_and_stops_nobody(
    sqlite_file: Database,
) -> None:
    sqlite_file.sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)",
        "INSERT INTO t VALUES (1, CAST(x'63616666e8' AS TEXT)), (2, 'tè')",
    )
    source = sqlite_file.source(table="t", key=["id"])
    with closing(source):
        assert rows(source.read("")) == [{"id": 1, "name": b"caff\xe8"}, {"id": 2, "name": "tè"}]


def test_key_in_a_column_without_a_type_is_found_again(sqlite_file: Database) -> None:
    sqlite_file.sql(
        "CREATE TABLE t (k)", "INSERT INTO t VALUES (5)", "INSERT INTO t VALUES ('007')"
    )
    source = sqlite_file.source(table="t", key=["k"])
    with closing(source):
        assert [row["k"] for row in rows(source.read_keys(["5", "007", "7"]))] == [5, "007"]


def test_file_that_is_not_there_is_not_made(sqlite_file: Database) -> None:
    with pytest.raises(Misconfigured) as caught:
        list(sqlite_file.source(table="t", key=["k"]).read(""))
    assert caught.value.code == "SA-2201"
    assert not Path(sqlite_file.connection["file"]).exists()


def test_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "erp.db").write_bytes(b"PK\x03\x04" * 4096)
    source = SqliteSource(
        SqliteConnection(file=tmp_path / "erp.db"),
        KIND.source_options.model_validate({"table": "t", "key": ["k"]}),
    )
    with closing(source), pytest.raises(Misconfigured) as caught:
        list(source.read(""))
    assert caught.value.code == "SA-2202"


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_writers_go_on_while_a_pass_is_read(sqlite_file: Database, mode: str) -> None:
    sqlite_file.sql(f"PRAGMA journal_mode={mode}", "CREATE TABLE t (k INTEGER PRIMARY KEY)")
    sqlite_file.many("INSERT INTO t VALUES (?)", [(number,) for number in range(100)])
    source = sqlite_file.source(table="t", key=["k"], page_size=10)
    with closing(source):
        reading = source.read("")
        seen = len(next(reading).rows)
        with closing(sqlite3.connect(sqlite_file.connection["file"], timeout=0)) as erp, erp:
            erp.execute("UPDATE t SET k = k + 1000 WHERE k = 99")
        seen += sum(len(batch.rows) for batch in reading)
    assert seen == 100


def test_pass_over_a_wal_file_sees_one_moment(sqlite_file: Database) -> None:
    sqlite_file.sql("PRAGMA journal_mode=WAL", "CREATE TABLE t (k INTEGER PRIMARY KEY)")
    sqlite_file.many("INSERT INTO t VALUES (?)", [(number,) for number in range(100)])
    source = sqlite_file.source(table="t", key=["k"], page_size=10)
    with closing(source):
        reading = source.read("")
        seen = len(next(reading).rows)
        sqlite_file.sql("DELETE FROM t WHERE k > 50")
        seen += sum(len(batch.rows) for batch in reading)
    assert seen == 100


def test_file_that_a_program_holds_for_itself_is_tried_again_later(sqlite_file: Database) -> None:
    sqlite_file.sql("CREATE TABLE t (k INTEGER PRIMARY KEY)")
    with closing(sqlite3.connect(sqlite_file.connection["file"], isolation_level=None)) as erp:
        erp.execute("BEGIN EXCLUSIVE")
        source = sqlite_file.source(table="t", key=["k"])
        with closing(source), pytest.raises(Unavailable) as caught:
            list(source.read(""))
    assert caught.value.code == "SA-2203"


def test_nothing_is_written_to_the_file(sqlite_file: Database) -> None:
    sqlite_file.sql("CREATE TABLE t (k INTEGER PRIMARY KEY)", "INSERT INTO t VALUES (1)")
    before = Path(sqlite_file.connection["file"]).read_bytes()
    source = sqlite_file.source(table="t", key=["k"])
    with closing(source):
        list(source.check())
        list(source.read(""))
    assert Path(sqlite_file.connection["file"]).read_bytes() == before
