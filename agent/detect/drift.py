"""Schema drift: the columns of a source today, and their types, against those of last time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple


class Drift(NamedTuple):
    """What happened to the columns.

    `retyped` maps a column to its type before and now; `breaking` names those that the flow needs
    and that are gone or of another type.
    """

    added: tuple[str, ...]
    dropped: tuple[str, ...]
    retyped: Mapping[str, tuple[str, str]]
    breaking: tuple[str, ...]

    def text(self) -> str:
        """The difference in one line, for a person."""
        parts = [f"{name} is missing" for name in self.dropped]
        parts += [f"{name} was {old}, is {new}" for name, (old, new) in self.retyped.items()]
        parts += [f"{name} is new" for name in self.added]
        return ", ".join(parts)


def column_drift(
    before: Mapping[str, str], now: Mapping[str, str], needed: Collection[str] | None
) -> Drift | None:
    """The difference of two sets of columns with their types; None where nothing moved.

    A type "" is not known and equals any. `needed` None means: the mapping may read any column.

    An added column, or the loss of one that nobody reads, is a note; the loss of a needed one
    halts the flow, because a renamed column would otherwise empty a field of every record, and
    another type would spoil it.
    """
    if not before:
        return None
    dropped = tuple(name for name in before if name not in now)
    added = tuple(name for name in now if name not in before)
    both = ((name, old, now[name]) for name, old in before.items() if name in now)
    retyped = {name: (old, new) for name, old, new in both if old and new and old != new}
    if not (dropped or added or retyped):
        return None
    lost = (*dropped, *retyped)
    return Drift(
        added=added,
        dropped=dropped,
        retyped=retyped,
        breaking=tuple(name for name in lost if needed is None or name in needed),
    )
