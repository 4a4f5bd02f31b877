"""Prices: of the variant itself, and fixed and by quantity in price lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from agent.errors import Rejected
from agent.model import Json, Message, Op, Receipt
from connectors._canonical import amount, data_of, plain, whole
from connectors._verdicts import refused, waiting
from connectors.shopify.admin import Outcome
from connectors.shopify.delivery import Delivery, accepted, not_taken, read_all
from connectors.shopify.documents import PRICE_BREAKS, QUANTITY_PRICES, VARIANTS_UPDATE
from connectors.shopify.finding import Ambiguous, Known, variants_of
from connectors.shopify.marks import gid, number

PRICES_A_CALL = 100
BASE = "base"
"""Stands for the price of the variant where a price list's number is expected."""


class Price(NamedTuple):
    """A price record with its variant, and the price list, "" for the variant's own price."""

    message: Message
    record: Json
    variant: Known
    price_list: str


def deliver_prices(delivery: Delivery, messages: Sequence[Message]) -> Iterator[Receipt]:
    """Set and remove prices."""
    yield from _remove(delivery, [m for m in messages if m.op is Op.DELETE])
    changed = [m for m in messages if m.op is not Op.DELETE]
    if not changed:
        return
    records, wrong = read_all(changed, _checked)
    yield from wrong
    variants = variants_of(delivery, [record["sku"] for _, record in records])
    lists = _Lists(delivery, [record for _, record in records])
    prices: list[Price] = []
    for message, record in records:
        variant = variants.get(record["sku"])
        if variant is None:
            yield waiting(message, "product", record["sku"])
        elif isinstance(variant, Ambiguous):
            yield refused(message, Rejected("SA-5445", variant.reason))
        elif reason := lists.objection(record):
            yield refused(message, Rejected("SA-5447", reason))
        else:
            prices.append(Price(message, record, variant, lists.list_of(record)))
    yield from _set_base(delivery, [each for each in prices if not each.price_list])
    listed_prices = [each for each in prices if each.price_list]
    listed_prices.sort(key=lambda each: each.price_list)
    for price_list, group in groupby(listed_prices, key=lambda each: each.price_list):
        members = list(group)
        for start in range(0, len(members), PRICES_A_CALL):
            yield from _set_listed(delivery, price_list, members[start : start + PRICES_A_CALL])


def _checked(message: Message) -> tuple[Message, Json]:
    """The record, with amounts that are amounts: Shopify's own checks come late, if at all."""
    record = data_of(message)
    record["price"] = _amount(record, "price")
    record["tiers"] = (
        [
            {"least": whole(tier, "min_quantity"), "price": _amount(tier, "price")}
            for tier in record.get("tiers") or ()
        ]
        if record.get("tiers") is not None
        else None
    )
    record["least"] = whole(record, "min_quantity") or 1
    attributes = record.get("attributes") or {}
    if attributes.get("compare_at_price") is not None:
        attributes["compare_at_price"] = _amount(attributes, "compare_at_price")
    return message, record


def _amount(record: Json, name: str) -> str:
    value = amount(record, name)
    if value is None:
        raise Rejected("SA-5401", f'field "{name}" is empty')
    return plain(value)


class _Lists:
    """Where prices belong: to the variants or to a price list, each in its currency."""

    def __init__(self, delivery: Delivery, records: Iterable[Json]) -> None:
        self._options = delivery.options
        self._shop = delivery.facts.currency(delivery.session)
        names = {self._name(each) for each in records if not self._is_base(each)}
        self._lists = delivery.facts.price_lists(delivery.session, names)

    def list_of(self, record: Json) -> str:
        """Id of the record's price list; "" for the price of the variant."""
        return "" if self._is_base(record) else str(self._lists[self._name(record)]["id"])

    def objection(self, record: Json) -> str:
        """Why the price has no place in the shop; "" where it has one."""
        if record.get("customer"):
            return "customer: a price of one customer needs a price list of that company's own"
        currency = self._shop
        if self._is_base(record):
            if record["least"] > 1 or any(tier["least"] > 1 for tier in _tiers(record)):
                return "tiers: a variant has one price; only price lists have prices by quantity"
        else:
            name = self._name(record)
            if name not in self._lists:
                return f"price_list: the shop has no price list {name!r}"
            currency = self._lists[name]["currency"]
        if record["currency"] != currency:
            return f"currency: {record['currency']}, and prices there are in {currency}"
        return ""

    def _is_base(self, record: Json) -> bool:
        return bool(record["price_list"] == self._options.base_price_list)

    def _name(self, record: Json) -> str:
        code = str(record["price_list"])
        return self._options.price_lists.get(code, code)


def _tiers(record: Json) -> list[Json]:
    return record.get("tiers") or []


def _compare_at(record: Json) -> Json:
    return (record.get("attributes") or {}).get("compare_at_price")


def _set_base(delivery: Delivery, prices: list[Price]) -> Iterator[Receipt]:
    prices = sorted(prices, key=lambda each: each.variant.product)
    parts = []
    for _, group in groupby(prices, key=lambda each: each.variant.product):
        members = list(group)
        parts += [members[i : i + PRICES_A_CALL] for i in range(0, len(members), PRICES_A_CALL)]
    calls = [
        VARIANTS_UPDATE(
            productId=gid("Product", part[0].variant.product),
            variants=[_base(each) for each in part],
            allowPartialUpdates=True,
        )
        for part in parts
    ]
    for part, outcome in zip(parts, delivery.session.each(calls), strict=True):
        guilty = _guilty(outcome, ["variants"])
        for place, each in enumerate(part):
            if not outcome.fine and (place in guilty or not guilty):
                yield not_taken(each.message, outcome)
            else:
                yield accepted(each.message, BASE, each.variant.product, each.variant.variant)


