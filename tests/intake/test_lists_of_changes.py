"""A source that lists changes names what is gone: by key, or by the place where it stood."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.contract import Batch
from connectors.memory import MemorySource
from tests.intake.premises import COLUMNS, Premises, premises, rows


def whole(*placed: tuple[int, tuple[Any, ...]]) -> Batch:
    return Batch(
        COLUMNS,
        [row for _, row in placed],
        cursor="1",
        whole=True,
        complete=True,
        blocks=[place for place, _ in placed],
    )


def changes(*placed: tuple[int, tuple[Any, ...]], gone: tuple[str, ...] = ()) -> Batch:
    return Batch(
        COLUMNS,
        [row for _, row in placed],
        cursor="2",
        blocks=[place for place, _ in placed],
        gone=gone,
    )


def reread(places: tuple[int, ...], *placed: tuple[int, tuple[Any, ...]]) -> Batch:
    return Batch(
        COLUMNS,
        [row for _, row in placed],
        cursor="2",
        blocks=[place for place, _ in placed],
        reread=places,
    )


class Journal(MemorySource):
    """Tells what it was told to tell."""

    told: tuple[Batch, ...] = ()

    def read(self, cursor: str) -> Iterator[Batch]:  # noqa: ARG002 - says the same at any cursor
        yield from self.told


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Premises]:
    with premises(tmp_path, str(tmp_path)) as built:
        built.kind = Journal
        yield built


def look(site: Premises, *batches: Batch) -> dict[str, int]:
    site.kind = type("Told", (Journal,), {"told": batches})
    return site.sync().counts


A, B, C = rows(3)


def test_keys_that_the_source_names_are_deleted_and_no_others(site: Premises) -> None:
    look(site, whole((1, A), (2, B), (3, C)))
    counts = look(site, changes(gone=("A0001", "never seen")))
    assert counts["deletes"] == 1
    assert site.shown().keys() == {"A0000", "A0002"}


def test_key_that_came_and_went_in_one_list_is_not_there(site: Premises) -> None:
    look(site, whole((1, A)))
    look(site, changes((2, B), (3, C)), changes(gone=("A0001",)))
    assert site.shown().keys() == {"A0000", "A0002"}


def test_row_that_left_its_place_is_gone(site: Premises) -> None:
    look(site, whole((1, A), (2, B), (3, C)))
    assert look(site, reread((2,)))["deletes"] == 1
    assert site.shown().keys() == {"A0000", "A0002"}


def test_place_that_another_row_took_deletes_the_first(site: Premises) -> None:
    look(site, whole((1, A), (2, B)))
    look(site, reread((2,), (2, C)))
    assert site.shown().keys() == {"A0000", "A0002"}


def test_row_that_moved_to_another_place_stays(site: Premises) -> None:
    look(site, whole((1, A), (2, B)))
    counts = look(site, reread((2, 5), (5, B)))
    assert (counts["deletes"], counts["updates"]) == (0, 0)
    look(site, reread((2,)))
    assert site.shown().keys() == {"A0000", "A0001"}


def test_whole_pass_learns_the_new_places_of_equal_rows(site: Premises) -> None:
    look(site, whole((1, A), (2, B)))
    look(site, whole((1, B), (2, A)))
    look(site, reread((1,)))
    assert site.shown().keys() == {"A0000"}
