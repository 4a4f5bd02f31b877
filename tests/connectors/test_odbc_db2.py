"""Db2 for Linux, Unix and Windows: IBM's client as it is, in front of Derby."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from decimal import Decimal
from typing import Any

import pytest

from agent.contract import Batch
from agent.errors import Misconfigured
from connectors._sql import Relation
from connectors._sql_dialect import Column
from connectors.odbc.db2 import Db2OdbcDialect
from tests.connectors.databases import last
from tests.connectors.on_derby import Library, LibraryBench
from tests.contract.source_suite import SourceSuite

pytestmark = pytest.mark.xdist_group("derby")


class TestDb2(SourceSuite):
    @pytest.fixture
    def bench(self, db2: Library) -> LibraryBench:
        return LibraryBench(db2, "{lib}.articles")


def rows(batches: Iterable[Batch]) -> list[tuple[Any, ...]]:
    return [row for batch in batches for row in batch.rows]


@pytest.fixture
def stock(db2: Library) -> Library:
    db2.sql(
        "CREATE TABLE {lib}.STOCK (SKU CHAR(8) NOT NULL PRIMARY KEY, QTY INTEGER, FROM_DAY DATE, "
        "AT_TIME TIME, CHANGED TIMESTAMP, WEIGHT DOUBLE, RATE DECIMAL(9,3))",
        "INSERT INTO {lib}.STOCK VALUES ('00123', 7, DATE('2026-11-21'), TIME('10:11:12'), "
        "TIMESTAMP('2026-11-21 10:00:00.123456'), 0.1, -12.5)",
        "INSERT INTO {lib}.STOCK (SKU) VALUES ('B')",
    )
    return db2


def test_missing_values_are_missing_and_not_those_of_the_row_before(stock: Library) -> None:
    with closing(stock.source("STOCK", key=["SKU"])) as source:
        first, second = rows(source.read(""))
    assert first == (
        "00123",
        7,
        "2026-11-21",
        "10:11:12",
        "2026-11-21 10:00:00.123456",
        0.1,
        Decimal("-12.500"),
    )
    assert second == ("B", None, None, None, None, None, None)


def test_driver_as_ibm_ships_it_is_refused_by_the_name_of_the_right_one(stock: Library) -> None:
    shipped = {"driver": str(stock.peer.driver_as_shipped)}
    source = stock.source("STOCK", key=["SKU"], connection=shipped)
    with closing(source), pytest.raises(Misconfigured) as raised:
        next(iter(source.read("")))
    assert raised.value.code == "SA-2122"
    assert "libdb2o.so" in raised.value.hint


def test_change_timestamp_is_followed_with_its_overlap(stock: Library) -> None:
    options: dict[str, Any] = {"key": ["SKU"], "cursor": {"columns": ["CHANGED"]}}
    with closing(stock.source("STOCK", **options)) as source:
        cursor = last(source.read("")).cursor
    stock.sql(
        "UPDATE {lib}.STOCK SET CHANGED = TIMESTAMP('2026-11-21 09:56:00') WHERE SKU = 'B'",
        "INSERT INTO {lib}.STOCK (SKU, CHANGED) VALUES ('C', TIMESTAMP('2026-11-21 09:54:00'))",
    )
    with closing(stock.source("STOCK", **options)) as source:
        assert [row[0] for row in rows(source.read(cursor))] == ["B", "00123"]


def test_stamp_beyond_tomorrow_does_not_become_the_mark() -> None:
    stamp = Column("CHANGED", "TIMESTAMP")
    assert Db2OdbcDialect().not_in_future(stamp, "c").text == "c < CURRENT TIMESTAMP + 2 DAYS"


def test_query_and_children_are_read(stock: Library) -> None:
    stock.sql(
        "CREATE TABLE {lib}.TIERS (SKU CHAR(8) NOT NULL, FROM_QTY INTEGER NOT NULL)",
        "INSERT INTO {lib}.TIERS VALUES ('00123', 10)",
        "INSERT INTO {lib}.TIERS VALUES ('00123', 5)",
    )
    tiers = {"table": f"{stock.name}.TIERS", "parent": ["SKU"], "order": ["FROM_QTY"]}
    query = f"SELECT SKU, QTY FROM {stock.name}.STOCK"
    with closing(stock.source(query=query, key=["SKU"], children={"tiers": tiers})) as source:
        found = rows(source.read(""))
    assert [(row[0], [each["FROM_QTY"] for each in row[2]]) for row in found] == [
        ("00123", [5, 10]),
        ("B", []),
    ]


def test_names_are_capitals_unless_they_are_quoted() -> None:
    named = Relation(table='gest."Articoli"')
    assert Db2OdbcDialect().relation(named) == '"GEST"."Articoli"'


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"table": "NOSUCH"}, "SA-2110"),
        ({"query": "SELECT NOSUCH FROM SYSIBM.SYSDUMMY1"}, "SA-2111"),
    ],
)
def test_what_is_not_there_is_named(db2: Library, options: dict[str, Any], code: str) -> None:
    source = db2.source(key=["SKU"], **options)
    with closing(source), pytest.raises(Misconfigured) as raised:
        list(source.check())
    assert raised.value.code == code, raised.value


def test_wrong_password_halts(stock: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRONG_PASSWORD", "not this")
    wrong = {"password": "env:WRONG_PASSWORD"}
    source = stock.source("STOCK", key=["SKU"], connection=wrong)
    with closing(source), pytest.raises(Misconfigured) as raised:
        list(source.read(""))
    assert raised.value.code == "SA-2101"
