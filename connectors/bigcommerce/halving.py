"""A batch that is taken or refused as a whole: halved until what is at fault stands alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from connectors.bigcommerce.calls import Reply, portions

T = TypeVar("T")


def halved(
    items: Sequence[T], size: int, send: Callable[[Sequence[T]], Reply]
) -> Iterator[tuple[Sequence[T], Reply]]:
    """Pieces and their replies; a refused piece holds one item."""
    waiting = [list(portion) for portion in portions(items, size)][::-1]
    while waiting:
        piece = waiting.pop()
        reply = send(piece)
        if reply.refused and len(piece) > 1:
            middle = (len(piece) + 1) // 2
            waiting += [piece[middle:], piece[:middle]]
        else:
            yield piece, reply
