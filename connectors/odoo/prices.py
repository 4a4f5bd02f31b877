"""Prices: the product's own sales price, or the lines of a price list.

One record with tiers holds all lines of its product in that list; a record without tiers holds the
one line of its least quantity. The reference of a price is the ids of its lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from agent.errors import Rejected
from agent.model import Json, Message, Op, Receipt
from connectors._canonical import amount, data_of
from connectors._verdicts import Waits, accepted, refused, waiting
from connectors.odoo.articles import Articles
from connectors.odoo.writing import Writing, changes, halving, id_in

ITEM, TEMPLATE = "product.pricelist.item", "product.template"
PLACE = ["pricelist_id", "product_id", "product_tmpl_id"]
DAYS = ["date_start", "date_end"]
FIELDS = [*PLACE, *DAYS, "min_quantity", "fixed_price"]


@dataclass
class Price:
    """A message and the lines of the list that it stands for."""

    message: Message
    wanted: list[dict[str, Json]]
    whole: bool
    """All lines of the product are its own; else the one with its least quantity."""
    ours: frozenset[int]
    """Ids of the lines that were told before."""
    ids: list[int] = field(default_factory=list)

    def owns(self, line: Mapping[str, Any]) -> bool:
        """Whether this line of the list is one of ours: an offer for other days is somebody's."""
        first = self.wanted[0]
        if line["id"] in self.ours:
            return True
        if any(id_in(line[name]) != (first[name] or 0) for name in PLACE):
            return False
        if any(line[name] != first[name] for name in DAYS):
            return False
        return self.whole or float(line["min_quantity"]) == first["min_quantity"]


def deliver(work: Writing, messages: Sequence[Message]) -> Iterator[Receipt]:
    """Lines that are missing are made in one call, what is too much goes in one call."""
    yield from _delete(work, [each for each in messages if each.op is Op.DELETE])
    upserts = [(each, data_of(each)) for each in messages if each.op is not Op.DELETE]
    if not upserts:
        return
    articles = Articles(work, [record["sku"] for _, record in upserts])
    bound = work.bindings.find("price", [message.key for message, _ in upserts])
    prices: list[Price] = []
    for message, record in upserts:
        try:
            if record["price_list"] == work.options.base_price_list:
                yield _base(work, articles, message, record)
            else:
                ours = _lines(bound.get(message.key, ""))
                prices.append(_price(work, articles, message, record, ours))
        except Waits as waits:
            yield waiting(message, waits.entity, waits.key)
        except Rejected as why:
            yield refused(message, why)
    for price, result in halving(prices, lambda part: _write(work, part)):
        if isinstance(result, Rejected):
            yield refused(price.message, result)
        else:
            yield accepted(price.message, ",".join(map(str, price.ids)))


def _delete(work: Writing, messages: Sequence[Message]) -> Iterator[Receipt]:
    bound = work.bindings.find("price", [each.key for each in messages]) if messages else {}
    for message in messages:
        ids = sorted(_lines(bound.get(message.key, "")))
        try:
            there = work.search(ITEM, [["id", "in", ids]], ["id"]) if ids else []
            if there:
                work.call(ITEM, "unlink", ids=[each["id"] for each in there])
            yield accepted(message)
        except Rejected as why:
            yield refused(message, why)


def _lines(reference: str) -> frozenset[int]:
    """The lines in a reference; a sales price has none."""
    lines = [] if "/" in reference else reference.split(",")
    return frozenset(int(each) for each in lines if each)


def _base(
    work: Writing, articles: Articles, message: Message, record: Mapping[str, Json]
) -> Receipt:
    if record.get("tiers") or record.get("customer"):
        raise Rejected("SA-5386", "the sales price of a product knows no tiers and no customers")
    template, variant = articles.find(record["sku"])
    _require_currency(work, TEMPLATE, template, record)
    (now,) = work.search(TEMPLATE, [["id", "=", template]], ["list_price"])
    price = {"list_price": net(record, record)}
    if different := changes(now, price, work.fields(TEMPLATE)):
        sisters = work.search("product.product", [["product_tmpl_id", "=", template]], ["id"])
        if variant and len(sisters) > 1:
            raise Rejected(
                "SA-5386",
                "Odoo has one sales price for all variants of a product",
                hint="send the price of the product above, and those of variants in a price list",
            )
        work.write(TEMPLATE, [template], different)
    return accepted(message, f"{template}/")


