"""A whole flow over a real server: rows arrive, changes follow, what is deleted goes."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.clock import SystemClock
from agent.intake import FlowPlan
from agent.store import Store
from tests.connectors.databases import Database
from tests.intake import premises
from tests.intake.premises import Premises


class OverDatabase(Premises):
    """The flow of the premises, with a table of a server as its source."""

    def __init__(
        self, store: Store, name: str, database: Database, options: dict[str, Any]
    ) -> None:
        super().__init__(store, name)
        self.make_source = lambda: database.source(**options)

    def plan(self) -> FlowPlan:
        return replace(super().plan(), make_source=self.make_source)


SERVERS = pytest.mark.parametrize(
    "name",
    [
        pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql")),
        pytest.param("mariadb", marks=pytest.mark.xdist_group("mariadb")),
    ],
)


def fill(database: Database, name: str, count: int) -> tuple[str, str]:
    """Make the table and its first rows; the quoted names of its key and of the price."""
    quote = "`" if name == "mariadb" else '"'
    code, label, price = (f"{quote}{column}{quote}" for column in premises.COLUMNS)
    database.sql(
        f"CREATE TABLE t ({code} VARCHAR(9) PRIMARY KEY, {label} VARCHAR(40), {price} VARCHAR(9))"
    )
    database.many("INSERT INTO t VALUES (?, ?, ?)", premises.rows(count))
    return code, price


@SERVERS
@pytest.mark.parametrize("digests", ["auto", "off"])
def test_flow_follows_its_table(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    name: str,
    digests: str,
) -> None:
    database: Database = request.getfixturevalue(name)
    code, price = fill(database, name, 500)
    options = {"table": "t", "key": ["CODE"], "page_size": 60, "block_digests": digests}
    with closing(Store.open(tmp_path / "store.db", SystemClock())) as store:
        world = OverDatabase(store, request.node.name, database, options)
        world.sync()
        assert len(world.shown()) == 500
        database.sql(
            f"UPDATE t SET {price} = '12.00' WHERE {code} = 'A0007'",
            f"DELETE FROM t WHERE {code} = 'A0100'",
            "INSERT INTO t VALUES ('NEW', 'Dado', '1.00')",
        )
        result = world.sync()
        shown = world.shown()
        assert "A0100" not in shown
        assert shown["NEW"]["name"] == "Dado"
        assert shown["A0007"]["attributes"] == {"price": "12.00"}
        assert len(shown) == 500
        assert result.outcome == "ok"
        effects = len(world.receiver.effects)
        world.sync()
        assert len(world.receiver.effects) == effects == 503


@SERVERS
@pytest.mark.parametrize("before", [{"block_digests": "off"}, {}])
def test_what_vanishes_is_found_after_the_rows_were_dealt_into_other_blocks(
    request: pytest.FixtureRequest, tmp_path: Path, name: str, before: dict[str, str]
) -> None:
    database: Database = request.getfixturevalue(name)
    code, price = fill(database, name, 100)
    options = {"table": "t", "key": ["CODE"]}
    with closing(Store.open(tmp_path / "store.db", SystemClock())) as store:
        world = OverDatabase(store, request.node.name, database, {**options, **before})
        world.sync()
        world.make_source = lambda: database.source(**options)
        more = [(f"B{number:04}", "Dado", "1.00") for number in range(4_000)]
        database.many("INSERT INTO t VALUES (?, ?, ?)", more)
        assert world.sync().counts["rows"] == 4_100, "more blocks: every row is read"
        database.sql(
            f"DELETE FROM t WHERE {code} IN ('A0007', 'B0100')",
            f"UPDATE t SET {price} = '12.00' WHERE {code} LIKE 'A001%'",
        )
        result = world.sync()
        assert result.counts["rows"] < 4_000, "only blocks that differ are read"
        assert (result.counts["deletes"], result.counts["updates"]) == (2, 10)
        assert len(world.shown()) == 4_098


@SERVERS
def test_emptied_table_deletes_nothing(
    request: pytest.FixtureRequest, tmp_path: Path, name: str
) -> None:
    database: Database = request.getfixturevalue(name)
    fill(database, name, 100)
    with closing(Store.open(tmp_path / "store.db", SystemClock())) as store:
        world = OverDatabase(store, request.node.name, database, {"table": "t", "key": ["CODE"]})
        world.sync()
        database.sql("DELETE FROM t")
        result = world.sync()
        assert (result.counts["deletes"], result.reason) == (
            0,
            "the source is empty: nothing is deleted",
        )
        database.many("INSERT INTO t VALUES (?, ?, ?)", premises.rows(99))
        assert world.sync().counts["deletes"] == 1
        assert len(world.shown()) == 99


@SERVERS
def test_column_that_was_given_another_type_halts_the_flow(
    request: pytest.FixtureRequest, tmp_path: Path, name: str
) -> None:
    database: Database = request.getfixturevalue(name)
    _, price = fill(database, name, 50)
    with closing(Store.open(tmp_path / "store.db", SystemClock())) as store:
        world = OverDatabase(store, request.node.name, database, {"table": "t", "key": ["CODE"]})
        world.sync()
        if name == "mariadb":
            database.sql(f"ALTER TABLE t MODIFY {price} DOUBLE")
        else:
            database.sql(f"ALTER TABLE t ALTER {price} TYPE float8 USING {price}::float8")
        result = world.sync()
        assert (result.outcome, result.code) == ("halted", "SA-4001")
        assert "PRICE was " in result.reason
        assert len(world.shown()) == 50


@SERVERS
def test_full_pass_counts_what_the_cursor_had_missed(
    request: pytest.FixtureRequest, tmp_path: Path, name: str
) -> None:
    database: Database = request.getfixturevalue(name)
    code, price = fill(database, name, 50)
    stamp = "`AT`" if name == "mariadb" else '"AT"'
    database.sql(f"ALTER TABLE t ADD {stamp} TIMESTAMP DEFAULT '2026-11-01 10:00:00'")
    options = {"table": "t", "key": ["CODE"], "cursor": {"columns": ["AT"], "overlap": "1m"}}
    with closing(Store.open(tmp_path / "store.db", SystemClock())) as store:
        world = OverDatabase(store, request.node.name, database, options)
        world.sync()
        database.sql(
            f"UPDATE t SET {price} = '12.00', {stamp} = '2026-11-02 10:00:00'"
            f" WHERE {code} = 'A0007'"
        )
        seen_in_time = world.sync("full").counts
        assert (seen_in_time["updates"], seen_in_time["missed"]) == (1, 0)
        database.sql(
            f"UPDATE t SET {price} = '13.00', {stamp} = {stamp} WHERE {code} IN ('A0008', 'A0009')"
        )
        assert world.sync().counts["updates"] == 0, "nobody stamped them"
        result = world.sync("full")
        assert (result.counts["updates"], result.counts["missed"]) == (2, 2)
        assert "the cursor had missed 2" in result.reason
