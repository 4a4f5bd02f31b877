"""Categories, found again by their address in the store, those above before those below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from agent.contract import Bindings
from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import Data, category_slug, data_of, number, text, whole
from connectors._verdicts import accepted, refused, waiting
from connectors.bigcommerce.calls import Calls, Reply
from connectors.bigcommerce.halving import halved
from connectors.bigcommerce.options import BigCommerceTargetOptions
from connectors.bigcommerce.places import bound

PATH = "/v3/catalog/trees/categories"
AT_ONCE = 50

Works = dict[str, tuple[Message, Data]]


class Categories:
    """Delivers categories."""

    def __init__(self, options: BigCommerceTargetOptions) -> None:
        self._options = options

    def deliver(
        self, messages: Sequence[Message], calls: Calls, bindings: Bindings
    ) -> Iterator[Receipt]:
        """Level by level of the tree; new ones are looked for among what the store has."""
        works: Works = {}
        for message in messages:
            if message.op is Op.UPSERT:
                data: Data = data_of(message)
                try:
                    number(data, "position")
                except Rejected as refusal:
                    yield refused(message, refusal)
                    continue
                works[text(data, "code")] = (message, data)
        codes = [*works, *(text(data, "parent") for _, data in works.values())]
        places = bound(bindings, [*codes, *(message.key for message in messages)], "category")
        ids = {code: place.product for code, place in places.items()}
        yield from _delete([m for m in messages if m.op is Op.DELETE], ids, calls)
        unknown = {_path(data): code for code, (_, data) in works.items() if code not in ids}
        if unknown:
            for each in calls.pages(PATH, **{"tree_id:in": self._options.category_tree}):
                if code := unknown.get(str(each.get("url", {}).get("path"))):
                    ids[code] = int(each["category_id"])
        while works:
            above = {code: text(data, "parent") for code, (_, data) in works.items()}
            ready = {
                code: work
                for code, work in works.items()
                if not above[code] or (above[code] in ids and above[code] not in works)
            }
            if not ready:
                break
            works = {code: work for code, work in works.items() if code not in ready}
            yield from self._send(ready, ids, calls)
        for message, data in works.values():
            yield waiting(message, "category", text(data, "parent"))

    def _send(self, works: Works, ids: dict[str, int], calls: Calls) -> Iterator[Receipt]:
        new = [code for code in works if code not in ids]
        old = [code for code in works if code in ids]

        def change(codes: Sequence[str]) -> Reply:
            return calls.put(
                PATH, [{"category_id": ids[c], **self._fields(works[c][1], ids)} for c in codes]
            )

        for codes, reply in halved(old, AT_ONCE, change):
            for code in codes:
                if reply.status == 404:
                    del ids[code]
                    new.append(code)
                elif reply.refused:
                    yield refused(works[code][0], reply.refusal())
                else:
                    yield accepted(works[code][0], ids[code])
        # One by one: of several, an answer does not say which one it could not make.
        for code in new:
            message, data = works[code]
            reply = calls.post(PATH, [self._new(data, ids)])
            if reply.refused:
                yield refused(message, reply.refusal())
            else:
                ids[code] = int(reply.data[0]["category_id"])
                yield accepted(message, ids[code])

    def _new(self, data: Data, ids: dict[str, int]) -> dict[str, Any]:
        address = {"path": _path(data), "is_customized": True}
        tree = {"tree_id": self._options.category_tree}
        return {**tree, **self._fields(data, ids), "url": address}

    def _fields(self, data: Data, ids: dict[str, int]) -> dict[str, Any]:
        above = text(data, "parent")
        fields: dict[str, Any] = {
            "name": text(data, "name"),
            "parent_id": ids[above] if above else 0,
            "is_visible": data.get("active") is not False,
        }
        if data.get("position") is not None:
            fields["sort_order"] = whole(data, "position")
        return fields


def _path(data: Data) -> str:
    return f"/{category_slug(data)}/"


def _delete(messages: list[Message], ids: dict[str, int], calls: Calls) -> Iterator[Receipt]:
    for message in messages:
        if message.key not in ids:
            yield accepted(message)
            continue
        reply = calls.delete(PATH, **{"category_id:in": ids[message.key]})
        if reply.refused and reply.status != 404:
            yield refused(message, reply.refusal())
        else:
            yield accepted(message)
