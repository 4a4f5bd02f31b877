"""Categories, found again by their address in the shop, those above before those below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import Data, category_slug, text, whole
from connectors._platform.trees import Tree
from connectors._verdicts import accepted, refused
from connectors.magento.calls import Calls, Item
from connectors.magento.options import MagentoTargetOptions


class Categories:
    """Delivers categories."""

    def __init__(self, options: MagentoTargetOptions) -> None:
        self._options = options

    def deliver(self, calls: Calls, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Level by level of the tree."""
        tree = Tree(messages)
        yield from tree.refusals()
        keys = [message.key for message in messages]
        ids = dict(calls.bindings.find("category", list(dict.fromkeys([*tree.codes(), *keys]))))
        for message in messages:
            if message.op is Op.DELETE:
                yield _hidden(message, ids.get(message.key), calls)
        for branches in tree.levels(ids):
            for code, (message, data) in branches.items():
                try:
                    ids[code] = self._put(data, ids.get(code), ids, calls)
                    yield accepted(message, ids[code])
                except Rejected as refusal:
                    yield refused(message, refusal)
        yield from tree.waiting()

    def _put(self, data: Data, bound: str | None, ids: dict[str, str], calls: Calls) -> str:
        """Change it where it is, else make it; its id."""
        above = text(data, "parent")
        parent = int(ids[above]) if above else self._options.root_category
        there = _there(data, bound, calls)
        if there is None:
            slug = {"attribute_code": "url_key", "value": category_slug(data)}
            new = {"include_in_menu": True, **_fields(data), "custom_attributes": [slug]}
            made = calls.post("categories", {"category": {"parent_id": parent, **new}})
            return str(made.require()["id"])
        path = f"categories/{there['id']}"
        if int(there.get("parent_id") or 0) != parent:
            calls.put(f"{path}/move", {"parentId": parent}).require()
        calls.put(path, {"category": _fields(data)}).require()
        return str(there["id"])


def _there(data: Data, bound: str | None, calls: Calls) -> Item | None:
    """The category as the shop has it: by our receipt, else by its address."""
    if bound is not None:
        reply = calls.get(f"categories/{bound}")
        if reply.status != 404:
            found: Item = reply.require()
            return found
    listed = calls.search("categories/list", ("url_key", "eq", category_slug(data)))
    return next(listed, None)


def _fields(data: Data) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "name": text(data, "name"),
        "is_active": data.get("active") is not False,
    }
    if data.get("position") is not None:
        fields["position"] = whole(data, "position")
    return fields


def _hidden(message: Message, number: str | None, calls: Calls) -> Receipt:
    """Hidden, never deleted: Magento deletes everything below along with it."""
    if number is None:
        return accepted(message)
    reply = calls.put(f"categories/{number}", {"category": {"is_active": False}})
    if reply.refused and reply.status != 404:
        return refused(message, reply.refusal())
    return accepted(message, number)
