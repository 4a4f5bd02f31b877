"""Categories, found again by their address in the store, those above before those below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agent.model import Message, Op, Receipt
from connectors._canonical import Data, category_slug, text, whole
from connectors._halving import halved
from connectors._platform.places import bound
from connectors._platform.trees import Branches, Tree
from connectors._verdicts import accepted, refused
from connectors.bigcommerce.calls import Calls, Reply
from connectors.bigcommerce.options import BigCommerceTargetOptions

PATH = "/v3/catalog/trees/categories"
AT_ONCE = 50


class Categories:
    """Delivers categories."""

    def __init__(self, options: BigCommerceTargetOptions) -> None:
        self._options = options

    def deliver(self, calls: Calls, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Level by level of the tree; new ones are looked for among what the store has."""
        tree = Tree(messages)
        yield from tree.refusals()
        keys = [message.key for message in messages]
        places = bound(calls.bindings, [*tree.codes(), *keys], "category")
        ids = {code: place.id for code, place in places.items()}
        yield from _delete([m for m in messages if m.op is Op.DELETE], ids, calls)
        ids |= self._already_there(tree.branches, ids, calls)
        for branches in tree.levels(ids):
            yield from self._send(branches, ids, calls)
        yield from tree.waiting()

    def _already_there(
        self, branches: Branches, ids: Mapping[str, int], calls: Calls
    ) -> dict[str, int]:
        """Ids of categories that the store has at the address of one that is not bound."""
        paths = {_path(data): code for code, (_, data) in branches.items() if code not in ids}
        if not paths:
            return {}
        listed = calls.pages(PATH, **{"tree_id:in": self._options.category_tree})
        there = ((str(each.get("url", {}).get("path")), each["category_id"]) for each in listed)
        return {paths[path]: int(number) for path, number in there if path in paths}

    def _send(self, branches: Branches, ids: dict[str, int], calls: Calls) -> Iterator[Receipt]:
        new = [code for code in branches if code not in ids]
        old = [code for code in branches if code in ids]

        def change(codes: Sequence[str]) -> Reply:
            return calls.put(
                PATH, [{"category_id": ids[c], **self._fields(branches[c][1], ids)} for c in codes]
            )

        for codes, reply in halved(old, AT_ONCE, change):
            for code in codes:
                if reply.status == 404:
                    del ids[code]
                    new.append(code)
                elif reply.refused:
                    yield refused(branches[code][0], reply.refusal())
                else:
                    yield accepted(branches[code][0], ids[code])
        # One by one: of several, an answer does not say which one it could not make.
        for code in new:
            message, data = branches[code]
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
