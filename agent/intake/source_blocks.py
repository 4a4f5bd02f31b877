"""Let the source find what differs: its own block digests against those of the last time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agent.contract import BlockDigest, BlockDigests


@dataclass(frozen=True, slots=True)
class BlockReading:
    """The source's blocks as they stand now, captured before any row is read.

    With `differing` None nothing can be compared, and every row has to be read; otherwise only
    the rows of these blocks, as they stood when they were digested.
    """

    layout: str
    blocks: tuple[BlockDigest, ...]
    differing: tuple[int, ...] | None


def block_reading(
    digests: BlockDigests, layout: str, known: Mapping[int, tuple[bytes, int]]
) -> BlockReading:
    """Compare the source's block digests with the `known` ones (block → digest, rows)."""
    blocks = tuple(digests.blocks)
    if not known or layout != digests.layout:
        return BlockReading(digests.layout, blocks, None)
    differing = {each.block for each in blocks if known.get(each.block) != (each.digest, each.rows)}
    vanished = known.keys() - {each.block for each in blocks}
    return BlockReading(digests.layout, blocks, tuple(sorted(differing | vanished)))
