"""Categories, found again by their address in the shop, those above before those below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from agent.contract import Bindings
from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import Data, category_slug, data_of, number, text, whole
from connectors._verdicts import accepted, refused, waiting
from connectors.magento.calls import Calls, Item
from connectors.magento.options import MagentoTargetOptions

Works = dict[str, tuple[Message, Data]]


class Categories:
    """Delivers categories."""

    def __init__(self, options: MagentoTargetOptions) -> None:
        self._options = options

    def deliver(
        self, messages: Sequence[Message], calls: Calls, bindings: Bindings
    ) -> Iterator[Receipt]:
        """Level by level of the tree."""
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
        wanted = dict.fromkeys([*codes, *(message.key for message in messages)])
        ids = dict(bindings.find("category", [code for code in wanted if code]))
        for message in messages:
            if message.op is Op.DELETE:
                yield _hidden(message, ids.get(message.key), calls)
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
            for code, (message, data) in ready.items():
                try:
                    ids[code] = self._put(data, ids.get(code), ids, calls)
                    yield accepted(message, ids[code])
                except Rejected as refusal:
                    yield refused(message, refusal)
        for message, data in works.values():
            yield waiting(message, "category", text(data, "parent"))

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
