"""The server digests blocks of rows: a block differs exactly when one of its rows does."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest

from connectors.odbc import OdbcSource
from tests.connectors.databases import Database, rows

Digests = dict[int, tuple[bytes, int]]


@pytest.fixture(
    params=[
        pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql")),
        pytest.param("mariadb", marks=pytest.mark.xdist_group("mariadb")),
    ]
)
def server(request: pytest.FixtureRequest) -> Database:
    database: Database = request.getfixturevalue(request.param)
    database.sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(40), note VARCHAR(40), "
        "price DECIMAL(12,4), day DATE, factor DOUBLE PRECISION)"
    )
    many = [
        (n, f"name {n}", None if n % 3 else "", f"{n}.5", "2026-11-21", n / 7) for n in range(1000)
    ]
    database.many("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", many)
    return database


def opened(database: Database, **options: Any) -> OdbcSource:
    source = database.source(**({"table": "t", "key": ["id"]} | options))
    assert isinstance(source, OdbcSource)
    return source


def digests(database: Database, layout: str = "", **options: Any) -> tuple[str, Digests]:
    with closing(opened(database, **options)) as source:
        found = source.digests(layout)
        assert found
        return found.layout, {each.block: (each.digest, each.rows) for each in found.blocks}


def test_unchanged_table_has_the_same_digests(server: Database) -> None:
    layout, first = digests(server)
    assert digests(server, layout) == (layout, first)
    assert sum(count for _, count in first.values()) == 1000
    assert len(first) == 64


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE t SET price = price + 0.0001 WHERE id = 500",
        "UPDATE t SET note = NULL WHERE id = 501",
        "UPDATE t SET note = 'NULL' WHERE id = 500",
        "UPDATE t SET name = 'Name 500' WHERE id = 500",
        "UPDATE t SET name = 'name 500 ' WHERE id = 500",
        "UPDATE t SET name = 'name 500,', note = '' WHERE id = 501",
        "UPDATE t SET name = note, note = name WHERE id = 500",
        "UPDATE t SET price = NULL WHERE id = 500",
        "UPDATE t SET name = 'N' WHERE id = 500",
        "UPDATE t SET factor = factor + 0.0000000001 WHERE id = 500",
        "UPDATE t SET day = '2026-11-22' WHERE id = 500",
        "DELETE FROM t WHERE id = 500",
        "INSERT INTO t (id) VALUES (5000)",
    ],
)
def test_each_change_of_one_row_changes_one_block(server: Database, change: str) -> None:
    layout, before = digests(server)
    server.sql(change)
    _, after = digests(server, layout)
    assert len({block for block in before | after if before.get(block) != after.get(block)}) == 1


def test_values_swapped_between_two_rows_do_not_cancel_out(server: Database) -> None:
    layout, before = digests(server)
    server.sql("UPDATE t SET price = 1007.5 - price")  # within blocks, too, prices change places
    _, after = digests(server, layout)
    assert all(before[block] != after[block] for block in before)


def test_blocks_that_differ_can_be_read_alone(server: Database) -> None:
    layout, before = digests(server)
    server.sql("UPDATE t SET price = 0 WHERE id IN (7, 700)")
    with closing(opened(server, page_size=20)) as source:
        found = source.digests(layout)
        assert found
        differing = [each.block for each in found.blocks if before[each.block][0] != each.digest]
        batches = list(source.read_blocks(layout, differing))
    assert {block for batch in batches for block in batch.blocks} == set(differing)
    assert all(len(batch.blocks) == len(batch.rows) for batch in batches)
    read = {row["id"] for row in rows(iter(batches))}
    assert {7, 700} <= read
    assert len(read) == sum(before[block][1] for block in differing)


@pytest.mark.parametrize("full", [True, False])
def test_rows_are_of_the_moment_of_their_digests(server: Database, full: bool) -> None:
    """A change that came in between and was taken back would leave equal digests behind."""
    layout, _ = digests(server)
    with closing(opened(server)) as source:
        assert source.digests(layout)
        server.sql("UPDATE t SET name = 'later' WHERE id = 7", "DELETE FROM t WHERE id = 8")
        batches = source.read("") if full else source.read_blocks(layout, range(64))
        names = {row["id"]: row["name"] for row in rows(batches)}
    assert (names[7], names[8]) == ("name 7", "name 8")


def test_full_pass_after_digests_says_each_rows_block(server: Database) -> None:
    with closing(opened(server, page_size=100)) as source:
        found = source.digests("")
        assert found
        counts = {each.block: each.rows for each in found.blocks}
        for batch in source.read(""):
            assert batch.columns == ("id", "name", "note", "price", "day", "factor")
            assert all(len(row) == 6 for row in batch.rows)
            for block in batch.blocks:
                counts[block] -= 1
    assert set(counts.values()) == {0}


def test_layout_stays_while_the_table_grows_a_little_and_changes_when_it_grows_much(
    server: Database,
) -> None:
    layout, _ = digests(server)
    server.sql("INSERT INTO t (id) SELECT id + 1000 FROM t")
    assert digests(server, layout)[0] == layout
    for shift in (2000, 4000, 8000):
        server.sql(f"INSERT INTO t (id) SELECT id + {shift} FROM t WHERE id < {shift}")
    assert digests(server, layout)[0] != layout


def test_other_columns_are_another_layout(server: Database) -> None:
    layout, _ = digests(server)
    assert digests(server, layout, columns=["name"])[0] != layout


def test_empty_table_has_no_blocks(server: Database) -> None:
    server.sql("DELETE FROM t")
    assert digests(server)[1] == {}


def test_children_a_cursor_or_the_option_switch_digests_off(server: Database) -> None:
    child = {"table": "t", "parent": ["id"]}
    cursor = {"columns": ["id"]}
    for options in ({"block_digests": "off"}, {"children": {"same": child}}, {"cursor": cursor}):
        with closing(opened(server, **options)) as source:
            assert source.digests("") is None
            assert not next(iter(source.read(""))).blocks


@pytest.mark.xdist_group("postgresql")
@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("bigint", "1", "4294967296"),
        ("timestamp", "2000-01-01 00:00:00.000001", "2000-01-01 01:11:34.967296"),
        ("timestamptz", "2000-01-01 00:00:00.000001Z", "2000-01-01 01:11:34.967296Z"),
        ("time", "00:00:00.000001", "01:11:34.967296"),
        ("timetz", "00:00:00.000001Z", "01:11:34.967296Z"),
    ],
)
def test_value_whose_halves_changed_places_is_another_value(
    postgresql: Database, kind: str, before: str, after: str
) -> None:
    """The server's own hash of eight bytes takes both for the same."""
    postgresql.sql(
        f"CREATE TABLE t (id int PRIMARY KEY, v {kind})", f"INSERT INTO t VALUES (1, '{before}')"
    )
    layout, first = digests(postgresql)
    postgresql.sql(f"UPDATE t SET v = '{after}'")
    assert digests(postgresql, layout)[1] != first


@pytest.mark.xdist_group("postgresql")
def test_table_with_a_type_that_has_no_faithful_hash_is_digested_by_its_text(
    postgresql: Database,
) -> None:
    postgresql.sql("CREATE TABLE t (id int PRIMARY KEY, j json)", "INSERT INTO t VALUES (1, '[1]')")
    layout, before = digests(postgresql)
    assert layout.startswith("text")
    postgresql.sql("UPDATE t SET j = '[1 ]'")
    assert digests(postgresql, layout)[1] != before


def test_source_without_digests_says_so(sqlite_odbc: Database) -> None:
    sqlite_odbc.sql("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    with closing(opened(sqlite_odbc)) as source:
        assert source.digests("") is None
