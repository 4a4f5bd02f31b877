"""Categories: of the website's shop, or of the products themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from agent.model import Json, Message, Op, Receipt
from connectors._canonical import data_of
from connectors._verdicts import Waits, accepted, settled
from connectors.odoo.writing import Writing, changes, id_in, several

MODELS = {"website": "product.public.category", "internal": "product.category"}


def deliver(work: Writing, messages: Sequence[Message]) -> Iterator[Receipt]:
    """One by one: a category may be the parent of the next one."""
    known: dict[str, int] = {}
    for message in messages:
        yield settled(message, partial(_deliver, work, known))


def _deliver(work: Writing, known: dict[str, int], message: Message) -> Receipt:
    model = MODELS.get(work.options.categories)
    if model is None:
        return accepted(message)
    bound = work.bindings.find("category", [message.key]).get(message.key)
    if message.op is Op.DELETE:
        if bound and work.search(model, [["id", "=", int(bound)]], ["id"]):
            work.call(model, "unlink", ids=[int(bound)])
        return accepted(message)
    record = data_of(message)
    wanted = _values(work, model, record, known)
    found = _found(work, model, wanted, bound)
    if found is None:
        (made,) = work.create(model, [wanted])
        known[message.key] = made
        return accepted(message, made)
    known[message.key] = int(found["id"])
    different = changes(found, wanted, work.fields(model)) if work.options.overwrite else {}
    if different:
        work.write(model, [int(found["id"])], different)
    return accepted(message, found["id"])


def _values(
    work: Writing, model: str, record: Mapping[str, Json], known: Mapping[str, int]
) -> dict[str, Json]:
    values: dict[str, Json] = {"name": record["name"], "parent_id": False}
    if parent := record.get("parent"):
        values["parent_id"] = known.get(parent) or ids_of(work, [parent])[0]
    if record.get("position") is not None and "sequence" in work.fields(model):
        values["sequence"] = record["position"]
    return values


def _found(
    work: Writing, model: str, wanted: Mapping[str, Json], bound: str | None
) -> Mapping[str, Json] | None:
    """The category that we made, else one of that name at that place."""
    place = [["name", "=", wanted["name"]], ["parent_id", "=", wanted["parent_id"]]]
    domain = ["|", ["id", "=", int(bound)], "&", *place] if bound else place
    found = work.search(model, domain, list(wanted))
    ours = [each for each in found if bound and each["id"] == int(bound)]
    if ours:
        return ours[0]
    named = [each for each in found if id_in(each["parent_id"]) == (wanted["parent_id"] or 0)]
    if len(named) > 1:
        raise several(f"category {wanted['name']!r}", named)
    return named[0] if named else None


def ids_of(work: Writing, codes: Sequence[str]) -> list[int]:
    """The ids of categories. Raises `Waits` for one that is not there yet."""
    bound = work.bindings.find("category", codes)
    for code in codes:
        if code not in bound:
            raise Waits("category", code)
    return [int(bound[code]) for code in codes]
