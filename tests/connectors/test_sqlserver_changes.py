"""What holds for both of SQL Server's own ways of telling changes, and for rowversion columns."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from agent.errors import Misconfigured, Rejected
from tests.connectors.databases import rows
from tests.connectors.on_sqlserver import (
    ROWVERSION,
    TRACKING,
    SqlServerDatabase,
    asked,
    batches,
    poll,
    with_table,
)
from tests.peers.sqlserver import SqlServer

pytestmark = [pytest.mark.sqlserver, pytest.mark.xdist_group("postgresql")]

EITHER = pytest.mark.parametrize("way", [ROWVERSION, TRACKING], ids=["rowversion", "tracking"])


@pytest.fixture
def server(sqlserver_database: SqlServerDatabase) -> SqlServerDatabase:
    return with_table(sqlserver_database)


@EITHER
def test_poll_reads_what_changed_and_says_it_is_no_whole_pass(
    server: SqlServerDatabase, way: dict[str, Any]
) -> None:
    seen, cursor = poll(server, "", **way)
    assert seen == ["A", "B", "C"]
    server.sql("UPDATE t SET name = N'Dado M8' WHERE sku = 'A'", "INSERT INTO t (sku) VALUES ('D')")
    read = batches(server, cursor, **way)
    assert sorted(row["sku"] for row in rows(iter(read))) == ["A", "D"]
    assert not any(batch.whole or batch.complete for batch in read)
    assert poll(server, read[-1].cursor, **way)[0] == []


@EITHER
def test_poll_that_finds_nothing_is_one_tiny_query(
    server: SqlServerDatabase, way: dict[str, Any]
) -> None:
    _, cursor = poll(server, "", **way)
    source = server.source(table="t", key=["sku"], **way)
    with closing(source):
        [(statement, _)] = asked(source, lambda: list(source.read(cursor)))
    assert " FROM " not in statement


@EITHER
def test_transaction_open_across_three_polls_is_not_missed(
    server: SqlServerDatabase, way: dict[str, Any]
) -> None:
    _, cursor = poll(server, "", **way)
    seen: list[str] = []
    with closing(server.opener()) as late:
        late.execute("BEGIN TRANSACTION").close()
        late.execute("INSERT INTO t (sku) VALUES ('LATE')").close()
        for number in range(3):
            server.sql(f"INSERT INTO t (sku) VALUES ('N{number}')")
            found, cursor = poll(server, cursor, **way)
            seen += found
        assert "LATE" not in seen
        late.execute("COMMIT").close()
    found, cursor = poll(server, cursor, **way)
    assert sorted({*seen, *found}) == ["LATE", "N0", "N1", "N2"]
    assert "LATE" in found
    assert poll(server, cursor, **way)[0] == []


@EITHER
def test_transaction_open_during_the_first_pass_is_not_missed(
    server: SqlServerDatabase, way: dict[str, Any]
) -> None:
    with closing(server.opener()) as late:
        late.execute("BEGIN TRANSACTION").close()
        late.execute("INSERT INTO t (sku) VALUES ('LATE')").close()
        _, cursor = poll(server, "", **way)
        late.execute("COMMIT").close()
    assert poll(server, cursor, **way)[0] == ["LATE"]


@EITHER
def test_what_was_rolled_back_is_never_seen(server: SqlServerDatabase, way: dict[str, Any]) -> None:
    _, cursor = poll(server, "", **way)
    with closing(server.opener()) as undecided:
        undecided.execute("BEGIN TRANSACTION").close()
        undecided.execute("INSERT INTO t (sku) VALUES ('GHOST')").close()
        undecided.execute("ROLLBACK").close()
    server.sql("INSERT INTO t (sku) VALUES ('D')")
    assert poll(server, cursor, **way)[0] == ["D"]


@EITHER
def test_interrupted_run_is_read_again(server: SqlServerDatabase, way: dict[str, Any]) -> None:
    _, cursor = poll(server, "", **way)
    server.many("UPDATE t SET name = ? WHERE sku = ?", [("x", sku) for sku in "ABC"])
    source = server.source(table="t", key=["sku"], page_size=1, **way)
    with closing(source):
        reading = source.read(cursor)
        first = next(reading)
        reading.close()  # type: ignore[attr-defined]
    assert poll(server, first.cursor, **way)[0] == ["A", "B", "C"]


@EITHER
def test_database_set_back_to_an_earlier_state_is_read_again(
    server: SqlServerDatabase, way: dict[str, Any]
) -> None:
    later = '{"column": "rv", "rowversion": "0x7FFFFFFFFFFFFFFF", "version": 9000}'
    read = batches(server, later, **way)
    assert [row["sku"] for row in rows(iter(read))] == ["A", "B", "C"]
    assert read[-1].complete
    assert "set back" in read[0].note
    assert not any(batch.note for batch in read[1:])


@EITHER
def test_cursor_of_another_kind_starts_over(server: SqlServerDatabase, way: dict[str, Any]) -> None:
    for other in ("not a cursor of ours", '{"columns": ["x"], "settled": [1], "newest": [1]}'):
        assert poll(server, other, **way)[0] == ["A", "B", "C"]


@EITHER
def test_no_moment_can_be_told_from_what_counts(
    server: SqlServerDatabase, way: dict[str, Any]
) -> None:
    _, cursor = poll(server, "", **way)
    source = server.source(table="t", key=["sku"], **way)
    with closing(source), pytest.raises(Rejected) as caught:
        source.cursor_at(datetime(2026, 11, 21, tzinfo=UTC), cursor)
    assert caught.value.code == "SA-2117"


@EITHER
def test_children_come_with_what_changed(server: SqlServerDatabase, way: dict[str, Any]) -> None:
    server.sql("CREATE TABLE line (sku varchar(9), pos int)")
    server.many("INSERT INTO line VALUES (?, ?)", [("C", 1), ("C", 2), ("B", 1)])
    _, cursor = poll(server, "", **way)
    server.sql("UPDATE t SET name = N'x' WHERE sku = 'C'")
    child = {"table": "line", "parent": ["sku"], "order": ["pos"], "columns": ["pos"]}
    read = batches(server, cursor, children={"lines": child}, **way)
    [row] = rows(iter(read))
    assert [line["pos"] for line in row["lines"]] == [1, 2]


@EITHER
def test_check_says_how_changes_are_found(server: SqlServerDatabase, way: dict[str, Any]) -> None:
    source = server.source(table="t", key=["sku"], **way)
    with closing(source):
        findings = dict(each[:2] for each in source.check())
    assert findings["first row"].startswith("('A'")
    assert ("version" in findings.get("change tracking", "")) == (way is TRACKING)
    assert ("rows below" in findings.get("late commits", "")) == (way is ROWVERSION)
    assert "snapshot isolation" not in findings


def on_the_stand_in(server: SqlServer) -> None:
    if server.behind is None:
        pytest.skip("a secondary replica cannot be made of a real server here")


@EITHER
def test_secondary_replica_cannot_tell_changes(
    server: SqlServerDatabase, way: dict[str, Any], sqlserver_server: SqlServer
) -> None:
    on_the_stand_in(sqlserver_server)
    server.sql("UPDATE sys.setting SET secondary = 'true'")
    with pytest.raises(Misconfigured) as caught:
        poll(server, "", **way)
    assert caught.value.code == "SA-2134"


@EITHER
def test_table_of_another_database_is_refused(
    server: SqlServerDatabase, way: dict[str, Any]
) -> None:
    assert poll(server, "", **way, table=f"{server.connection['database']}.dbo.t")[0]
    cursor = '{"column": "rv", "rowversion": "0x0000000000000000", "version": 0}'
    with pytest.raises(Misconfigured) as caught:
        poll(server, cursor, **way, table="other.dbo.t")
    assert caught.value.code == "SA-2134"


# rowversion


def test_rowversion_is_read_as_hexadecimal_text(server: SqlServerDatabase) -> None:
    [first, *_] = rows(iter(batches(server, "", **ROWVERSION)))
    assert len(first["rv"]) == 18
    assert int(first["rv"], 16) > 0


def test_rowversion_of_a_query_works_too(server: SqlServerDatabase) -> None:
    query = "SELECT sku, rv FROM dbo.t WHERE sku <> 'B'"
    way = {"table": "", "query": query} | ROWVERSION
    seen, cursor = poll(server, "", **way)
    assert seen == ["A", "C"]
    server.sql("UPDATE t SET name = N'x'")
    assert poll(server, cursor, **way)[0] == ["A", "C"]


def test_rowversion_counts_the_writes_of_all_tables(server: SqlServerDatabase) -> None:
    server.sql("CREATE TABLE other (id int PRIMARY KEY, rv rowversion)")
    _, cursor = poll(server, "", **ROWVERSION)
    server.sql("INSERT INTO other (id) VALUES (1)")
    seen, after = poll(server, cursor, **ROWVERSION)
    assert seen == []
    assert after != cursor


def test_deleted_row_is_absent_from_the_next_whole_pass_of_a_rowversion(
    server: SqlServerDatabase,
) -> None:
    _, cursor = poll(server, "", **ROWVERSION)
    server.sql("DELETE FROM t WHERE sku = 'B'")
    assert poll(server, cursor, **ROWVERSION)[0] == []
    assert poll(server, "", **ROWVERSION)[0] == ["A", "C"]


# A cursor of stamps


def test_stamp_waits_for_transactions_that_are_open(server: SqlServerDatabase) -> None:
    way = {"table": "s", "cursor": {"columns": ["changed"], "overlap": "0"}}
    server.sql("CREATE TABLE s (sku varchar(9) PRIMARY KEY, changed int)")
    server.many("INSERT INTO s VALUES (?, ?)", [("A", 10), ("B", 20)])
    _, cursor = poll(server, "", **way)
    with closing(server.opener()) as late:
        late.execute("BEGIN TRANSACTION").close()
        late.execute("INSERT INTO s VALUES ('LATE', 25)").close()
        for number in range(3):
            server.sql(f"INSERT INTO s VALUES ('N{number}', {30 + number})")
            seen, cursor = poll(server, cursor, **way)
            assert f"N{number}" in seen
            assert "LATE" not in seen
        late.execute("COMMIT").close()
    seen, cursor = poll(server, cursor, **way)
    assert "LATE" in seen
    assert poll(server, cursor, **way)[0] == ["N2"]


def test_named_column_of_another_type_is_a_cursor_of_stamps(server: SqlServerDatabase) -> None:
    other = replace(server)
    other.sql("CREATE TABLE s (sku varchar(9) PRIMARY KEY, changed datetime2)")
    other.sql("INSERT INTO s VALUES ('A', '2026-01-01 10:00:00')")
    options = {"table": "s", "cursor": {"columns": ["changed"], "overlap": "0"}}
    _, cursor = poll(other, "", **options)
    assert "2026-01-01 10:00:00.0000000" in cursor