def _price(
    work: Writing,
    articles: Articles,
    message: Message,
    record: Mapping[str, Json],
    ours: frozenset[int],
) -> Price:
    if record.get("customer"):
        raise Rejected("SA-5386", "Odoo has a price for one customer only in a price list of hers")
    listed = work.id_of("product.pricelist", "name", record["price_list"])
    _require_currency(work, "product.pricelist", listed, record)
    tiers = record.get("tiers")
    steps = tiers or [{"min_quantity": record.get("min_quantity") or "0", "price": record["price"]}]
    if tiers and not any((amount(each, "min_quantity") or 0) <= 1 for each in tiers):
        steps = [{"min_quantity": "0", "price": record["price"]}, *tiers]
    template, variant = articles.find(record["sku"])
    days = {
        "date_start": f"{record['valid_from']} 00:00:00" if record.get("valid_from") else False,
        "date_end": f"{record['valid_to']} 23:59:59" if record.get("valid_to") else False,
    }
    wanted = [
        {
            "pricelist_id": listed,
            "applied_on": "0_product_variant" if variant else "1_product",
            "product_id": variant or False,
            "product_tmpl_id": template,
            "compute_price": "fixed",
            "min_quantity": float(amount(step, "min_quantity") or 0),
            "fixed_price": net(step, record),
            **days,
        }
        for step in steps
    ]
    return Price(message, wanted, whole=bool(tiers), ours=ours)


def net(step: Mapping[str, Json], record: Mapping[str, Json]) -> float:
    """The price with the record's discount taken off, as Odoo keeps it: a binary fraction."""
    price = amount(step, "price") or Decimal(0)
    discount = amount(record, "discount") or Decimal(0)
    return float(price * (100 - discount) / 100)


def _require_currency(work: Writing, model: str, id_: int, record: Mapping[str, Json]) -> None:
    place = (model, "currency", str(id_) if model == "product.pricelist" else "")
    if place not in work.known.named:
        (found,) = work.search(model, [["id", "=", id_]], ["currency_id"])
        work.known.named[place] = id_in(found["currency_id"])
    if work.known.named[place] != work.id_of("res.currency", "name", record["currency"]):
        raise Rejected(
            "SA-5386", f"{record['price_list']!r} is kept in another currency than the price"
        )


def _write(work: Writing, prices: Sequence[Price]) -> list[None]:
    """Bring the lines of these prices to what they should be."""
    there = work.search(
        ITEM,
        [
            ["product_tmpl_id", "in", [each.wanted[0]["product_tmpl_id"] for each in prices]],
            ["pricelist_id", "in", [each.wanted[0]["pricelist_id"] for each in prices]],
        ],
        FIELDS,
    )
    missing: list[tuple[Price, dict[str, Json]]] = []
    surplus: list[int] = []
    for price in prices:
        owned = sorted(filter(price.owns, there), key=lambda each: each["id"] in price.ours)
        left = {float(each["min_quantity"]): each for each in owned}
        surplus += [each["id"] for each in owned if each not in left.values()]
        price.ids = []
        for wanted in price.wanted:
            line = left.pop(wanted["min_quantity"], None)
            if line is None:
                missing.append((price, wanted))
                continue
            price.ids.append(line["id"])
            compared = {name: wanted[name] for name in ("fixed_price", *DAYS)}
            if different := changes(line, compared, work.fields(ITEM)):
                work.write(ITEM, [line["id"]], different)
        surplus += [each["id"] for each in left.values()]
    if missing:
        made = work.create(ITEM, [wanted for _, wanted in missing])
        for (price, _), id_ in zip(missing, made, strict=True):
            price.ids.append(id_)
    if surplus:
        work.call(ITEM, "unlink", ids=surplus)
    return [None] * len(prices)
