"""What a full run would do, in numbers: `syncagent sync --dry-run`."""

from __future__ import annotations

import sys
from collections import Counter
from itertools import islice

from agent.api.engine import Engine
from agent.api.operation import Answer
from agent.contract import Batch
from agent.errors import Rejected
from agent.intake import preview

CHUNK = 1000
SAMPLES = 10


def rehearse(engine: Engine, flow: str) -> Answer:
    """Read everything, send and remember nothing.

    `vanished` counts the keys that would be deleted; null where the source did not show all.
    """
    plan = engine.plans.get(flow)
    if plan is None:
        raise Rejected("SA-7104", f'there is no active flow "{flow}"', hint="syncagent status")
    known = engine.store.known
    seen = bytearray(known.span(flow))
    fates: Counter[str] = Counter()
    refused: list[dict[str, str]] = []
    complete = False

    def note(batch: Batch) -> None:
        nonlocal complete
        complete |= batch.complete

    rows = preview(engine.store, plan, limit=sys.maxsize, on_batch=note)
    while chunk := list(islice(rows, CHUNK)):
        fates.update(row.fate for row in chunk)
        for row in known.find(flow, sorted({row.key for row in chunk})).values():
            seen[row.id] = 1
        refused += [
            {"key": row.key, "reason": row.reason}
            for row in chunk
            if row.fate == "refused" and len(refused) < SAMPLES
        ]
    vanished = sum(1 for row in known.unseen(flow, seen) if row.record_digest)
    return {
        "flow": flow,
        "fates": dict(fates),
        "vanished": vanished if complete else None,
        "refused": refused[:SAMPLES],
    }
