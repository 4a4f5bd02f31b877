"""A whole flow over SQL Server's list of changes: what is deleted goes, what fell out is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.intake import FlowPlan
from agent.store import Store
from tests.connectors.on_sqlserver import SqlServerDatabase
from tests.intake import premises
from tests.intake.premises import Premises

pytestmark = [pytest.mark.sqlserver, pytest.mark.xdist_group("postgresql")]


class OverSqlServer(Premises):
    """The flow of the premises, with a tracked table as its source."""

    database: SqlServerDatabase

    def plan(self) -> FlowPlan:
        options = {"table": "t", "key": ["CODE"], "change_tracking": {}}
        return replace(super().plan(), make_source=lambda: self.database.source(**options))


@pytest.fixture
def world(
    request: pytest.FixtureRequest, tmp_path: Path, sqlserver_database: SqlServerDatabase
) -> Iterator[OverSqlServer]:
    code, label, price = (f"[{name}]" for name in premises.COLUMNS)
    sqlserver_database.sql(
        f"CREATE TABLE t ({code} varchar(9) PRIMARY KEY, {label} nvarchar(40), {price} varchar(9))",
        "ALTER TABLE t ENABLE CHANGE_TRACKING",
    )
    sqlserver_database.many("INSERT INTO t VALUES (?, ?, ?)", premises.rows(100))
    with closing(Store.open(tmp_path / "store.db", SystemClock())) as store:
        site = OverSqlServer(store, request.node.name)
        site.database = sqlserver_database
        site.sync()
        yield site


def test_flow_follows_its_table(world: OverSqlServer) -> None:
    assert len(world.shown()) == 100
    world.database.sql(
        "UPDATE t SET [PRICE] = '12.00' WHERE [CODE] = 'A0007'",
        "DELETE FROM t WHERE [CODE] = 'A0050'",
        "INSERT INTO t VALUES ('NEW', N'Dado', '1.00')",
    )
    result = world.sync()
    shown = world.shown()
    assert result.counts["rows"] == 2
    assert result.counts["deletes"] == 1
    assert "A0050" not in shown
    assert shown["NEW"]["name"] == "Dado"
    assert shown["A0007"]["attributes"] == {"price": "12.00"}
    assert len(shown) == 100
    assert world.sync().counts["rows"] == 0


def test_list_that_was_lost_is_made_up_for_and_said(world: OverSqlServer) -> None:
    world.database.sql("TRUNCATE TABLE t")
    world.database.many("INSERT INTO t VALUES (?, ?, ?)", premises.rows(99))
    result = world.sync()
    assert "everything is read again" in result.reason
    assert (result.counts["rows"], result.counts["deletes"]) == (99, 1)
    assert len(world.shown()) == 99
    assert world.sync().reason == ""


def test_emptied_table_deletes_nothing_in_silence(world: OverSqlServer) -> None:
    world.database.sql("TRUNCATE TABLE t")
    result = world.sync()
    assert result.counts["deletes"] == 0
    assert "the source is empty: nothing is deleted" in result.reason
    assert len(world.shown()) == 100
