"""What the last comparison of each flow with its target showed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.store.database import Database


@dataclass(frozen=True, slots=True)
class Verification:
    """One comparison. `finished_at` is unix ms."""

    flow: str
    run: int
    how: str
    finished_at: int
    counts: Mapping[str, int]
    findings: Sequence[Mapping[str, Any]] = ()


class Verifications:
    """A line per flow, that of the last time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, found: Verification) -> None:
        """In place of the one before."""
        with self._database.transaction():
            self._database.write(
                "INSERT OR REPLACE INTO verification VALUES (?, ?, ?, ?, ?, ?)",
                (
                    found.flow,
                    found.run,
                    found.how,
                    found.finished_at,
                    json.dumps(dict(found.counts)),
                    json.dumps(list(found.findings), ensure_ascii=False),
                ),
            )

    def last(self, flow: str) -> Verification | None:
        """With all its findings; None where the flow was never compared."""
        found = self._database.row(
            "SELECT run, how, finished_at, counts, findings FROM verification WHERE flow = ?",
            (flow,),
        )
        if found is None:
            return None
        run, how, finished_at, counts, findings = found
        return Verification(
            flow, run, how, finished_at, json.loads(counts), tuple(json.loads(findings))
        )

    def summary(self, flow: str) -> Verification | None:
        """The same without its findings: for a glance."""
        found = self._database.row(
            "SELECT run, how, finished_at, counts FROM verification WHERE flow = ?", (flow,)
        )
        if found is None:
            return None
        run, how, finished_at, counts = found
        return Verification(flow, run, how, finished_at, json.loads(counts))
