"""Flows that bring the same records over two ways: taken over once, and newer states win."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.intake import FlowPlan
from agent.model import State
from connectors.memory import Row
from tests.intake.premises import Premises, premises

MAPPING = {"sku": "CODE", "name": "NAME", "updated_at": "PRICE"}
EARLY, LATE = "2026-11-22T10:00:00+01:00", "2026-11-22T09:30:00Z"
"""The later one looks smaller: its offset differs."""


class Feed(Premises):
    """`products`, or `relay` which joins it; both read one table, which the test fills."""

    flow = "products"

    def plan(self) -> FlowPlan:
        return replace(super().plan(), name=self.flow, ledger="products", shared=True)

    def offer(self, flow: str, *rows: Row, scope: str = "differential") -> dict[str, int]:
        """Let one of the two flows read these rows."""
        self.flow = flow
        self.table.rows = list(rows)
        return self.sync(scope).counts


@pytest.fixture
def feed(tmp_path: Path) -> Iterator[Feed]:
    with premises(tmp_path, tmp_path.name, newer_by="updated_at") as world:
        feed = Feed(world.store, world.name, newer_by="updated_at")
        feed.mapping = dict(MAPPING)
        yield feed


def test_what_one_way_brought_is_no_news_on_the_other(feed: Feed) -> None:
    assert feed.offer("products", ("1", "Vite", EARLY))["inserts"] == 1
    found = feed.offer("relay", ("1", "Vite", EARLY))
    assert (found["inserts"], found["updates"]) == (0, 0)
    assert len(feed.receiver.effects) == 1


def test_an_older_state_that_comes_late_is_passed_over(feed: Feed) -> None:
    feed.offer("relay", ("1", "Vite", LATE))
    assert feed.offer("products", ("1", "Old", EARLY))["outdated"] == 1
    assert feed.shown()["1"]["name"] == "Vite"


def test_a_newer_state_has_a_higher_version(feed: Feed) -> None:
    feed.offer("relay", ("1", "Vite", EARLY))
    assert feed.offer("products", ("1", "Vite 2", LATE))["updates"] == 1
    versions = [effect.version for effect in feed.receiver.effects]
    assert versions == sorted(set(versions))
    assert feed.shown()["1"]["name"] == "Vite 2"


def test_neither_deletes_what_only_the_other_one_brought(feed: Feed) -> None:
    feed.offer("products", ("1", "Vite", EARLY), ("2", "Dado", EARLY))
    assert feed.offer("relay", ("3", "Rondella", EARLY), scope="full")["deletes"] == 0
    assert feed.offer("relay", scope="full")["deletes"] == 0
    assert set(feed.shown()) == {"1", "2", "3"}


def test_a_row_that_one_way_cannot_map_is_refused_under_its_own_name(feed: Feed) -> None:
    feed.offer("products", ("1", "Vite", EARLY))
    feed.offer("relay", ("2", None, EARLY))
    (refused,) = feed.store.messages.list(state=State.PARKED)
    assert (refused.flow, refused.key) == ("relay", "2")
    feed.offer("products", ("1", "Vite", EARLY), scope="full")
    assert len(feed.store.messages.list(state=State.PARKED)) == 1
