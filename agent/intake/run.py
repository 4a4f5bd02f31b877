"""One run of one flow: read the source pass by pass, compare, take over, settle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from agent.clock import utc_text
from agent.contract import AnySource, Batch, can
from agent.detect import Comparison, Known, Tally, column_drift, key_reader
from agent.errors import Misconfigured, Rejected
from agent.intake.lookups import Lookups
from agent.intake.pace import Pace, Pause
from agent.intake.plan import FlowPlan, Task
from agent.intake.source_blocks import BlockReading, block_reading
from agent.intake.takeover import Takeover
from agent.model import Op
from agent.store import FlowFields

if TYPE_CHECKING:
    from agent.intake.intake import Intake

FULL_PASS_GRAIN_MS = 600_000
"""The time of the last full pass is kept to ten minutes: a quiet poll shall write nothing."""

MISSED_LOOKED_AT = 10_000
"""Of so many rows that a full pass found changed it is asked whether the cursor had missed them."""

COUNTS = (
    "rows", "inserts", "updates", "deletes", "refused", "outdated", "repeated", "missed",
)  # fmt: skip
"""What is counted in a run."""

Progress = Callable[[int, int], None]
"""Called with the rows read and the changes found so far."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended. `outcome` is one of the store's run outcomes."""

    outcome: str
    counts: dict[str, int]
    code: str = ""
    reason: str = ""
    again: bool = False
    """Whether the same job may succeed a little later by itself."""


