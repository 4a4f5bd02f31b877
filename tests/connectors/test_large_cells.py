"""A cell of hundreds of megabytes: its row alone is refused, and it never crosses the wire."""

from __future__ import annotations

import multiprocessing
import resource
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import connectors
from agent.contract import Batch
from agent.errors import Rejected
from connectors._sql_large import LARGEST, STAND_IN
from connectors._sql_source import SqlSource
from connectors.odbc import OdbcSource
from tests.connectors.databases import Database

HUGE = 100 * 2**20
SPARE = 50 * 2**20
"""Memory that the reader may take: half of the cell."""

MARIADB = pytest.mark.xdist_group("mariadb")
POSTGRESQL = pytest.mark.xdist_group("postgresql")
COLUMNS = [
    pytest.param("postgresql", "text", "repeat('x', {})", marks=POSTGRESQL),
    pytest.param("postgresql", "varchar", "repeat('x', {})", marks=POSTGRESQL),
    pytest.param("postgresql", "json", "to_json(repeat('x', {} - 2))", marks=POSTGRESQL),
    pytest.param("postgresql", "jsonb", "to_jsonb(repeat('x', {} - 2))", marks=POSTGRESQL),
    pytest.param("postgresql", "bytea", "repeat('x', {})::bytea", marks=POSTGRESQL),
    pytest.param("mariadb", "longtext", "repeat('x', {})", marks=MARIADB),
    pytest.param("mariadb", "longblob", "repeat('x', {})", marks=MARIADB),
]


@pytest.fixture
def server(name: str, request: pytest.FixtureRequest) -> Database:
    database: Database = request.getfixturevalue(name)
    return database


def write(database: Database, *statements: str) -> None:
    """Statements that make large values; MariaDB's readers go on with its default of 16 MB."""
    packet = "SET GLOBAL max_allowed_packet = {}"
    mariadb = database.connection["dialect"] == "mariadb"
    if mariadb:
        database.sql(packet.format(2**30))
    database.sql(*statements)
    if mariadb:
        database.sql(packet.format(2**24))


def fill(database: Database, kind: str, cell: str, *sizes: int) -> None:
    cells = enumerate((cell.format(size) for size in sizes), start=1)
    write(
        database,
        f"CREATE TABLE t (id INTEGER PRIMARY KEY, note {kind})",
        *(f"INSERT INTO t VALUES ({number}, {each})" for number, each in cells),
        "INSERT INTO t VALUES (9, NULL)",
    )


def refused(batch: Batch) -> dict[int, str]:
    """The keys of the rows that are refused, and why."""
    found = {}
    for row in batch.rows:
        try:
            assert (batch.fill(row) if batch.fill else row) == row
        except Rejected as error:
            found[row[0]] = error.code
    return found


@pytest.mark.parametrize(("name", "kind", "cell"), COLUMNS)
def test_row_with_too_large_a_cell_is_refused_alone(server: Database, kind: str, cell: str) -> None:
    fill(server, kind, cell, LARGEST, LARGEST + 1, 5)
    with closing(server.source(table="t", key=["id"])) as source:
        [batch] = source.read("")
    assert [row[1] and len(row[1]) for row in batch.rows] == [LARGEST, len(STAND_IN), 5, None]
    assert refused(batch) == {2: "SA-2118"}


@pytest.mark.parametrize(("name", "kind", "cell"), COLUMNS)
def test_large_cells_stand_in_blocks_and_their_changes_are_seen(
    server: Database, kind: str, cell: str
) -> None:
    fill(server, kind, cell, LARGEST - 9, LARGEST + 1)
    with closing(server.source(table="t", key=["id"])) as source:
        assert isinstance(source, OdbcSource)
        before = source.digests("")
        assert before
        [batch] = source.read_blocks(before.layout, [each.block for each in before.blocks])
    assert refused(batch) == {2: "SA-2118"}
    assert len(batch.blocks) == len(batch.rows) == 3
    write(server, f"UPDATE t SET note = {cell.format(LARGEST - 8)} WHERE id = 1")
    with closing(server.source(table="t", key=["id"])) as source:
        assert isinstance(source, OdbcSource)
        after = source.digests(before.layout)
    assert after
    assert list(after.blocks) != list(before.blocks)


@pytest.mark.parametrize(("name", "kind", "cell"), COLUMNS)
def test_parent_of_a_child_with_too_large_a_cell_is_refused(
    server: Database, kind: str, cell: str
) -> None:
    fill(server, kind, cell, LARGEST + 1, 5)
    server.sql("CREATE TABLE p (id INTEGER PRIMARY KEY)", "INSERT INTO p VALUES (1), (2)")
    children = {"notes": {"table": "t", "parent": ["id"], "columns": ["note"]}}
    with closing(server.source(table="p", key=["id"], children=children)) as source:
        [batch] = source.read("")
    assert refused(batch) == {1: "SA-2118"}


@pytest.mark.parametrize(("name", "kind", "cell"), [COLUMNS[0], COLUMNS[4], COLUMNS[5], COLUMNS[6]])
@pytest.mark.parametrize("blocks", [False, True], ids=["pages", "blocks"])
def test_cell_larger_than_the_memory_does_not_end_the_pass(
    server: Database, kind: str, cell: str, blocks: bool
) -> None:
    fill(server, kind, cell, 5, HUGE)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
        found = alone.submit(_read, server.kind.name, server.connection, blocks).result()
    assert found == {2: "SA-2118"}


def _read(kind: str, connection: dict[str, Any], blocks: bool) -> dict[int, str]:
    """All rows, by a process that may grow by no more than `SPARE`."""
    loaded = connectors.load(kind)
    assert loaded.source
    source = loaded.source(
        loaded.connection.model_validate(connection),
        loaded.source_options.model_validate({"table": "t", "key": ["id"]}),
    )
    assert isinstance(source, SqlSource)
    with closing(source):
        assert source.table
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + SPARE
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        if blocks:
            assert source.digests("")
        return {key: code for batch in source.read("") for key, code in refused(batch).items()}
