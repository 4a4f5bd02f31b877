"""Categories, found again by their slug, those above before those below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agent.model import Message, Op, Receipt
from connectors._canonical import Data, category_slug, text, whole
from connectors._platform.places import bound
from connectors._platform.trees import Branches, Tree
from connectors._verdicts import accepted, refused
from connectors.woocommerce.calls import Calls, Outcome

PATH = "products/categories"
GONE = "woocommerce_rest_term_invalid"


class Categories:
    """Delivers categories."""

    def deliver(self, calls: Calls, messages: Sequence[Message]) -> Iterator[Receipt]:
        """One call a level of the tree; one more where the shop has to be asked what it has."""
        tree = Tree(messages)
        yield from tree.refusals()
        keys = [message.key for message in messages]
        places = bound(calls.bindings, [*tree.codes(), *keys], "category")
        ids = {code: place.id for code, place in places.items()}
        yield from self._delete([m for m in messages if m.op is Op.DELETE], ids, calls)
        ids |= self._already_there(tree.branches, ids, calls)
        for branches in tree.levels(ids):
            yield from self._send(branches, ids, calls)
        yield from tree.waiting()

    def _already_there(
        self, branches: Branches, ids: Mapping[str, int], calls: Calls
    ) -> dict[str, int]:
        """Ids of categories that the shop has under the slug of one that is not bound."""
        slugs = {
            category_slug(data): code for code, (_, data) in branches.items() if code not in ids
        }
        if not slugs:
            return {}
        listed = calls.pages(PATH, _fields="id,slug", orderby="id")
        return {slugs[each["slug"]]: int(each["id"]) for each in listed if each["slug"] in slugs}

    def _send(self, branches: Branches, ids: dict[str, int], calls: Calls) -> Iterator[Receipt]:
        stale: Branches = {}
        creates = {code: work for code, work in branches.items() if code not in ids}
        updates = {code: work for code, work in branches.items() if code in ids}
        outcomes = calls.batch(
            PATH,
            create=[
                _fields(data, ids) | {"slug": category_slug(data)} for _, data in creates.values()
            ],
            update=[_fields(data, ids) | {"id": ids[code]} for code, (_, data) in updates.items()],
        )
        for (code, (message, _)), outcome in zip(creates.items(), outcomes.created, strict=True):
            if outcome.code and not outcome.resource:
                yield refused(message, outcome.refusal())
            else:
                ids[code] = outcome.resource or outcome.id
                yield accepted(message, ids[code])
        for (code, work), outcome in zip(updates.items(), outcomes.updated, strict=True):
            if outcome.code == GONE:
                del ids[code]
                stale[code] = work
            elif outcome.code:
                yield refused(work[0], outcome.refusal())
            else:
                yield accepted(work[0], ids[code])
        if stale:
            yield from self._send(stale, ids, calls)

    def _delete(
        self, messages: list[Message], ids: Mapping[str, int], calls: Calls
    ) -> Iterator[Receipt]:
        there = [message for message in messages if message.key in ids]
        outcomes = calls.batch(PATH, delete=[ids[message.key] for message in there]).deleted
        for message, outcome in zip(there, outcomes, strict=True):
            yield _deleted(message, outcome, ids)
        for message in messages:
            if message.key not in ids:
                yield accepted(message)


def _deleted(message: Message, outcome: Outcome, ids: Mapping[str, int]) -> Receipt:
    if outcome.code and outcome.code != GONE:
        return refused(message, outcome.refusal())
    return accepted(message, ids[message.key])


def _fields(data: Data, ids: Mapping[str, int]) -> dict[str, Any]:
    above = text(data, "parent")
    fields: dict[str, Any] = {"name": text(data, "name"), "parent": ids[above] if above else 0}
    if data.get("position") is not None:
        fields["menu_order"] = whole(data, "position")
    return fields
