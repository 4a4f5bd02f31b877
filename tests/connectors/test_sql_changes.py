"""Differential reads: nothing that is committed late is missed, and an empty poll stays small."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from agent.contract import Batch
from agent.errors import Misconfigured, Rejected
from tests.connectors.databases import Database, last, rows

STAMP = {"columns": ["changed"], "overlap": "0"}


def poll(database: Database, cursor: str, **cursor_options: Any) -> tuple[list[str], str]:
    """One run, as the engine does it: the keys it saw, and the cursor to keep."""
    options = STAMP | cursor_options
    source = database.source(table="t", key=["sku"], cursor=options, page_size=2)
    with closing(source):
        batches = list(source.read(cursor))
    keys = [row["sku"] for row in rows(iter(batches))]
    return sorted(keys), batches[-1].cursor


@pytest.fixture
def stamped(database: Database) -> Database:
    database.sql("CREATE TABLE t (sku VARCHAR(9) PRIMARY KEY, changed INTEGER)")
    database.many("INSERT INTO t VALUES (?, ?)", [("A", 10), ("B", 20), ("C", 30)])
    return database


def test_poll_reads_what_changed_and_says_it_is_no_whole_pass(stamped: Database) -> None:
    seen, cursor = poll(stamped, "")
    assert seen == ["A", "B", "C"]
    stamped.sql("UPDATE t SET changed = 40 WHERE sku = 'A'")
    source = stamped.source(table="t", key=["sku"], cursor=STAMP)
    with closing(source):
        batch = last(source.read(cursor))
    assert [row[0] for row in batch.rows] == ["C", "A"]
    assert not batch.whole
    assert not batch.complete


def test_row_that_shares_the_last_stamp_is_not_missed(stamped: Database) -> None:
    _, cursor = poll(stamped, "")
    stamped.sql("INSERT INTO t VALUES ('D', 30)")
    assert poll(stamped, cursor)[0] == ["C", "D"]


def test_overlap_reads_numbers_again(stamped: Database) -> None:
    _, cursor = poll(stamped, "")
    assert poll(stamped, cursor, overlap="15")[0] == ["B", "C"]


def test_columns_that_change_between_two_polls_are_noticed(stamped: Database) -> None:
    """Also where the second poll goes over the connection of the first."""

    def read(cursor: str) -> Batch:
        source = stamped.source(table="t", key=["sku"], cursor=STAMP)
        with closing(source):
            return last(source.read(cursor))

    cursor = read("").cursor
    stamped.sql("ALTER TABLE t ADD note VARCHAR(9)", "UPDATE t SET note = 'x'")
    added = read(cursor)
    assert [name.lower() for name in added.columns] == ["sku", "changed", "note"]
    assert [row[2] for row in added.rows] == ["x"]
    stamped.sql(f"ALTER TABLE t {stamped.drop_column} note")
    assert [name.lower() for name in read(cursor).columns] == ["sku", "changed"]
    stamped.sql(f"ALTER TABLE t {stamped.drop_column} changed")
    with pytest.raises(Misconfigured, match=r"(?i)changed"):
        read(cursor)


def test_row_without_a_stamp_is_seen_by_a_full_pass_only(stamped: Database) -> None:
    stamped.sql("INSERT INTO t VALUES ('N', NULL)")
    seen, cursor = poll(stamped, "")
    assert "N" in seen
    assert poll(stamped, cursor)[0] == ["C"]


def test_cursor_of_other_columns_starts_over(stamped: Database) -> None:
    _, cursor = poll(stamped, "")
    assert poll(stamped, cursor, columns=["sku", "changed"])[0] == ["A", "B", "C"]
    assert poll(stamped, "not a cursor of ours")[0] == ["A", "B", "C"]


def test_stamp_of_several_columns_counts_as_one(database: Database) -> None:
    database.sql("CREATE TABLE t (sku VARCHAR(9) PRIMARY KEY, written INTEGER, clock INTEGER)")
    database.many("INSERT INTO t VALUES (?, ?, ?)", [("A", 1, 500), ("B", 2, 100), ("C", 2, 300)])
    _, cursor = poll(database, "", columns=["written", "clock"])
    database.many("INSERT INTO t VALUES (?, ?, ?)", [("D", 2, 200), ("E", 3, 0), ("F", 2, 301)])
    assert poll(database, cursor, columns=["written", "clock"])[0] == ["C", "E", "F"]


def test_interrupted_window_is_read_again(stamped: Database) -> None:
    _, cursor = poll(stamped, "", overlap="100")
    source = stamped.source(table="t", key=["sku"], cursor=STAMP | {"overlap": "100"}, page_size=1)
    with closing(source):
        reading = source.read(cursor)
        first = next(reading)
        reading.close()  # type: ignore[attr-defined]
    assert poll(stamped, first.cursor, overlap="100")[0] == ["A", "B", "C"]


def test_cursor_of_numbers_knows_no_moments(stamped: Database) -> None:
    _, cursor = poll(stamped, "")
    source = stamped.source(table="t", key=["sku"], cursor=STAMP)
    with closing(source), pytest.raises(Rejected) as caught:
        source.cursor_at(datetime(2026, 11, 21, tzinfo=UTC), cursor)
    assert caught.value.code == "SA-2117"


def test_cursor_of_stamps_can_be_set_back_to_a_moment(database: Database) -> None:
    kind = database.timestamp
    database.sql(f"CREATE TABLE t (sku VARCHAR(9) PRIMARY KEY, changed {kind}, n INTEGER)")
    stamps = [(f"S{hour}", f"2026-11-21 {hour}:30:00", hour) for hour in range(10, 20)]
    database.many("INSERT INTO t VALUES (?, ?, ?)", stamps)
    _, cursor = poll(database, "", columns=["changed", "n"])
    source = database.source(
        table="t", key=["sku"], cursor={"columns": ["changed", "n"], "overlap": "0"}
    )
    with closing(source):
        moment = datetime.fromisoformat("2026-11-21T18:00:00+01:00")
        seen = [row["sku"] for row in rows(source.read(source.cursor_at(moment, cursor)))]
    assert seen == ["S17", "S18", "S19"]


def test_children_come_with_a_differential_read_too(stamped: Database) -> None:
    stamped.sql("CREATE TABLE line (sku VARCHAR(9), pos INTEGER)")
    stamped.many("INSERT INTO line VALUES (?, ?)", [("C", 1), ("C", 2), ("B", 1)])
    child = {"table": "line", "parent": ["sku"], "order": ["pos"], "columns": ["pos"]}
    _, cursor = poll(stamped, "")
    source = stamped.source(table="t", key=["sku"], cursor=STAMP, children={"lines": child})
    with closing(source):
        [row] = rows(source.read(cursor))
    assert [int(line["pos"]) for line in row["lines"]] == [1, 2]


@pytest.mark.parametrize(
    ("name", "kind", "first", "second"),
    [
        pytest.param(
            "postgresql", "TIMESTAMP", "2026-11-21 10:00:00.123456", "2026-11-21 10:00:00.123457",
            marks=pytest.mark.xdist_group("postgresql"),
        ),
        pytest.param(
            "mariadb", "DATETIME(6)", "2026-11-21 10:00:00.123456", "2026-11-21 10:00:00.123457",
            marks=pytest.mark.xdist_group("mariadb"),
        ),
        ("sqlite_file", "DATETIME", "2026-11-21T10:00:00.123456Z", "2026-11-21T10:00:00.123457Z"),
        ("sqlite_odbc", "DATETIME", "2026-11-21 10:00:00.123456", "2026-11-21 10:00:00.123457"),
    ],
)  # fmt: skip
def test_stamp_keeps_its_microseconds(
    request: pytest.FixtureRequest, name: str, kind: str, first: str, second: str
) -> None:
    database: Database = request.getfixturevalue(name)
    database.sql(
        f"CREATE TABLE t (sku VARCHAR(9) PRIMARY KEY, changed {kind})",
        f"INSERT INTO t VALUES ('A', '{first}')",
        f"INSERT INTO t VALUES ('B', '{second}')",
        "INSERT INTO t VALUES ('OLD', '2026-11-21 09:50:00')",
        "INSERT INTO t VALUES ('NEAR', '2026-11-21 09:56:00')",
    )
    _, cursor = poll(database, "")
    assert second in cursor
    settled = poll(database, cursor)[0]
    assert settled == ["B"]
    overlapping = database.source(table="t", key=["sku"], cursor={"columns": ["changed"]})
    with closing(overlapping):
        seen = sorted(row["sku"] for row in rows(overlapping.read(cursor)))
    expected = ["A", "B", "NEAR"] if "T" not in first else ["A", "B"]
    assert seen == expected


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param("postgresql", "TIMESTAMP", marks=pytest.mark.xdist_group("postgresql")),
        pytest.param("mariadb", "DATETIME", marks=pytest.mark.xdist_group("mariadb")),
        ("sqlite_file", "TEXT"),
    ],
)
def test_one_stamp_in_the_far_future_does_not_hide_later_changes(
    request: pytest.FixtureRequest, name: str, kind: str
) -> None:
    database: Database = request.getfixturevalue(name)
    database.sql(
        f"CREATE TABLE t (sku VARCHAR(9) PRIMARY KEY, changed {kind})",
        "INSERT INTO t VALUES ('A', '2026-01-01 10:00:00')",
        "INSERT INTO t VALUES ('FUTURE', '2999-01-01 00:00:00')",
    )
    _, cursor = poll(database, "")
    database.sql("INSERT INTO t VALUES ('B', '2026-01-01 10:00:01')")
    assert poll(database, cursor)[0] == ["A", "B", "FUTURE"]