def _base(price: Price) -> dict[str, Json]:
    fields = {"id": gid("ProductVariant", price.variant.variant), "price": price.record["price"]}
    if "compare_at_price" in (price.record.get("attributes") or {}):
        fields["compareAtPrice"] = _compare_at(price.record)
    return fields


def _set_listed(delivery: Delivery, price_list: str, part: list[Price]) -> Iterator[Receipt]:
    """All or none are set by a call: those at fault are refused, and the rest sent again."""
    while part:
        outcome = delivery.session.one(
            QUANTITY_PRICES(priceListId=price_list, input=_quantity_prices(part))
        )
        if outcome.fine:
            for each in part:
                numbers = (number(price_list), each.variant.variant, str(each.record["least"]))
                yield accepted(each.message, *numbers)
            return
        guilty = _of_variants(outcome, part) or set(range(len(part)))
        for place in guilty:
            yield not_taken(part[place].message, outcome)
        part = [each for place, each in enumerate(part) if place not in guilty]


def _quantity_prices(part: Sequence[Price]) -> dict[str, Json]:
    """A record with `tiers` says them all; one with `min_quantity` is a tier among others."""
    fixed, breaks, replaced = [], [], []
    for each in part:
        variant, record = gid("ProductVariant", each.variant.variant), each.record
        if record["least"] > 1:
            breaks.append(_break(variant, record["least"], record["price"], record["currency"]))
            continue
        price = {"variantId": variant, "price": _money(record["price"], record["currency"])}
        if compare_at := _compare_at(record):
            price["compareAtPrice"] = _money(compare_at, record["currency"])
        fixed.append(price)
        if record.get("tiers") is not None:
            replaced.append(variant)
            for tier in _tiers(record):
                if tier["least"] > 1:
                    price_then = (tier["least"], tier["price"], record["currency"])
                    breaks.append(_break(variant, *price_then))
    return {
        "pricesToAdd": fixed,
        "pricesToDeleteByVariantId": [],
        "quantityPriceBreaksToAdd": breaks,
        "quantityPriceBreaksToDelete": [],
        "quantityPriceBreaksToDeleteByVariantId": replaced,
        "quantityRulesToAdd": [],
        "quantityRulesToDeleteByVariantId": [],
    }


def _break(variant: str, least: int, price: str, currency: str) -> dict[str, Json]:
    return {"variantId": variant, "minimumQuantity": least, "price": _money(price, currency)}


def _money(amount: str, currency: str) -> dict[str, str]:
    return {"amount": amount, "currencyCode": currency}


def _guilty(outcome: Outcome, path: list[str]) -> set[int]:
    """Places in the list at this path that Shopify names as the cause."""
    depth = len(path)
    return {
        int(error.field[depth])
        for error in outcome.errors
        if error.field and len(error.field) > depth and error.field[:depth] == path
    }


def _of_variants(outcome: Outcome, part: Sequence[Price]) -> set[int]:
    """Places of the records from which the prices at fault were made."""
    sent = outcome.call.arguments["input"]
    variants = {
        sent[name][place]["variantId"]
        for name in ("pricesToAdd", "quantityPriceBreaksToAdd")
        for place in _guilty(outcome, ["input", name])
    }
    return {
        place
        for place, each in enumerate(part)
        if gid("ProductVariant", each.variant.variant) in variants
    }


def _remove(delivery: Delivery, messages: Sequence[Message]) -> Iterator[Receipt]:
    """A delete carries no data: the receipt of the last time told where the price is."""
    bound = delivery.bound("price", [message.key for message in messages])
    for message in messages:
        numbers = bound.get(message.key)
        if numbers is None:
            yield accepted(message)
        elif numbers[0] == BASE:
            yield refused(message, Rejected("SA-5448", "a variant cannot be without a price"))
        else:
            price_list = gid("PriceList", numbers[0])
            nothing = _removal(delivery, price_list, numbers[1], int(numbers[2]))
            outcome = delivery.session.one(QUANTITY_PRICES(priceListId=price_list, input=nothing))
            yield accepted(message) if outcome.fine else not_taken(message, outcome)


def _removal(delivery: Delivery, price_list: str, variant: str, least: int) -> dict[str, Json]:
    """The price with all its tiers, or one tier."""
    nothing = _quantity_prices([])
    if least == 1:
        variants = [gid("ProductVariant", variant)]
        fields = ("pricesToDeleteByVariantId", "quantityPriceBreaksToDeleteByVariantId")
        return {**nothing, **dict.fromkeys(fields, variants)}
    found = delivery.session.document(
        PRICE_BREAKS, {"list": price_list, "query": f"variant_id:{variant}"}
    )
    breaks = [
        each["id"]
        for price in found["priceList"]["prices"]["nodes"]
        for each in price["quantityPriceBreaks"]["nodes"]
        if each["minimumQuantity"] == least
    ]
    return {**nothing, "quantityPriceBreaksToDelete": breaks}
