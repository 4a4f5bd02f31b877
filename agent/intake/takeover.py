"""What one pass writes: messages, what is known, blocks and cursor, always in one transaction.

Where a guard watches, messages wait as `held` until the pass has been read to its end and judged.
The cursor moves only then, so that a pass that dies midway leaves nothing behind but rows that
will be looked at again.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Unpack

from agent.detect import Comparison, GuardLimits, NewBlock, judge
from agent.errors import Misconfigured
from agent.intake.plan import FlowPlan
from agent.intake.reserved import reserve
from agent.intake.source_blocks import BlockReading
from agent.model import Change
from agent.store import FlowFields, Store


class Takeover:
    """Writes one pass. `guard` None: messages leave at once."""

    def __init__(
        self,
        store: Store,
        plan: FlowPlan,
        run_id: Callable[[], int],
        comparison: Comparison,
        guard: GuardLimits | None,
    ) -> None:
        self.store = store
        self.plan = plan
        self.run_id = run_id
        self.comparison = comparison
        self.guard = guard
        self.parts = 0
        self._blocks: list[tuple[bytes, array[int]]] = []

    def commit_part(self) -> None:
        """Commit what was found so far. The pass goes on."""
        with self.store.transaction():
            if self.parts == 0:
                self.store.known.invalidate_blocks(self.plan.ledger)
            ids = self._write(held=self.guard is not None)
        self.parts += 1
        self._stored(ids)

    def finish(
        self, *, whole: bool, reading: BlockReading | None, **flow: Unpack[FlowFields]
    ) -> str:
        """Judge the pass and commit its rest together with the flow's new state.

        `whole` says that the pass met every key. Returns why the run is held, "" when it is not.
        """
        found = self.comparison.found
        held = judge(self.guard, self.comparison.tally) or "" if self.guard else ""
        if held and self.plan.pair:
            raise Misconfigured(
                "SA-4503",
                f"nothing was taken over: {held}",
                hint="where it is right, raise the limits of `guard` for this flow until it has "
                f"run, then: syncagent resume {self.plan.name}",
            )
        touched = bool(self.parts or found.rows or found.removed)
        blocks_moved = whole and reading is None and self.comparison.unmatched_blocks > 0
        if not (found or touched or blocks_moved or flow or (reading and reading.differing != ())):
            return ""  # a poll that finds nothing writes nothing
        with self.store.transaction():
            ids = self._write(held=bool(held))
            if self.guard is not None and self.parts and not held:
                self.store.decisions.release(self.run_id())
            self._stored(ids)
            self._remember_blocks(whole=whole, reading=reading, touched=touched)
            self.store.flows.update(self.plan.name, **flow)
            if held:
                self.store.runs.hold(self.run_id(), held)
        return held

    def _write(self, *, held: bool) -> list[int]:
        """Write `found` inside the caller's transaction; the ids of its rows, in order."""
        found, plan = self.comparison.found, self.plan
        rows = found.rows.values()
        ids = self.store.known.put(
            plan.ledger, [(row.key, row.row_digest, row.record_digest, row.block) for row in rows]
        )
        if found.removed:
            self.store.known.remove(plan.ledger, found.removed)
        for flow, target, changes in self._addressed(list(found.changes.values())):
            self.store.messages.append(
                flow,
                target,
                self.run_id(),
                plan.lane,
                changes,
                held=held,
                coalesce=plan.coalesce,
            )
        if plan.reserving and found.changes:
            reserve(self.store, plan.ledger, plan.reserving, list(found.changes.values()))
        if found.healed:
            self.store.refusals.clear(plan.name, list(found.healed))
        for refusal in found.refusals:
            self.store.refusals.park(
                plan.name,
                plan.target,
                self.run_id(),
                refusal.key,
                plan.entity,
                refusal.row,
                refusal.code,
                refusal.reason,
            )
        return ids

    def _addressed(self, changes: list[Change]) -> Iterator[tuple[str, str, list[Change]]]:
        """Under which flow's name changes go to which target."""
        pair = self.plan.pair
        if pair is None:
            if changes:
                yield self.plan.ledger, self.plan.target, changes
            return
        outgoing = pair.take(self.plan.side, changes, anew=self.comparison.forced)
        for way, (flow, target) in enumerate(zip(pair.plan.flows, pair.plan.targets, strict=True)):
            found = [each.change for each in outgoing if each.flow == way]
            if found:
                yield flow, target, found

    def _stored(self, ids: Sequence[int]) -> None:
        self._blocks.extend(_with_ids(self.comparison.found.blocks, ids))
        self.comparison.stored(ids)

    def _remember_blocks(self, *, whole: bool, reading: BlockReading | None, touched: bool) -> None:
        flow, known = self.plan.ledger, self.store.known
        if reading is not None:
            if touched or reading.differing != ():
                known.replace_source_blocks(flow, reading.layout, reading.blocks, reading.differing)
        elif whole and not self.plan.shared:
            known.replace_blocks(flow, self.comparison.matched_blocks, self._blocks)
        elif touched:
            known.invalidate_blocks(flow)


def _with_ids(blocks: list[NewBlock], ids: Sequence[int]) -> list[tuple[bytes, array[int]]]:
    """New blocks with the ids that the store gave to their new rows."""
    return [
        (block.digest, array("q", [ids[-row - 1] if row < 0 else row for row in block.ids]))
        for block in blocks
    ]