class Run:
    """The state of one run: totals over its passes, and the pass it is in."""

    def __init__(
        self,
        intake: Intake,
        plan: FlowPlan,
        task: Task,
        run_id: Callable[[], int],
        progress: Progress,
        lookups: Lookups,
    ) -> None:
        self.intake = intake
        self.store = intake.store
        self.plan = plan
        self.task = task
        self.run_id = run_id
        self.progress = progress
        self.lookups = lookups
        self.state = self.store.flows.get(plan.name)
        self.same_mapping = self.state.fingerprint == plan.mapping.fingerprint
        self.start_over = False
        self.changed: list[str] = []
        self.columns: Mapping[str, str] = {}
        self.reading: BlockReading | None = None
        self.takeover: Takeover | None = None
        self.unsettled: list[Batch] = []
        self.last: Batch | None = None
        self.cursor = self.state.cursor
        self.held = ""
        self.notes: list[str] = []
        self.totals = dict.fromkeys(COUNTS, 0)

    def read_all(self, source: AnySource) -> None:
        """Read what is looked up, then what the task asks for, then what the look-ups changed."""
        self.lookups.refresh(self._between_batches)
        changed = self.lookups.keys_to_look_at(source)
        self.start_over = changed is None
        self.read(source)
        if self.held or self.task.picked:
            return
        if changed:
            self.task = Task("keys", changed, urgent=self.task.urgent, send_equal=False)
            self.reading = None
            self.read(source)
        self.lookups.mark_off()
        self.notes += self.lookups.notes

    def read(self, source: AnySource) -> None:
        """Read everything the task asks for, pass by pass.

        What does not fit the flow at all is handed back to the source: a file goes to quarantine.
        """
        self.source = source
        try:
            self._read()
        except Misconfigured as error:
            source.refuse(f"{error}\n{error.hint}")
            raise

    def _read(self) -> None:
        for number, batch in enumerate(self._batches()):
            if number:  # for the first batch there was room a moment ago
                self.intake.await_room(self.plan.target)
            self._mind_quiet()
            self._take_in(batch)
            if batch.complete:
                self._end_pass()
                if self.held:
                    return
            else:
                self._keep_pace(batch, self.plan.pace)
        if self.takeover is None and self.state.columns and self._expects_rows():
            self._take_columns(self.state.columns)
            self.takeover = self._begin_pass()
        if self.takeover is not None or self.last is not None:
            self._end_pass()

    def _mind_quiet(self) -> None:
        if self.task.urgent:
            return
        until = self.plan.quiet_until(self.intake.clock.now_ms())
        if until is not None:
            raise Pause(f"a quiet window of the source began; it ends at {utc_text(until)}")

    def _between_batches(self, batch: Batch, pace: Pace | None) -> None:
        self._mind_quiet()
        self._keep_pace(batch, pace)

    def _keep_pace(self, batch: Batch, pace: Pace | None) -> None:
        wait = pace.took(len(batch.rows)) if pace else 0.0
        if wait and self.intake.stop.wait(wait):
            raise Pause("the agent is stopping")

    def result(self) -> RunResult:
        """The run's outcome after it was read to its end."""
        reason = "; ".join(self.notes)
        if self.held:
            return RunResult("held", self.totals, "SA-4006", self.held)
        return RunResult("partial" if self.totals["refused"] else "ok", self.totals, "", reason)

    def abandoned(self, outcome: str, code: str, reason: str, *, again: bool = False) -> RunResult:
        """The run's outcome after it broke off: what it held is dropped and looked at again."""
        if self.takeover is not None:
            if self.takeover.parts:
                self.store.decisions.drop(self.run_id())
            self._add_up(self.takeover.comparison)
        return RunResult(outcome, self.totals, code, reason, again)

    # What to read

    def _batches(self) -> Iterator[Batch]:
        task = self.task
        if task.scope == "keys":
            if not can(self.source, "read_keys"):
                raise Rejected(
                    "SA-4007",
                    f'the source of "{self.plan.name}" cannot read single keys',
                    hint=f"read everything: syncagent resync {self.plan.name}",
                )
            return self.source.read_keys(task.keys)
        if task.scope == "since":
            return self.source.read(self._cursor_at(datetime.fromisoformat(min(task.keys))))
        start_over = task.everything_anew or self.start_over or not self.same_mapping
        if can(self.source, "digests") and not self.plan.shared:
            digests = self.source.digests(self.state.layout)
            if digests is not None:
                known = {} if start_over else self.store.known.source_blocks(self.plan.ledger)
                self.reading = block_reading(digests, self.state.layout, known)
                if self.reading.differing is not None:
                    return self.source.read_blocks(digests.layout, self.reading.differing)
        return self.source.read("" if start_over else self.state.cursor)

    def _cursor_at(self, moment: datetime) -> str:
        if not can(self.source, "cursor_at") or not self.state.cursor:
            raise Rejected(
                "SA-4008",
                f'"{self.plan.name}" has no cursor: nobody can tell what changed since {moment}',
                hint=f"syncagent resync {self.plan.name} --all, or --key",
            )
        return self.source.cursor_at(moment, self.state.cursor)

    def _expects_rows(self) -> bool:
        """Whether the very absence of rows says that known ones are gone."""
        return self.task.scope == "keys" or bool(self.reading and self.reading.differing)

    # One pass

    def _take_in(self, origin: Batch) -> None:
        batch = self.lookups.enriched(origin)
        if origin.note:
            self.notes.append(origin.note)
        if batch.columns and batch.columns != tuple(self.columns):
            self._take_columns(_typed(batch))
        if batch.columns:
            takeover = self.takeover = self.takeover or self._begin_pass()
            takeover.comparison.compare(batch)
            self._take_out(takeover, batch)
            if len(takeover.comparison.found) >= self.plan.commit_rows:
                self._commit_part(takeover)
            tally = takeover.comparison.tally
            self.progress(
                self.totals["rows"] + takeover.comparison.rows_read,
                tally.inserts + tally.updates + tally.deletes,
            )
        # Batches in the middle of a pass mean nothing to a source; keeping all would keep all rows.
        if batch.complete or batch.cursor != self.cursor or not batch.rows:
            self.unsettled.append(origin)
        self.last, self.cursor = batch, batch.cursor

    def _take_out(self, takeover: Takeover, batch: Batch) -> None:
        """What the source itself says is gone."""
        if not batch.gone and not batch.reread:
            return
        if not takeover.comparison.found.rows.keys().isdisjoint(batch.gone):
            self._commit_part(takeover)  # they have no id before that
        flow, known = self.plan.ledger, self.store.known
        present = {self.key(row) for row in batch.rows} if batch.reread else set()
        stood_there = known.unseen_of_blocks(flow, batch.reread, bytearray())
        gone = {row.key: row for row in stood_there if row.key not in present}
        for row in (gone | dict(known.find(flow, batch.gone))).values():
            takeover.comparison.vanish(row)

    def _take_columns(self, columns: Mapping[str, str]) -> None:
        """Bind to these columns, unless the flow lost one that it needs."""
        needed = self.plan.mapping.columns
        if needed is not None:
            needed |= frozenset(self.source.key_columns)
        drift = column_drift(self.state.columns, columns, needed) if self.same_mapping else None
        if drift is not None and drift.breaking:
            raise Misconfigured(
                "SA-4001",
                f"the columns changed ({drift.text()}); the flow needs "
                + ", ".join(drift.breaking),
                hint="mend the source or the mapping, drop a file that was quarantined again, "
                f"then: syncagent resume {self.plan.name}",
            )
        if drift is not None:
            self.notes.append(f"the columns changed: {drift.text()}")
        self.columns = columns
        self.key = key_reader(tuple(columns), self.source.key_columns)
        self.mapped = self.plan.mapping.bind(tuple(columns))
        if self.takeover is not None:
            self.takeover.comparison.rebind(self.key, self.mapped)

    def _begin_pass(self) -> Takeover:
        flow, known, guard = self.plan.ledger, self.store.known, self.plan.guard
        tally = Tally(known=known.count(flow))
        everything_anew = self.task.everything_anew or not self.same_mapping
        blockless = everything_anew or self.reading or self.plan.shared
        comparison = Comparison(
            entity=self.plan.entity,
            key=self.key,
            mapped=self.mapped,
            find=lambda keys: known.find(flow, keys),
            blocks=dict if blockless else lambda: known.blocks(flow),
            block_ids=known.block_ids,
            tally=tally,
            refused=self.store.refusals.of(self.plan.name),
            trust_rows=not everything_anew,
            force=self.task.forced,
            dealt_anew=self.reading is None or self.reading.differing is None,
            guard=guard,
            newer_by=self.plan.newer_by,
        )
        if tally.known == 0 or self.task.picked:
            guard = None
        return Takeover(self.store, self.plan, self.run_id, comparison, guard)

    def _commit_part(self, takeover: Takeover) -> None:
        self._remember_changed(takeover)
        takeover.commit_part()
        if takeover.guard is None:
            self._announce()

    def _end_pass(self) -> None:
        """Find what vanished, commit the rest with the cursor, then settle."""
        last, self.last = self.last, None
        cursor = self.state.cursor
        complete = last is not None and last.complete
        whole = last is not None and last.whole
        state = self._new_state(last)
        if self.takeover is None:
            self.store.flows.update(self.plan.name, **state)
        else:
            if complete:
                self.takeover.comparison.forget_refusals()
            for known in self._vanished(self.takeover.comparison, complete=complete):
                self.takeover.comparison.vanish(known)
                if len(self.takeover.comparison.found) >= self.plan.commit_rows:
                    self._commit_part(self.takeover)
            self._remember_changed(self.takeover)
            self.held = self.takeover.finish(
                whole=whole and complete, reading=self.reading, **state
            )
            self._add_up(self.takeover.comparison)
            self.takeover = None
        self._announce()
        for batch in self.unsettled:
            self.source.settle(batch)
        self.unsettled = []
        self._count_missed(cursor)

    def _announce(self) -> None:
        for target in self.plan.targets:
            self.intake.committed(target)

    def _remember_changed(self, takeover: Takeover) -> None:
        """What a full pass found changed though the cursor should have shown it before."""
        if self.task.scope == "full" and self.same_mapping and self.state.cursor:
            changes = takeover.comparison.found.changes
            found = (key for key, change in changes.items() if change.op is Op.UPSERT)
            self.changed += islice(found, MISSED_LOOKED_AT - len(self.changed))

    def _count_missed(self, cursor: str) -> None:
        if self.changed and can(self.source, "missed"):
            missed = self.source.missed(self.changed, cursor)
            self.totals["missed"] += missed
            if missed:
                self.notes.append(f"the cursor had missed {missed} of the rows that changed")
        self.changed = []

    def _new_state(self, last: Batch | None) -> FlowFields:
        """What of the flow's state differs after this pass."""
        state: FlowFields = {}
        if last is not None and not self.task.picked and last.cursor != self.state.cursor:
            state["cursor"] = last.cursor
        if self.columns and self.columns != self.state.columns:
            state["columns"] = self.columns
        complete = last is not None and last.complete
        listed = last is not None and not last.whole and self.task.scope == "differential"
        if not self.same_mapping and (complete or (self.columns and listed)):
            state["fingerprint"] = self.plan.mapping.fingerprint
        now = self.intake.clock.now_ms()
        if complete and (state or now - self.state.full_pass_at > FULL_PASS_GRAIN_MS):
            state["full_pass_at"] = now
        if state:
            self.state = replace(self.state, **state)
        return state

    def _vanished(self, comparison: Comparison, *, complete: bool) -> Iterable[Known]:
        """Known rows that this pass should have met and did not."""
        flow, known = self.plan.ledger, self.store.known
        if self.plan.shared:
            return ()  # another flow may have brought it
        if comparison.keyless:
            self.notes.append("nothing is deleted while rows without a readable key are there")
            return ()
        if self.task.scope == "keys":
            found = list(known.find(flow, self.task.keys).values())
            return (row for row in found if not comparison.met(row))
        if self.reading is not None and self.reading.differing is not None:
            if not self.reading.blocks:
                return self._none_of_an_empty_source()
            return known.unseen_of_blocks(flow, self.reading.differing, comparison.seen)
        if complete and not comparison.rows_read and comparison.tally.known:
            return self._none_of_an_empty_source()
        if complete and not comparison.met_all(known.count(flow)):
            return known.unseen(flow, comparison.seen)
        return ()

    def _none_of_an_empty_source(self) -> Iterable[Known]:
        """Whoever emptied the source, an export that failed is likelier than the end of trade."""
        self.notes.append("the source is empty: nothing is deleted")
        return ()

    def _add_up(self, comparison: Comparison) -> None:
        tally = comparison.tally
        for name, number in (
            ("rows", comparison.rows_read),
            ("inserts", tally.inserts),
            ("updates", tally.updates),
            ("deletes", tally.deletes),
            ("refused", comparison.refusals),
            ("outdated", comparison.outdated),
            ("repeated", comparison.repeated),
        ):
            self.totals[name] += number


def _typed(batch: Batch) -> dict[str, str]:
    """The batch's columns and their types."""
    return dict(zip(batch.columns, batch.types or [""] * len(batch.columns), strict=True))
