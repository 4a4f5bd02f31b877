"""A request that is taken or refused as a whole: halved until what is at fault stands alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Verdict(Protocol):
    """What the other side says about a request."""

    @property
    def refused(self) -> bool:
        """Whether nothing of it was done."""
        ...


V = TypeVar("V", bound=Verdict)


def portions(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Items in pieces of at most this size."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def halved(
    items: Sequence[T], size: int, send: Callable[[Sequence[T]], V]
) -> Iterator[tuple[Sequence[T], V]]:
    """Pieces of at most this size and what is said of them; a refused one holds one item."""
    left = [list(portion) for portion in portions(items, size)][::-1]
    while left:
        piece = left.pop()
        verdict = send(piece)
        if verdict.refused and len(piece) > 1:
            middle = (len(piece) + 1) // 2
            left += [piece[middle:], piece[:middle]]
        else:
            yield piece, verdict
