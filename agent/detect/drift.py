"""Schema drift: the columns of a source today against those of last time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple


class Drift(NamedTuple):
    """What happened to the columns. `breaking` names those that the flow needs and lost."""

    added: tuple[str, ...]
    dropped: tuple[str, ...]
    breaking: tuple[str, ...]

    def text(self) -> str:
        """The difference in one line, for a person."""
        parts = [f"{name} is missing" for name in self.dropped]
        parts += [f"{name} is new" for name in self.added]
        return ", ".join(parts)


def column_drift(
    before: Sequence[str], now: Sequence[str], needed: Collection[str] | None
) -> Drift | None:
    """None where nothing moved. `needed` None means: the mapping may read any column.

    An added column, or the loss of one that nobody reads, is a note; the loss of a needed one
    halts the flow, because a renamed column would otherwise empty a field of every record.
    """
    if not before or set(before) == set(now):
        return None
    dropped = tuple(name for name in before if name not in now)
    return Drift(
        added=tuple(name for name in now if name not in before),
        dropped=dropped,
        breaking=tuple(name for name in dropped if needed is None or name in needed),
    )
