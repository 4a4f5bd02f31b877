"""Products, and the combinations below them. The reference is `product/combination`.

Behind that of a product stand its pictures. References are not unique in the shop: what is there is
looked for by the id that is remembered, then by its reference, before anything is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import Data, amount, data_of, plain, text, whole
from connectors._verdicts import accepted, settled
from connectors.prestashop import combinations, pictures
from connectors.prestashop.categories import ids_of
from connectors.prestashop.entities import Entity
from connectors.prestashop.writing import Writing, link, parts_of, several

VISIBLE = {
    "state": "1",  # without it the product is in no list of the back office
    "visibility": "both",
    "available_for_order": "1",
    "show_price": "1",
    "minimal_quantity": "1",
}


def deliver(work: Writing, messages: Sequence[Message]) -> Iterator[Receipt]:
    """Look all up at once, then write one by one: the web service takes one entity a call."""
    data = {each.id: data_of(each) for each in messages}
    skus = [text(each, "sku") for each in data.values() if each and not each.get("parent")]
    with work.service.known.making.holding(skus):
        yield from _deliver(work, messages, data, skus)


def _deliver(
    work: Writing, messages: Sequence[Message], data: Mapping[str, Data], skus: Sequence[str]
) -> Iterator[Receipt]:
    bound = work.bindings.find("product", [each.key for each in messages])
    places = [each.partition("/")[0] for each in bound.values()]
    there = {
        each["id"]: each
        for field, values in (("id", places), ("reference", skus))
        for each in work.service.find_among("products", field, values)
    }
    for message in messages:
        place = bound.get(message.key, "")
        yield settled(message, partial(_one, work, data[message.id], place, there))


def _one(
    work: Writing, data: Data, place: str, there: dict[str, dict[str, Any]], message: Message
) -> Receipt:
    if message.op is Op.DELETE:
        return _delete(work, message, place, there)
    if data.get("parent"):
        return accepted(message, combinations.put(work, data, place))
    bound, _, kept = parts_of(place)
    product = _put(work, data, bound, there)
    shown = pictures.renew(work, product, data, kept, message)
    return accepted(message, f"{product['id']}/" + (f"/{shown}" if shown else ""))


def _delete(
    work: Writing, message: Message, place: str, there: Mapping[str, dict[str, Any]]
) -> Receipt:
    """A combination goes; a product is switched off, or goes where that is wanted."""
    product, combination, _ = parts_of(place)
    if combination:
        work.service.delete("combinations", combination)
    elif product and work.options.deleted == "delete":
        work.service.delete("products", product)
    elif product in there:
        work.change("products", there[product], {"active": "0"})
    return accepted(message)


def _put(work: Writing, data: Data, bound: str, there: dict[str, Entity]) -> Entity:
    """The product as it was found or made."""
    current = there.get(bound) or _referenced(there, text(data, "sku"))
    wanted = _values(work, data)
    if current is None:
        made = work.service.create("products", _new(work, data, wanted))
        there[made["id"]] = made
        return made
    if work.options.overwrite:
        work.change("products", current, wanted)
    return current


def _referenced(there: Mapping[str, dict[str, Any]], sku: str) -> dict[str, Any] | None:
    fits = [each for each in there.values() if each["reference"] == sku]
    if len(fits) > 1:
        raise several(f"the reference {sku!r}", fits)
    return fits[0] if fits else None


def _values(work: Writing, data: Data) -> dict[str, Any]:
    """What the record says, as fields; what it does not name is left alone."""
    values: dict[str, Any] = {"reference": text(data, "sku")}
    for ours in ("name", "description"):
        if ours in data:
            values[ours] = work.translated(text(data, ours))
    if "ean" in data:
        values["ean13"] = text(data, "ean")
    if (weight := amount(data, "weight")) is not None:
        values["weight"] = plain(weight)
    if data.get("active") is not None:
        values["active"] = "1" if data["active"] else "0"
    if (least := whole(data, "min_quantity")) is not None:
        values["minimal_quantity"] = str(max(least, 1))
    if tax := _tax_rules(work, data):
        values["id_tax_rules_group"] = tax
    codes = [each for each in (data.get("category"), *(data.get("categories") or ())) if each]
    if codes:
        ids = ids_of(work, list(dict.fromkeys(codes)))
        values["id_category_default"] = ids[0]
        values["associations"] = {"categories": [{"id": each} for each in ids]}
    return values


def _tax_rules(work: Writing, data: Data) -> str:
    rules = work.options.tax_rules
    code = text(data, "vat_code") or text(data, "vat_rate")
    if not rules or not code:
        return ""
    for spelling in (code, text(data, "vat_rate"), code.rstrip("0").rstrip(".")):
        if spelling in rules:
            return str(rules[spelling])
    raise Rejected("SA-5424", f"no tax rules are named for the VAT {code!r}: add it to tax_rules")


def _new(work: Writing, data: Data, wanted: Mapping[str, Any]) -> dict[str, Any]:
    home = str(work.options.root_category)
    name = text(data, "name")
    return {
        "price": "0",
        "id_category_default": home,
        **VISIBLE,
        "link_rewrite": work.everywhere(link(name)),
        "associations": {"categories": [{"id": home}]},
        **wanted,
        **{each: work.everywhere(text(data, each)) for each in ("name", "description")},
    }
