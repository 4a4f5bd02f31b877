"""The cursor of a differential read: how far everything is settled, and what is still open.

A row gets its stamp when it is written and becomes visible when its transaction commits. A reader
that goes on from the highest stamp it saw skips rows that were stamped earlier and committed
later. So each run captures, in this order,

1. the highest stamp that is visible (`newest`),
2. the transactions that are open,
3. a moment at which it reads,

and a transaction that is neither in the list of step 2 nor visible at step 3 has begun after
step 1, so its stamps lie at or above `newest`. Once every transaction of a list has ended, *before*
the moment of a later read, that read has seen all that can ever appear below the `newest` of the
list: from then on reading may start there. Until then every run starts from the earlier mark, and
digests drop what is read twice. Only one list is kept at a time, so the cursor stays small, and a
transaction that stays open for hours delays the mark but loses nothing.

After a full pass there is no earlier mark. Where transactions were open, the next run whose read
begins after their end is a full pass again; until then runs read from `newest`.

It rests on stamps that grow with the database's own clock or sequence. Stamps made elsewhere (a
client's clock, a sequence cached per session) are what `overlap` is for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from connectors._sql_dialect import Mark

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)(?:([ T])(\d\d:\d\d(?::\d\d)?).*)?")

Marks = tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """`settled`: nothing below can appear any more. `newest`: the same once `waiting` has ended."""

    columns: tuple[str, ...]
    settled: Marks | None
    newest: Marks
    waiting: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, cursor: str, columns: Sequence[str]) -> Position | None:
        """The position a cursor stands for; None when it is of other columns: start over."""
        try:
            kept = json.loads(cursor)
            settled, newest = kept["settled"], tuple(kept["newest"])
            if kept["columns"] != list(columns):
                return None
        except (ValueError, KeyError, TypeError):
            return None
        waiting = frozenset(kept.get("waiting", ()))
        return cls(tuple(columns), None if settled is None else tuple(settled), newest, waiting)

    @staticmethod
    def first(
        columns: tuple[str, ...], newest: Marks | None, running: frozenset[str] | None
    ) -> str:
        """The cursor after a full pass; "" (start over) where nothing is known to go on from."""
        if newest is None or running is None:
            return ""
        return str(Position(columns, None if running else newest, newest, running))

    def __str__(self) -> str:
        """The cursor, as the engine keeps it."""
        kept: dict[str, object] = {
            "columns": self.columns,
            "settled": self.settled,
            "newest": self.newest,
        }
        if self.waiting:
            kept["waiting"] = sorted(self.waiting)
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    def reads_everything(self, running: frozenset[str] | None) -> bool:
        """The full pass that closes what an earlier one had to leave open."""
        return self.settled is None and running is not None and not self.waiting & running

    def start(self) -> Marks:
        """Where to read from."""
        return self.newest if self.settled is None else self.settled

    def after(self, newest: Marks | None, running: frozenset[str] | None) -> Position:
        """The position after a read that began after `newest` and `running` were captured."""
        if running is None or newest is None or self.waiting & running:
            still = self.waiting if running is None else self.waiting & running
            return replace(self, waiting=still)
        if not running:
            return Position(self.columns, newest, newest)
        settled = self.newest if self.waiting else self.settled
        return Position(self.columns, settled, newest, running)


def lowered(mark: Mark, overlap: float | None) -> Mark | None:
    """The mark moved back by the overlap: seconds for a stamp, units for a number.

    None when there is nothing to move: the mark is of neither form, or the overlap is nought.
    A stamp keeps its form (a `T` stays a `T`) but loses its fraction and its zone, so that it
    sorts before every stamp of its second, compared as a time or as text.
    """
    if _NUMBER.fullmatch(str(mark)):
        return type(mark)(Decimal(mark) - Decimal(overlap)) if overlap else None
    found = _STAMP.fullmatch(str(mark))
    if not found or overlap == 0:
        return None
    day, separator, clock = found.groups()
    try:
        if separator is None:
            days = -(-int(overlap or 0) // 86400) or 1
            return (date.fromisoformat(day) - timedelta(days=days)).isoformat()
        earlier = datetime.fromisoformat(f"{day} {clock}") - timedelta(seconds=overlap or 300)
        return earlier.replace(microsecond=0).isoformat(separator, "seconds")
    except (ValueError, OverflowError):  # a zero date, or the first day of the calendar
        return None


def in_form_of(mark: Mark, moment: datetime) -> Mark | None:
    """The moment as a stamp of the mark's form, in UTC; None when the mark is no stamp."""
    found = _STAMP.fullmatch(str(mark))
    if not found:
        return None
    if moment.tzinfo:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment.isoformat(found[2], "seconds") if found[2] else moment.date().isoformat()
