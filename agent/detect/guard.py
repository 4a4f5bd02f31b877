"""The guard: judges a run before its messages leave.

An empty export, the wrong database or a lost decimal comma look like honest changes, thousands of
them. The guard does not know better, it asks a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class GuardLimits:
    """How much may change in one run. A share counts against the records known before it.

    A limit trips only when both the share and the number are exceeded, so that a small table may
    change as a whole.
    """

    delete_share: float = 0.05
    delete_count: int = 20
    change_share: float = 0.5
    change_count: int = 1000
    jump_field: str = ""
    jump_factor: Decimal = Decimal(3)
    jump_count: int = 0


@dataclass(slots=True)
class Tally:
    """What a run wants to do, counted while it goes."""

    known: int = 0
    inserts: int = 0
    updates: int = 0
    deletes: int = 0
    jumps: int = 0
    first_jump: str = ""

    def note_jump(
        self, key: str, before: Decimal | None, now: Decimal | None, factor: Decimal
    ) -> None:
        """Count a watched value that grew or shrank by more than `factor`."""
        if not before or now is None or before == now:
            return
        ratio = abs(now / before)
        if ratio > factor or ratio * factor < 1:
            self.jumps += 1
            self.first_jump = self.first_jump or f"{key}: {before} → {now}"


def judge(limits: GuardLimits, tally: Tally) -> str | None:
    """Why this run must wait for a person; None when it may go on."""
    if tally.known == 0:
        return None
    if tally.deletes > max(limits.delete_count, limits.delete_share * tally.known):
        return f"{tally.deletes} of {tally.known} known records would be deleted"
    if tally.updates > max(limits.change_count, limits.change_share * tally.known):
        return f"{tally.updates} of {tally.known} known records would change"
    if limits.jump_field and tally.jumps > limits.jump_count:
        return (
            f"{limits.jump_field} changes by more than a factor of {limits.jump_factor} "
            f"in {tally.jumps} records ({tally.first_jump})"
        )
    return None
