"""Prices without VAT: the product's own, or specific prices of a customer group or a customer.

One record with tiers holds all specific prices of its product for that group; a record without
tiers holds the one of its least quantity. The reference is the ids of these specific prices, or
`product/combination` for a price of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import Data, amount, data_of, plain, text
from connectors._verdicts import Waits, accepted, settled
from connectors.prestashop.writing import Articles, Writing

SPECIFIC = "specific_prices"
EVER = "0000-00-00 00:00:00"
PLACES = Decimal("0.000001")


def deliver(work: Writing, messages: Sequence[Message]) -> Iterator[Receipt]:
    """One by one; articles are looked up at once."""
    data = {each.id: data_of(each) for each in messages}
    articles = Articles(work, [text(each, "sku") for each in data.values() if each])
    for message in messages:
        put = partial(_put, work, articles, data[message.id])
        yield settled(message, partial(_delete, work) if message.op is Op.DELETE else put)


def _put(work: Writing, articles: Articles, data: Data, message: Message) -> Receipt:
    product, combination = articles.find(text(data, "sku"))
    if data.get("vat_included"):
        raise _no_place("the shop keeps prices without VAT: map them so")
    if text(data, "price_list") == work.options.base_price_list:
        _base(work, data, product, combination)
        return accepted(message, f"{product}/{combination}")
    ids = _specific(work, data, product, combination, _lines(work, message))
    return accepted(message, ",".join(ids))


def _no_place(why: str) -> Rejected:
    return Rejected("SA-5424", why)


def _delete(work: Writing, message: Message) -> Receipt:
    for id_ in _lines(work, message):
        work.service.delete(SPECIFIC, id_)
    return accepted(message)


def _lines(work: Writing, message: Message) -> list[str]:
    """The specific prices that were told before; a product's own price has none."""
    bound = work.bindings.find("price", [message.key]).get(message.key, "")
    return [] if "/" in bound else [each for each in bound.split(",") if each]


def _base(work: Writing, data: Data, product: str, combination: str) -> None:
    """The product's price; for a combination the difference from it."""
    if data.get("tiers") or data.get("customer"):
        raise _no_place("the price of a product knows no tiers and no customers")
    price = _net(data, data)
    current = work.service.get("products", product)
    if current is None:
        raise Waits("product", text(data, "sku"))
    if combination == "0":
        work.change("products", current, {"price": plain(price)})
        return
    variant = work.service.get("combinations", combination)
    if variant is None:
        raise Waits("product", text(data, "sku"))
    impact = price - Decimal(current["price"] or "0")
    work.change("combinations", variant, {"price": plain(impact)})


def _net(step: Data, data: Data) -> Decimal:
    """The price with the record's discount taken off."""
    price = amount(step, "price") or Decimal(0)
    discount = amount(data, "discount") or Decimal(0)
    return (price * (100 - discount) / 100).quantize(PLACES)


def _specific(
    work: Writing, data: Data, product: str, combination: str, ours: Sequence[str]
) -> list[str]:
    """The ids of the specific prices, after what differs was written.

    An offer for other days is somebody's own, and left alone.
    """
    customer = _customer(work, data)
    place = {
        "id_product": product,
        "id_product_attribute": combination,
        "id_group": "0" if customer != "0" else _group(work, text(data, "price_list")),
        "id_customer": customer,
    }
    wanted = _wanted(work, data, place)
    days = next(iter(wanted.values()))
    there = [
        each
        for each in work.service.find(SPECIFIC, **place)
        if each["id"] in ours
        or (
            each["id_cart"] == "0"
            and each["id_specific_price_rule"] in {"", "0"}
            and (each["from"], each["to"]) == (days["from"], days["to"])
            and (data.get("tiers") or each["from_quantity"] in wanted)
        )
    ]
    there.sort(key=lambda each: each["id"] in ours)
    left = {each["from_quantity"]: each for each in there}
    for surplus in (each for each in there if each not in left.values()):
        work.service.delete(SPECIFIC, surplus["id"])
    ids = []
    for quantity, entity in wanted.items():
        current = left.pop(quantity, None)
        if current is None:
            current = work.service.create(SPECIFIC, entity)
        else:
            work.change(SPECIFIC, current, entity)
        ids.append(str(current["id"]))
    for surplus in left.values():
        work.service.delete(SPECIFIC, surplus["id"])
    return ids


def _customer(work: Writing, data: Data) -> str:
    code = text(data, "customer")
    if not code:
        return "0"
    found = work.bindings.find("customer", [code]).get(code)
    if found is None:
        raise Waits("customer", code)
    return found


def _group(work: Writing, name: str) -> str:
    found = work.service.find("groups", name=name)
    if not found:
        raise Rejected("SA-5424", f"the shop has no customer group {name!r}")
    return str(found[0]["id"])


def _wanted(work: Writing, data: Data, place: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Least quantity → the specific price."""
    first = {"min_quantity": data.get("min_quantity") or "1", "price": data.get("price")}
    steps: Sequence[Data] = data.get("tiers") or [first]
    if all(_least(each) != "1" for each in steps) and data.get("tiers"):
        steps = [first, *steps]
    entity = {
        **place,
        "id_shop": "0",
        "id_cart": "0",
        "id_currency": work.service.id_of("currencies", "iso_code", text(data, "currency")),
        "id_country": "0",
        "reduction": "0",
        "reduction_tax": "0",
        "reduction_type": "amount",
        "from": f"{data['valid_from']} 00:00:00" if data.get("valid_from") else EVER,
        "to": f"{data['valid_to']} 23:59:59" if data.get("valid_to") else EVER,
    }
    return {
        least: {**entity, "from_quantity": least, "price": plain(_net(step, data))}
        for step in steps
        for least in (_least(step),)
    }


def _least(step: Data) -> str:
    return str(max(int(amount(step, "min_quantity") or 1), 1))
