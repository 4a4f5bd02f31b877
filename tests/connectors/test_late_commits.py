"""Rows that are stamped early and committed late: no way of looking misses one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from agent.clock import SystemClock
from agent.contract import BlockDigest
from agent.store import Store
from connectors.odbc import OdbcSource
from tests.connectors.databases import Database, rows
from tests.connectors.test_odbc_in_a_flow import OverDatabase
from tests.intake import premises

STAMP = {"columns": ["changed"], "overlap": "0"}


def poll(database: Database, cursor: str, **cursor_options: Any) -> tuple[list[str], str]:
    """One run, as the engine does it: the keys it saw, and the cursor to keep."""
    options = STAMP | cursor_options
    source = database.source(table="t", key=["sku"], cursor=options, page_size=2)
    with closing(source):
        batches = list(source.read(cursor))
    keys = [row["sku"] for row in rows(iter(batches))]
    return sorted(keys), batches[-1].cursor


@dataclass
class ByCursor:
    """Differential runs; also those that take up the rows of the last run again."""

    database: Database
    cursor: str = ""

    def look(self) -> set[str]:
        keys, self.cursor = poll(self.database, self.cursor)
        return set(keys)


@dataclass
class BySnapshot:
    """Full passes, compared with one another."""

    database: Database
    known: set[str] = field(default_factory=set)

    def look(self) -> set[str]:
        source = self.database.source(table="t", key=["sku"], page_size=2)
        with closing(source):
            seen = {row["sku"] for row in rows(source.read(""))}
        found, self.known = seen - self.known, seen
        return found


@dataclass
class ByBlocks:
    """Digests of blocks; the rows of those that differ."""

    database: Database
    layout: str = ""
    known: set[BlockDigest] = field(default_factory=set)

    def look(self) -> set[str]:
        source = self.database.source(table="t", key=["sku"])
        assert isinstance(source, OdbcSource)
        with closing(source):
            digests = source.digests(self.layout)
            assert digests
            now = set(digests.blocks)
            differ = [each.block for each in now - self.known]
            self.layout, self.known = digests.layout, now
            return {row["sku"] for row in rows(source.read_blocks(self.layout, differ))}


Mode = Callable[[Database], ByCursor | BySnapshot | ByBlocks]

POSTGRESQL = pytest.mark.xdist_group("postgresql")
MARIADB = pytest.mark.xdist_group("mariadb")
FIREBIRD = pytest.mark.xdist_group("firebird")


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        pytest.param("postgresql", ByCursor, marks=POSTGRESQL),
        pytest.param("postgresql", BySnapshot, marks=POSTGRESQL),
        pytest.param("postgresql", ByBlocks, marks=POSTGRESQL),
        pytest.param("mariadb", ByCursor, marks=MARIADB),
        pytest.param("mariadb", BySnapshot, marks=MARIADB),
        pytest.param("mariadb", ByBlocks, marks=MARIADB),
        pytest.param("firebird", ByCursor, marks=FIREBIRD),
        pytest.param("firebird", BySnapshot, marks=FIREBIRD),
        ("sqlite_file", ByCursor),
        ("sqlite_file", BySnapshot),
        ("sqlite_odbc", ByCursor),
        ("sqlite_odbc", BySnapshot),
    ],
)
def test_no_mode_misses_a_transaction_that_is_open_across_three_polls(
    request: pytest.FixtureRequest, name: str, mode: Mode
) -> None:
    database: Database = request.getfixturevalue(name)
    database.sql("CREATE TABLE t (sku VARCHAR(9) PRIMARY KEY, changed INTEGER)")
    database.many("INSERT INTO t VALUES (?, ?)", [("A", 10), ("B", 20)])
    mine, seen = mode(database), set[str]()
    assert mine.look() == {"A", "B"}
    with closing(database.opener()) as late:
        late.execute("BEGIN").close()
        late.execute("INSERT INTO t VALUES ('LATE', 25)").close()
        for number in range(3):
            if "sqlite" not in name:  # which lets nobody else write meanwhile
                database.sql(f"INSERT INTO t VALUES ('N{number}', {30 + number})")
            seen |= mine.look()
        assert "LATE" not in seen
        late.execute("COMMIT").close()
    seen |= mine.look()
    assert seen >= {"LATE"} | ({"N0", "N1", "N2"} if "sqlite" not in name else set())


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("postgresql", marks=POSTGRESQL),
        pytest.param("mariadb", marks=MARIADB),
        pytest.param("firebird", marks=FIREBIRD),
        "sqlite_file",
    ],
)
def test_nightly_pass_finds_nothing_that_the_cursor_had_missed(
    request: pytest.FixtureRequest, tmp_path: Path, name: str
) -> None:
    database: Database = request.getfixturevalue(name)
    code, label, price, stamp = map(database.quote, (*premises.COLUMNS, "STAMP"))
    database.sql(
        f"CREATE TABLE t ({code} VARCHAR(9) NOT NULL PRIMARY KEY, {label} VARCHAR(40), "
        f"{price} VARCHAR(9), {stamp} INTEGER)"
    )
    database.many("INSERT INTO t VALUES (?, ?, ?, 1)", premises.rows(20))
    options = {"table": "t", "key": ["CODE"], "cursor": {"columns": ["STAMP"], "overlap": "0"}}
    with closing(Store.open(tmp_path / "store.db", SystemClock())) as store:
        world = OverDatabase(store, request.node.name, database, options)
        world.sync()
        with closing(database.opener()) as late:
            late.execute("BEGIN").close()
            late.execute("INSERT INTO t VALUES ('LATE', 'Dado', '1.00', 2)").close()
            for number in range(3):
                if "sqlite" not in name:  # which lets nobody else write meanwhile
                    database.sql(
                        f"INSERT INTO t VALUES ('N{number}', 'Dado', '1.00', {3 + number})"
                    )
                world.sync()
            late.execute("COMMIT").close()
        world.sync()
        assert "LATE" in world.shown()
        assert world.sync("full").counts["missed"] == 0


@pytest.fixture(
    params=[
        pytest.param("postgresql", marks=POSTGRESQL),
        pytest.param("mariadb", marks=MARIADB),
        pytest.param("firebird", marks=FIREBIRD),
    ]
)
def server(request: pytest.FixtureRequest) -> Database:
    database: Database = request.getfixturevalue(request.param)
    database.sql("CREATE TABLE t (sku VARCHAR(9) PRIMARY KEY, changed INTEGER)")
    database.many("INSERT INTO t VALUES (?, ?)", [("A", 10), ("B", 20)])
    return database


def test_cursor_moves_on_when_the_late_transaction_has_ended(server: Database) -> None:
    _, cursor = poll(server, "")
    with closing(server.opener()) as late:
        late.execute("BEGIN").close()
        late.execute("INSERT INTO t VALUES ('LATE', 25)").close()
        for number in range(3):
            server.sql(f"INSERT INTO t VALUES ('N{number}', {30 + number})")
            seen, cursor = poll(server, cursor)
            assert f"N{number}" in seen
            assert "LATE" not in seen
        late.execute("COMMIT").close()
    seen, cursor = poll(server, cursor)
    assert "LATE" in seen
    assert poll(server, cursor)[0] == ["N2"]


def test_transaction_open_during_the_first_pass_is_not_missed(server: Database) -> None:
    with closing(server.opener()) as late:
        late.execute("BEGIN").close()
        late.execute("INSERT INTO t VALUES ('LATE', 5)").close()
        _, cursor = poll(server, "")
        seen, cursor = poll(server, cursor)
        assert seen == ["B"]
        late.execute("COMMIT").close()
    seen, cursor = poll(server, cursor)
    assert seen == ["A", "B", "LATE"]
    assert poll(server, cursor)[0] == ["B"]


def test_transaction_that_was_open_twice_is_waited_for_both_times(server: Database) -> None:
    _, cursor = poll(server, "")
    for number in range(2):
        with closing(server.opener()) as late:
            late.execute("BEGIN").close()
            late.execute(f"INSERT INTO t VALUES ('LATE{number}', {21 + 10 * number})").close()
            server.sql(f"INSERT INTO t VALUES ('N{number}', {30 + 10 * number})")
            _, cursor = poll(server, cursor)
            late.execute("COMMIT").close()
        seen, cursor = poll(server, cursor)
        assert f"LATE{number}" in seen


@pytest.mark.xdist_group("mariadb")
def test_without_the_process_privilege_the_overlap_is_all_there_is(mariadb: Database) -> None:
    mariadb.sql(
        "CREATE TABLE t (sku VARCHAR(9) PRIMARY KEY, changed INTEGER)",
        "INSERT INTO t VALUES ('A', 10)",
        "CREATE OR REPLACE USER poor@'127.0.0.1' IDENTIFIED BY 'test'",
        "GRANT SELECT ON *.* TO poor@'127.0.0.1'",
    )
    poor = replace(mariadb, connection=mariadb.connection | {"user": "poor"})
    _, cursor = poll(poor, "")
    mariadb.sql("INSERT INTO t VALUES ('B', 8)")
    assert poll(poor, cursor, overlap="5")[0] == ["A", "B"]
    source = poor.source(table="t", key=["sku"], cursor=STAMP)
    with closing(source):
        findings = dict(each[:2] for each in source.check())
    assert "grant PROCESS" in findings["late commits"]
