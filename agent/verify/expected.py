"""What the other side of a flow should hold, as far as we know it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing

from agent.contract import can
from agent.detect import record_mark
from agent.intake import FlowPlan, preview
from agent.model import Json, content_digest
from agent.store import NOT_KNOWN, Store

DOUBTED = ""
"""The digest of a record of which nobody knows what the other side has."""

DIGEST_SIZE = 16


class Expected:
    """The records of one flow, or of all that join it; of a pair, what both sides should have."""

    def __init__(self, store: Store, plan: FlowPlan) -> None:
        self._store = store
        self._plan = plan
        with closing(plan.make_source()) as source:
            self._reads_keys = can(source, "read_keys") and plan.pair is None

    def records(self) -> Iterator[tuple[str, str]]:
        """Key and digest (hex) of every record that should be there."""
        if self._plan.pair is not None:
            for key, body, settled in self._plan.pair.expected():
                if body is not None:
                    yield key, content_digest(body).hex() if settled else DOUBTED
            return
        for key, digest in self._store.known.records(self._plan.ledger):
            yield key, DOUBTED if digest == NOT_KNOWN else digest[:DIGEST_SIZE].hex()

    def moving(self, keys: Sequence[str]) -> set[str]:
        """Those of these keys of which something is on its way."""
        found = self._store.history.open_keys(self._plan.messages_of, keys)
        if self._plan.pair is not None:
            found |= {key for key in keys if not self._settled(key)}
        return found

    def _settled(self, key: str) -> bool:
        pair = self._plan.pair
        agreement = pair.agreement(key) if pair else None
        return agreement is None or not (
            agreement.conflicts or any(view.due or view.left for view in agreement.sides)
        )

    def data(self, keys: Sequence[str]) -> dict[str, Mapping[str, Json]]:
        """Key → the record as it should be there, where that can be said.

        From our own messages where they are kept, else from the source, where it still shows what
        was taken over.
        """
        if self._plan.pair is not None:
            agreed = ((key, self._plan.pair.agreement(key)) for key in keys)
            return {key: each.wanted for key, each in agreed if each and each.wanted is not None}
        found: dict[str, Mapping[str, Json]] = {}
        known = self._store.known.find(self._plan.ledger, sorted(set(keys)))
        for key, row in known.items():
            body = self._store.messages.last_body(self._plan.ledger, key)
            if body and record_mark(body) == row.record_digest[:DIGEST_SIZE]:
                found[key] = json.loads(body)
        missing = [key for key in keys if key in known and key not in found]
        if missing and self._reads_keys:
            for each in preview(self._store, self._plan, keys=missing, limit=len(missing)):
                if each.fate == "unchanged" and each.record is not None:
                    found[each.key] = each.record
        return found
