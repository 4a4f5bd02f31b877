"""Blocks of rows: where they are cut, and how far a change is felt."""

from __future__ import annotations

import random

import pytest

from agent.detect.blocks import cut

Digests = list[bytes]


@pytest.fixture
def digests() -> Digests:
    chance = random.Random(20)
    return [chance.randbytes(16) for _ in range(5000)]


def lost(before: Digests, after: Digests) -> int:
    """Rows of `after` that stand in no block of `before`."""
    known = {block.digest for block in cut(before)}
    return sum(block.end - block.start for block in cut(after) if block.digest not in known)


def test_blocks_cover_every_row_once(digests: Digests) -> None:
    blocks = list(cut(digests))
    assert [block.start for block in blocks] == [0, *(block.end for block in blocks[:-1])]
    assert blocks[-1].end == len(digests)


def test_no_rows_make_no_block() -> None:
    assert list(cut([])) == []


def test_only_the_last_block_is_shorter_than_the_shortest(digests: Digests) -> None:
    assert min(block.end - block.start for block in list(cut(digests))[:-1]) == 16


@pytest.mark.parametrize("place", [0, 17, 2500, 4999])
def test_row_that_changes_comes_or_goes_disturbs_its_surroundings_only(
    digests: Digests, place: int
) -> None:
    other = random.Random(place).randbytes(16)
    before, after = digests[:place], digests[place + 1 :]
    for changed in ([*before, other, *after], [*before, other, *digests[place:]], before + after):
        assert lost(digests, changed) < 500


def test_row_counts_wherever_it_stands_in_its_block(digests: Digests) -> None:
    (first, *_) = cut(digests)
    for place in range(first.end):
        changed = [*digests[:place], bytes([digests[place][0]]) * 16, *digests[place + 1 :]]
        assert next(iter(cut(changed))).digest != first.digest
