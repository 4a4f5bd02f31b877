"""Categories below the one that the options name as root."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from agent.model import Message, Op, Receipt
from connectors._canonical import data_of, text
from connectors._verdicts import Waits, accepted, settled
from connectors.prestashop.writing import Writing, link, several


def deliver(work: Writing, messages: Sequence[Message]) -> Iterator[Receipt]:
    """One by one: a category may be the parent of the next one."""
    made: dict[str, str] = {}
    for message in messages:
        yield settled(message, partial(_deliver, work, made))


def _deliver(work: Writing, made: dict[str, str], message: Message) -> Receipt:
    bound = work.bindings.find("category", [message.key]).get(message.key, "")
    current = work.service.get("categories", bound) if bound else None
    if message.op is Op.DELETE:
        # Its products would lose their place: it is switched off, not deleted.
        if current is not None:
            work.change("categories", current, {"active": "0"})
        return accepted(message)
    data = data_of(message)
    above = text(data, "parent")
    parent = str(work.options.root_category)
    if above:
        parent = made.get(above) or ids_of(work, [above])[0]
    name = text(data, "name")
    if current is None:
        current = _named(work, name, parent)
    wanted: dict[str, Any] = {"name": work.translated(name), "id_parent": parent}
    if data.get("active") is not None:
        wanted["active"] = "1" if data["active"] else "0"
    if data.get("position") is not None:
        wanted["position"] = str(data["position"])
    if current is None:
        address = {"link_rewrite": work.everywhere(link(name))}
        new = {"active": "1", **wanted, "name": work.everywhere(name), **address}
        current = work.service.create("categories", new)
    elif work.options.overwrite:
        work.change("categories", current, wanted)
    made[message.key] = str(current["id"])
    return accepted(message, current["id"])


def _named(work: Writing, name: str, parent: str) -> dict[str, Any] | None:
    found = work.service.find("categories", id_parent=parent, name=name)
    if len(found) > 1:
        raise several(f"category {name!r}", found)
    return found[0] if found else None


def ids_of(work: Writing, codes: Sequence[str]) -> list[str]:
    """The ids of categories. Raises `Waits` for one that is not there yet."""
    bound = work.bindings.find("category", codes)
    for code in codes:
        if code not in bound:
            raise Waits("category", code)
    return [bound[code] for code in codes]
