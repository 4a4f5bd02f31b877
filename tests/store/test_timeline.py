"""One list of what happened, from bounded questions."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from agent.store import Alert, Store
from agent.store.timeline import BEYOND, statement
from tests.store.conftest import StandingClock

NOON = 1_800_000_000_000


@pytest.fixture
def busy(store: Store, clock: StandingClock) -> Store:
    """A second apart: a configuration, a run of each of two flows, an alert and its end, a deed."""
    store.configurations.enter("aa", {"flows.prices": "1"})
    store.configurations.enter("bb", {"flows.prices": "2"})
    for second, flow in ((1, "prices"), (2, "stock")):
        run = store.runs.start(0, flow, "full", "person", NOON + second * 1000)
        store.runs.finish(run, "ok", {"rows": 7}, "", "", NOON + 9000)
    facts = {"where": "prices", "code": "SA-5201", "reason": "no category", "count": 3}
    store.alerts.put(Alert(0, "x", "parked", facts, NOON + 3000, closed_at=NOON + 4000))
    clock.now = NOON + 5000
    store.audit.note("anna", "retry", {"flow": "prices"})
    store.audit.note("anna", "add_user", {"name": "bruno"})
    store.audit.note("anna", "admit", {"name": "anna"})
    return store


def test_everything_stands_in_one_list_newest_first(busy: Store) -> None:
    assert [(each.kind, each.flow, each.what) for each in busy.timeline.between()] == [
        ("deed", "", "add_user"),
        ("deed", "prices", "retry"),
        ("closed", "prices", "parked"),
        ("opened", "prices", "parked"),
        ("run", "stock", "ok"),
        ("run", "prices", "ok"),
        ("configuration", "", ""),
        ("configuration", "", ""),
    ]


def test_of_one_flow_stands_what_is_about_it(busy: Store) -> None:
    found = busy.timeline.between(flow="prices")
    assert [each.kind for each in found] == ["deed", "closed", "opened", "run", "configuration"]
    assert found[3].facts == {"scope": "full", "counts": {"rows": 7}}
    assert found[4].facts == {"flows.prices": "changed"}
    assert [each.kind for each in busy.timeline.between(flow="stock")] == ["run"]


def test_pages_follow_each_other_without_gaps_and_doubles(busy: Store) -> None:
    found, before = [], BEYOND
    while page := busy.timeline.between(before=before, limit=1):
        found += page
        before = page[-1].at
    assert found == busy.timeline.between()


def test_a_span_of_time_is_cut_out(busy: Store) -> None:
    found = busy.timeline.between(NOON + 1000, NOON + 3000)
    assert [each.flow for each in found] == ["stock", "prices"]


@pytest.mark.parametrize("of_flow", [True, False])
def test_no_table_that_grows_is_read_as_a_whole(busy: Store, path: Path, of_flow: bool) -> None:
    plan = apsw.Connection(str(path))
    values = (0, BEYOND, "prices", 100)
    lines = [
        line[3] for line in plan.execute(f"EXPLAIN QUERY PLAN {statement(of_flow=of_flow)}", values)
    ]
    plan.close()
    for table in ("run", "deed", "alert"):
        assert any(line.startswith(f"SEARCH {table} USING INDEX") for line in lines)
        assert not any(line.startswith(f"SCAN {table}") for line in lines), lines
    del busy
