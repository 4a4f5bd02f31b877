"""CSV files through the real intake and store: what a dropped file does to the other side."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.intake import FlowPlan
from tests.connectors.drop import Drop
from tests.intake.premises import Premises, premises

HEADER = "CODE,NAME,PRICE"


class DropPremises(Premises):
    """The same way of the data, with a drop folder at its start."""

    drop: Drop

    def plan(self) -> FlowPlan:
        return replace(super().plan(), make_source=self.drop.source)


@pytest.fixture
def site(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[DropPremises]:
    with premises(tmp_path, request.node.nodeid) as plain:
        site = DropPremises(plain.store, plain.name)
        site.drop = Drop(tmp_path / "drop")
        site.drop.options = {"files": "articles*.csv", "key": ["CODE"]}
        yield site


def table(*lines: str) -> str:
    return "\n".join([HEADER, *lines]) + "\n"


LINES = tuple(f"A{number:03},Vite {number},{number}.50" for number in range(200))


def test_second_whole_table_sends_only_what_differs(site: DropPremises) -> None:
    site.drop.put("articles.csv", table(*LINES))
    assert site.sync().counts["inserts"] == 200
    site.drop.put("articles.csv", table("A000,Vite 0,9.99", *LINES[1:-1], "B1,new,1.00"))
    counts = site.sync().counts
    assert (counts["inserts"], counts["updates"], counts["deletes"]) == (1, 1, 1)
    assert site.shown()["A000"]["attributes"] == {"price": "9.99"}
    assert "A199" not in site.shown()
    assert site.drop.names("archive") == ["articles.csv"] * 2


def test_same_content_dropped_again_touches_nothing(site: DropPremises) -> None:
    site.drop.put("articles.csv", table(*LINES))
    site.sync()
    before = len(site.receiver.effects)
    site.drop.put("articles.csv", table(*LINES))
    assert site.sync().outcome == "ok"
    assert len(site.receiver.effects) == before
    assert site.drop.names() == []


def test_row_nobody_can_read_is_refused_and_nothing_is_deleted_because_of_it(
    site: DropPremises,
) -> None:
    site.drop.put("articles.csv", table(*LINES))
    site.sync()
    site.drop.put("articles.csv", table("A000", *LINES[1:-1]))
    result = site.sync()
    assert result.outcome == "partial"
    assert (result.counts["refused"], result.counts["deletes"]) == (1, 0)
    site.drop.put("articles.csv", table(*LINES[:-1]))
    assert site.sync().counts["deletes"] == 1


def test_table_that_came_empty_deletes_nothing(site: DropPremises) -> None:
    site.drop.put("articles.csv", table(*LINES))
    site.sync()
    site.drop.put("articles.csv", table())
    assert site.sync().counts["deletes"] == 0
    site.drop.put("articles.csv", "")
    result = site.sync()
    assert (result.outcome, result.code) == ("failed", "SA-2006")
    assert len(site.shown()) == 200


def test_delta_changes_its_keys_and_leaves_the_others(site: DropPremises) -> None:
    site.drop.options["contents"] = "delta"
    site.drop.put("articles1.csv", table(*LINES), age=90)
    site.drop.put("articles2.csv", table("A000,Vite 0,9.99"), age=60)
    site.sync()
    assert len(site.shown()) == 200
    assert site.shown()["A000"]["attributes"] == {"price": "9.99"}


def test_everything_is_looked_at_again_from_the_archive(site: DropPremises) -> None:
    site.drop.put("articles.csv", table(*LINES))
    site.sync()
    site.mapping["brand"] = {"value": "ACME"}
    assert site.sync().counts["updates"] == 200
    assert site.shown()["A007"]["brand"] == "ACME"


def test_single_key_is_sent_again_from_the_archive(site: DropPremises) -> None:
    site.drop.put("articles.csv", table(*LINES))
    site.sync()
    before = len(site.receiver.effects)
    site.sync("keys", "A007")
    assert [effect.key for effect in site.receiver.effects[before:]] == ["A007"]
    assert len(site.shown()) == 200
