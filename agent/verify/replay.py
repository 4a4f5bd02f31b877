"""Send again what was delivered since a moment: the other side was restored from a backup."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from agent.clock import utc_text
from agent.detect import record_mark
from agent.errors import Rejected
from agent.intake import FlowPlan
from agent.model import Change, Op
from agent.store import NOT_KNOWN, LastSent, Store

AT_ONCE = 1_000


class Replayed(NamedTuple):
    """`sent`: messages made anew. `read`: keys of which no body is kept; the job reads them."""

    sent: int
    read: int
    under_way: int
    """Keys of which something newer is on its way already."""
    job: int


def replay(
    store: Store, plan: FlowPlan, since: int, request: Callable[[Sequence[str]], int]
) -> Replayed:
    """Of each key that was delivered since then the newest state, as a message of a higher version.

    Each is in doubt from its birth, so that a target where a second write would be a second record
    asks first: of an order that survived there is no second one. The other side's ids of records
    that were new since then are forgotten: the backup does not know them.

    Raises `Rejected` SA-7404 where our own history does not reach back so far, SA-7405 for a flow
    that is one of a pair.
    """
    if plan.pair is not None:
        raise Rejected(
            "SA-7405",
            f'"{plan.name}" carries records that both sides change: old states are not sent again',
            hint=f"syncagent verify {plan.name} --repair",
        )
    _require_history(store, plan, since)
    sent, moving, unread = 0, 0, list[str]()
    for batch in _batches(store.history.delivered(plan.ledger, since)):
        with store.transaction():
            busy = store.history.open_keys(plan.ledger, [each.key for each in batch])
            free = [each for each in batch if each.key not in busy]
            new = [each.key for each in free if each.new]
            store.bindings.unbind(plan.target, plan.entity, new)
            changes = [_again(each, each.body or b"") for each in free if _is_kept(each)]
            sent += store.messages.append(
                plan.ledger, plan.target, 0, plan.lane, changes, held=False, coalesce=plan.coalesce
            )
        moving += len(busy)
        unread += [each.key for each in free if not _is_kept(each)]
    return Replayed(sent, len(unread), moving, request(unread) if unread else 0)


def _is_kept(found: LastSent) -> bool:
    return found.op is Op.DELETE or bool(found.body)


def _again(found: LastSent, body: bytes) -> Change:
    digest = record_mark(body) if found.op is Op.UPSERT else b""
    return Change(found.op, found.entity, found.key, body, digest, NOT_KNOWN)


def _require_history(store: Store, plan: FlowPlan, since: int) -> None:
    """Where nothing older is kept, something younger may be gone too: unless all keys are there."""
    if store.history.reaches(since):
        return
    kept = {each.key for each in store.history.delivered(plan.ledger, since)}
    if all(key in kept for key, _ in store.known.records(plan.ledger)):
        return
    raise Rejected(
        "SA-7404",
        f"what was delivered since {utc_text(since)} is not all kept any more",
        hint=f"syncagent verify {plan.name} --repair finds what is missing there; or send "
        f"everything: syncagent resync {plan.name} --all",
    )


def _batches(found: Iterator[LastSent]) -> Iterator[list[LastSent]]:
    while batch := list(islice(found, AT_ONCE)):
        yield batch
