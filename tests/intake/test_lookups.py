"""Joins on our side: a record is sent again when a value changes that was looked up for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.clock import SystemClock
from agent.contract import NoOptions
from agent.errors import Rejected, Unavailable
from agent.intake import LookupPlan, Pace
from connectors.memory import TABLES, MemorySource, SourceOptions, Table
from tests.intake.premises import Premises, premises, rows

MAPPING = {
    "sku": "CODE",
    "name": "NAME",
    "category": "listino.gruppo",
    "attributes": {"expression": "{'price': row['listino.prezzo']}", "type": "json"},
}


class Priced(Premises):
    """A flow that looks prices up in a list of their own."""

    prices: Table

    def shop(self) -> dict[str, Any]:
        return {key: record["attributes"]["price"] for key, record in self.shown().items()}


@pytest.fixture
def listino(tmp_path: Path) -> Iterator[Table]:
    name = f"{tmp_path}/listino"
    table = TABLES[name] = Table(("codice", "prezzo", "gruppo"))
    yield table
    del TABLES[name]


@pytest.fixture
def site(tmp_path: Path, listino: Table) -> Iterator[Premises]:  # noqa: ARG001 - its table
    with premises(tmp_path, str(tmp_path), lookups=(plan(tmp_path),)) as built:
        built.mapping = dict(MAPPING)
        built.table.rows = list(rows(30))
        yield built


def plan(path: Path, by: tuple[str, ...] = ("CODE",), fingerprint: str = "1") -> LookupPlan:
    options = SourceOptions(table=f"{path}/listino", key=("codice",), batch_size=5)
    return LookupPlan(
        "listino", lambda: MemorySource(NoOptions(), options), by, fingerprint, ("gruppo", "prezzo")
    )


def prices(site: Premises) -> dict[str, Any]:
    return {key: record["attributes"]["price"] for key, record in site.shown().items()}


def a_list(count: int, price: str = "5.00") -> list[tuple[str, str, str]]:
    return [(f"A{number:04}", price, "VITI") for number in range(count)]


def test_values_are_looked_up_and_missing_ones_are_null(site: Premises, listino: Table) -> None:
    listino.rows = list(a_list(20))
    assert site.sync().outcome == "ok"
    assert prices(site) == {f"A{n:04}": "5.00" if n < 20 else None for n in range(30)}


def test_changed_new_and_vanished_values_send_their_records_and_no_others(
    site: Premises, listino: Table
) -> None:
    listino.rows = list(a_list(20))
    site.sync()
    sent = len(site.receiver.effects)
    listino.rows[3] = ("A0003", "7.00", "VITI")
    del listino.rows[10]
    listino.rows.append(("A0025", "9.00", "DADI"))
    counts = site.sync().counts
    assert counts["updates"] == 3
    assert {effect.key for effect in site.receiver.effects[sent:]} == {"A0003", "A0010", "A0025"}
    assert [prices(site)[key] for key in ("A0003", "A0010", "A0025")] == ["7.00", None, "9.00"]


def test_equal_list_sends_nothing(site: Premises, listino: Table) -> None:
    listino.rows = list(a_list(20))
    site.sync()
    sent = len(site.receiver.effects)
    listino.rows.reverse()
    counts = site.sync().counts
    assert (counts["updates"], len(site.receiver.effects)) == (0, sent)


def test_source_with_a_cursor_shows_the_rows_again_whose_values_changed(
    site: Premises, listino: Table
) -> None:
    site.cursor = "CODE"
    listino.rows = list(a_list(30))
    site.sync()
    listino.rows[3] = ("A0003", "7.00", "VITI")
    counts = site.sync().counts
    assert counts["updates"] == 1
    assert counts["rows"] < 10, "the rows that did not change were not read"
    assert prices(site)["A0003"] == "7.00"


def test_values_that_are_looked_up_by_another_column_are_found_by_a_whole_pass(
    tmp_path: Path, listino: Table
) -> None:
    with premises(tmp_path, str(tmp_path), lookups=(plan(tmp_path, by=("NAME",)),)) as site:
        site.mapping = dict(MAPPING)
        site.cursor = "CODE"
        site.table.rows = [("A1", "X", "1"), ("A2", "Y", "1"), ("A3", "X", "1")]
        listino.rows = [("X", "5.00", "VITI")]
        site.sync()
        assert prices(site) == {"A1": "5.00", "A2": None, "A3": "5.00"}
        listino.rows = [("X", "6.00", "VITI")]
        assert site.sync().counts["updates"] == 2
        assert prices(site) == {"A1": "6.00", "A2": None, "A3": "6.00"}


def test_list_that_was_never_read_gives_nulls(site: Premises) -> None:
    assert site.sync().outcome == "ok"
    assert set(prices(site).values()) == {None}


def test_emptied_list_leaves_the_values_that_were_looked_up_last(
    site: Premises, listino: Table
) -> None:
    listino.rows = list(a_list(30))
    site.sync()
    listino.rows = []
    result = site.sync()
    assert "empty" in result.reason
    assert set(prices(site).values()) == {"5.00"}


def test_row_of_the_list_that_cannot_be_read_takes_no_value_away(
    site: Premises, listino: Table
) -> None:
    listino.rows = list(a_list(30))
    site.sync()
    listino.rows = [*a_list(10, "6.00"), Rejected("SA-2011", "broken")]
    result = site.sync()
    assert "1 rows" in result.reason
    assert prices(site)["A0029"] == "5.00"
    assert prices(site)["A0005"] == "6.00"


def test_change_of_the_list_survives_a_run_that_breaks_off(site: Premises, listino: Table) -> None:
    site.cursor = "CODE"
    listino.rows = list(a_list(30))
    site.sync()
    listino.rows = list(a_list(30, "6.00"))
    site.table.breaks = Unavailable("SA-2001", "gone")
    assert site.run().outcome == "failed"
    site.sync()
    assert set(prices(site).values()) == {"6.00"}


def test_list_that_cannot_be_reached_fails_the_run_and_sends_nothing_half_joined(
    site: Premises, listino: Table
) -> None:
    listino.breaks = Unavailable("SA-2001", "gone")
    assert site.sync().outcome == "failed"
    assert site.shown() == {}


def test_unreadable_row_of_the_flow_is_refused_as_ever(site: Premises, listino: Table) -> None:
    listino.rows = list(a_list(30))
    site.table.rows[4] = Rejected("SA-2011", "broken")
    result = site.sync()
    assert (result.outcome, result.counts["refused"]) == ("partial", 1)
    assert len(site.shown()) == 29


def test_lookup_by_a_column_that_is_not_there_halts_with_its_name(
    tmp_path: Path, listino: Table
) -> None:
    listino.rows = list(a_list(3))
    with premises(tmp_path, str(tmp_path), lookups=(plan(tmp_path, by=("EAN",)),)) as site:
        site.table.rows = list(rows(3))
        result = site.run()
        assert (result.outcome, result.code) == ("halted", "SA-4009")
        assert "EAN" in result.reason


def test_list_is_read_at_the_pace_of_its_own_connection(tmp_path: Path, listino: Table) -> None:
    waits: list[float] = []
    slow = replace(plan(tmp_path), pace=Pace(SystemClock(), rows_per_second=1000))
    with premises(tmp_path, str(tmp_path), lookups=(slow,)) as site:
        site.stop.wait = lambda timeout=None: waits.append(timeout) or False  # type: ignore[assignment,func-returns-value]
        site.mapping = dict(MAPPING)
        site.table.rows = list(rows(30))
        listino.rows = list(a_list(10))
        assert site.run().outcome == "ok"
    assert len(waits) == 2, "a batch of five rows each; the flow's own source has no limit"
