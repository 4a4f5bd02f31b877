"""SQL Server's list of changes: deletes, our own writes, lists that were lost, what must be on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from agent.errors import Misconfigured
from tests.connectors.databases import rows
from tests.connectors.on_sqlserver import (
    TRACKING,
    SqlServerDatabase,
    batches,
    poll,
    with_table,
)

pytestmark = [pytest.mark.sqlserver, pytest.mark.xdist_group("postgresql")]


@pytest.fixture
def server(sqlserver_database: SqlServerDatabase) -> SqlServerDatabase:
    return with_table(sqlserver_database)


def test_deleted_key_is_listed_as_gone(server: SqlServerDatabase) -> None:
    _, cursor = poll(server, "", **TRACKING)
    server.sql("DELETE FROM t WHERE sku = 'B'", "UPDATE t SET name = N'x' WHERE sku = 'C'")
    read = batches(server, cursor, **TRACKING)
    assert [key for batch in read for key in batch.gone] == ["B"]
    assert [row["sku"] for row in rows(iter(read))] == ["C"]


def test_deleted_key_that_came_back_is_not_gone(server: SqlServerDatabase) -> None:
    _, cursor = poll(server, "", **TRACKING)
    server.sql("DELETE FROM t WHERE sku = 'B'", "INSERT INTO t (sku, name) VALUES ('B', N'anew')")
    read = batches(server, cursor, **TRACKING)
    assert [(row["sku"], row["name"]) for row in rows(iter(read))] == [("B", "anew")]
    assert not any(batch.gone for batch in read)


def test_key_of_several_columns_is_gone_as_the_engine_writes_it(
    sqlserver_database: SqlServerDatabase,
) -> None:
    sqlserver_database.sql(
        "CREATE TABLE p (list int, code nchar(9), price money, PRIMARY KEY (list, code))",
        "ALTER TABLE p ENABLE CHANGE_TRACKING",
        "INSERT INTO p VALUES (1, N'A|B', 1), (1, N'C', 2)",
    )
    options = {"table": "p", "key": ["list", "code"]} | TRACKING
    cursor = batches(sqlserver_database, "", **options)[-1].cursor
    sqlserver_database.sql("DELETE FROM p WHERE code = N'A|B'", "UPDATE p SET price = 3")
    read = batches(sqlserver_database, cursor, **options)
    assert [key for batch in read for key in batch.gone] == ["1|A\\|B"]
    assert [row["code"] for row in rows(iter(read))] == ["C"]


@pytest.mark.parametrize(
    "act",
    [
        ["TRUNCATE TABLE t", "INSERT INTO t (sku) VALUES ('Z')"],
        [
            "ALTER TABLE t DISABLE CHANGE_TRACKING",
            "DELETE FROM t",
            "INSERT INTO t (sku) VALUES ('Z')",
            "CREATE TABLE other (id int PRIMARY KEY)",
            "ALTER TABLE other ENABLE CHANGE_TRACKING",
            "INSERT INTO other VALUES (1)",
            "ALTER TABLE t ENABLE CHANGE_TRACKING",
        ],
    ],
    ids=["truncated", "tracked anew"],
)
def test_list_that_does_not_reach_back_reads_everything_by_itself(
    server: SqlServerDatabase, act: list[str]
) -> None:
    _, cursor = poll(server, "", **TRACKING)
    server.sql(*act)
    read = batches(server, cursor, **TRACKING)
    assert [row["sku"] for row in rows(iter(read))] == ["Z"]
    assert read[-1].complete
    assert "everything is read again: changes are listed since version" in read[0].note
    assert poll(server, read[-1].cursor, **TRACKING)[0] == []


@pytest.mark.parametrize("context", ["syncagent", "0x73796E636167656E74"])
def test_our_own_writes_can_be_left_out(server: SqlServerDatabase, context: str) -> None:
    way = {"change_tracking": {"ignore_context": context}}
    _, cursor = poll(server, "", **way)
    server.sql(
        "WITH CHANGE_TRACKING_CONTEXT (0x73796E636167656E74) INSERT INTO t (sku) VALUES ('OURS')",
        "WITH CHANGE_TRACKING_CONTEXT (0x01) INSERT INTO t (sku) VALUES ('OTHERS')",
        "INSERT INTO t (sku) VALUES ('THEIRS')",
    )
    assert poll(server, cursor, **way)[0] == ["OTHERS", "THEIRS"]
    assert poll(server, cursor, **TRACKING)[0] == ["OTHERS", "OURS", "THEIRS"]


@pytest.mark.parametrize(
    ("act", "code", "cure"),
    [
        ("ALTER TABLE t DISABLE CHANGE_TRACKING", "SA-2131", "ALTER TABLE [t] ENABLE"),
        ("ALTER DATABASE {} SET ALLOW_SNAPSHOT_ISOLATION OFF", "SA-2132", "ISOLATION ON"),
    ],
)
def test_missing_condition_names_the_statement_to_run(
    server: SqlServerDatabase, act: str, code: str, cure: str
) -> None:
    server.sql(act.format(server.connection["database"]))
    with pytest.raises(Misconfigured) as caught:
        poll(server, "", **TRACKING)
    assert caught.value.code == code
    assert cure in caught.value.hint


def test_tracking_that_is_off_in_the_database_names_the_statement_to_run(
    server: SqlServerDatabase,
) -> None:
    name = server.connection["database"]
    server.sql(
        "ALTER TABLE t DISABLE CHANGE_TRACKING", f"ALTER DATABASE {name} SET CHANGE_TRACKING = OFF"
    )
    with pytest.raises(Misconfigured) as caught:
        poll(server, "", **TRACKING)
    assert caught.value.code == "SA-2131"
    assert f"ALTER DATABASE [{name}] SET CHANGE_TRACKING = ON" in caught.value.hint


def test_key_that_is_not_the_primary_key_is_refused(server: SqlServerDatabase) -> None:
    with pytest.raises(Misconfigured) as caught:
        poll(server, "", key=["name"], **TRACKING)
    assert caught.value.code == "SA-2133"
    assert "key: [sku]" in caught.value.hint


def test_snapshots_that_are_switched_on_are_used_by_the_next_run(
    server: SqlServerDatabase,
) -> None:
    name = server.connection["database"]
    server.sql(f"ALTER DATABASE {name} SET ALLOW_SNAPSHOT_ISOLATION OFF")
    with pytest.raises(Misconfigured):
        poll(server, "", **TRACKING)
    server.sql(f"ALTER DATABASE {name} SET ALLOW_SNAPSHOT_ISOLATION ON")
    assert poll(server, "", **TRACKING)[0] == ["A", "B", "C"]


def test_without_snapshots_a_pass_still_sees_every_row(server: SqlServerDatabase) -> None:
    server.sql(f"ALTER DATABASE {server.connection['database']} SET ALLOW_SNAPSHOT_ISOLATION OFF")
    assert poll(server, "")[0] == ["A", "B", "C"]


def test_many_changes_at_once_are_read_as_a_whole_pass(
    server: SqlServerDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.odbc.sqlserver.tracking.KEYS_AT_MOST", 2)
    monkeypatch.setattr("connectors.odbc.sqlserver.source.KEYS_AT_MOST", 2)
    _, cursor = poll(server, "", **TRACKING)
    server.sql("UPDATE t SET name = N'x'")
    read = batches(server, cursor, **TRACKING)
    assert read[-1].complete
    assert "more than 2 keys" in read[0].note


def test_changes_and_rows_are_of_one_moment(
    server: SqlServerDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that is deleted between the list and its reading is still there for this run."""
    _, cursor = poll(server, "", **TRACKING)
    server.sql("UPDATE t SET name = N'x' WHERE sku IN ('A', 'B')")
    source = server.source(table="t", key=["sku"], **TRACKING)
    since: Callable[..., Any] = source.tracking.since  # type: ignore[attr-defined]

    def meanwhile(*arguments: Any) -> Any:
        listed = since(*arguments)
        server.sql("DELETE FROM t WHERE sku = 'A'")
        return listed

    monkeypatch.setattr(source.tracking, "since", meanwhile)  # type: ignore[attr-defined]
    with closing(source):
        read = list(source.read(cursor))
    assert sorted(row["sku"] for row in rows(iter(read))) == ["A", "B"]
    again = batches(server, read[-1].cursor, **TRACKING)
    assert [key for batch in again for key in batch.gone] == ["A"]
