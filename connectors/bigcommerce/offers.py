"""Prices and stock of products and variants that are there already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import Data, amount, data_of, text
from connectors._halving import halved
from connectors._platform.places import Place
from connectors._verdicts import accepted, refused, waiting
from connectors.bigcommerce.calls import Calls, Reply
from connectors.bigcommerce.fields import stocked, tiers
from connectors.bigcommerce.options import BigCommerceTargetOptions
from connectors.bigcommerce.places import find

PRODUCTS, VARIANTS, PRICES, STOCKS = 10, 50, 100, 2000
"""How many a request takes."""
LIST = "list:"
DEFAULT_LOCATION = 1


@dataclass(slots=True)
class Offer:
    """What a message changes at an article, and where: a field, a price list, a location."""

    message: Message
    sku: str
    part: str
    fields: dict[str, Any] = field(default_factory=dict)
    place: Place | None = None

    @property
    def reference(self) -> str:
        """Where it is, for the binding: `price:EUR:A1`, `list:3:EUR:A1`, `stock:1:A1`."""
        return f"{self.part}:{self.sku}"


class Offers:
    """Delivers prices and stock."""

    def __init__(self, options: BigCommerceTargetOptions) -> None:
        self._options = options

    def deliver(self, calls: Calls, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Each kind of price and stock in requests of its own."""
        offers = []
        for message in messages:
            try:
                offer = self._offer(message, calls)
            except Rejected as refusal:
                yield refused(message, refusal)
                continue
            if offer is None:
                yield accepted(message)  # nothing was ever said, so there is nothing to take back
            else:
                offers.append(offer)
        places = find(calls, [offer.sku for offer in offers]) if offers else {}
        by_part: dict[str, list[Offer]] = defaultdict(list)
        for offer in offers:
            offer.place = places.get(offer.sku)
            if offer.place is not None:
                by_part[_kind(offer.part)].append(offer)
            elif offer.message.op is Op.DELETE:
                yield accepted(offer.message)
            else:
                yield waiting(offer.message, "product", offer.sku)
        for kind, some in by_part.items():
            if kind == "stock":
                yield from _stocks(some, calls)
            elif kind.startswith(LIST):
                yield from _listed(int(kind.removeprefix(LIST)), some, calls)
            else:
                yield from _catalogue(some, calls)

    def _offer(self, message: Message, calls: Calls) -> Offer | None:
        if message.op is Op.DELETE:
            return _withdrawn(message, calls)
        data = data_of(message)
        if message.entity == "stock":
            part = f"stock:{self._location(text(data, 'warehouse'))}"
            return Offer(message, text(data, "sku"), part, {"quantity": stocked(data)})
        return self._price(message, data)

    def _location(self, warehouse: str) -> int:
        if not self._options.warehouses:
            return DEFAULT_LOCATION
        found = self._options.warehouses.get(warehouse)
        if found is None:
            raise Rejected(
                "SA-5484",
                f"warehouse {warehouse} has no location in the store",
                hint="name one under warehouses, or leave the warehouse out by where",
            )
        return found

    def _price(self, message: Message, data: Data) -> Offer:
        code = text(data, "price_list")
        part = self._options.price_lists.get(code, "") if self._options.price_lists else "price"
        currency = text(data, "currency")
        listed = part.startswith(LIST)
        why = ""
        if not part:
            why = f"price list {code!r} has no place; name one under price_lists"
        elif not listed and currency != self._options.currency:
            why = f"it is in {currency}, the store sells in {self._options.currency}"
        elif text(data, "customer"):
            why = "it is one customer's own; give the customer a group with a price list"
        elif amount(data, "discount"):
            why = "it has a discount to be taken off; map the net price"
        elif (amount(data, "min_quantity") or 0) > 1 or (data.get("tiers") and not listed):
            why = "it depends on the quantity, which only tiers of a price list can"
        if why:
            raise Rejected("SA-5483", f"the store cannot hold this price: {why}")
        price = amount(data, "price") or Decimal(0)
        name = "price" if listed else part
        fields: dict[str, Any] = {name: price}
        if listed:
            fields["bulk_pricing_tiers"] = tiers(data)
        return Offer(message, text(data, "sku"), f"{part}:{currency}", fields)


def _kind(part: str) -> str:
    """What is sent together: all stock, a price list, all of the catalogue."""
    if part.startswith(LIST):
        return ":".join(part.split(":")[:2])
    return "stock" if part.startswith("stock:") else "catalogue"


def _withdrawn(message: Message, calls: Calls) -> Offer | None:
    """A price or a stock that is gone; our binding tells where it stood."""
    said = calls.bindings.find(message.entity, [message.key]).get(message.key, "")
    width = 3 if said.startswith(LIST) else 2
    parts = said.split(":", width)
    if len(parts) <= width:
        return None
    part, sku = ":".join(parts[:width]), parts[width]
    if part.startswith("stock:"):
        return Offer(message, sku, part, {"quantity": 0})
    return Offer(message, sku, part, {} if part.startswith(LIST) else {parts[0]: Decimal(0)})


# Catalogue


def _catalogue(offers: list[Offer], calls: Calls) -> Iterator[Receipt]:
    """Prices of products, ten a request, and of variants, fifty; both can then be bought."""
    by_place: dict[Place, list[Offer]] = defaultdict(list)
    for offer in offers:
        if offer.place is not None:
            by_place[offer.place].append(offer)
    products = [place for place in by_place if not place.variant]
    variants = [place for place in by_place if place.variant]
    sellable = {
        place.product
        for place, each in by_place.items()
        if place.variant and any("price" in o.fields for o in each)
    }

    def product(place: Place) -> dict[str, Any]:
        fields = _joined(by_place[place])
        if "price" in fields:
            fields["availability"] = "available" if fields["price"] else "disabled"
        return {"id": place.product, **fields}

    def put(path: str, items: list[dict[str, Any]]) -> Reply:
        with calls.one_at_a_time():
            return calls.put(path, items)

    for piece, reply in halved(
        products, PRODUCTS, lambda some: put("/v3/catalog/products", [product(p) for p in some])
    ):
        yield from _told([offer for place in piece for offer in by_place[place]], reply)
    closed: dict[int, Reply] = {}
    for numbers, reply in halved(
        sorted(sellable),
        PRODUCTS,
        lambda some: put(
            "/v3/catalog/products", [{"id": each, "availability": "available"} for each in some]
        ),
    ):
        if reply.refused:
            closed |= dict.fromkeys(numbers, reply)
    for piece, reply in halved(
        variants,
        VARIANTS,
        lambda some: put(
            "/v3/catalog/variants", [{"id": p.variant, **_joined(by_place[p])} for p in some]
        ),
    ):
        for place in piece:
            yield from _told(by_place[place], closed.get(place.product, reply))


def _joined(offers: Sequence[Offer]) -> dict[str, Any]:
    """All that several messages say of one article."""
    joined: dict[str, Any] = {}
    for offer in offers:
        joined |= offer.fields
    return joined


def _told(offers: Sequence[Offer], reply: Reply) -> Iterator[Receipt]:
    for offer in offers:
        if not reply.refused:
            yield accepted(offer.message, offer.reference)
        elif reply.status == 404 and offer.message.op is Op.DELETE:
            yield accepted(offer.message)
        elif reply.status == 404:
            yield waiting(offer.message, "product", offer.sku)
        else:
            yield refused(offer.message, reply.refusal())


# Price lists


def _listed(number: int, offers: list[Offer], calls: Calls) -> Iterator[Receipt]:
    path = f"/v3/pricelists/{number}/records"
    for offer in offers:
        if not offer.fields:
            currency = offer.part.split(":")[2]
            gone = calls.delete(path, **{"sku:in": offer.sku, "currency": currency})
            yield from _told([offer], gone)
    kept = [offer for offer in offers if offer.fields]

    def send(some: Sequence[Offer]) -> Reply:
        return calls.put(path, [_record(offer) for offer in some])

    for piece, reply in halved(kept, PRICES, send):
        yield from _told(piece, reply)


def _record(offer: Offer) -> Mapping[str, Any]:
    return {"sku": offer.sku, "currency": offer.part.split(":")[2], **offer.fields}


# Stock


def _stocks(offers: list[Offer], calls: Calls) -> Iterator[Receipt]:
    def send(some: Sequence[Offer]) -> Reply:
        items = [
            {"location_id": int(offer.part.split(":")[1]), "sku": offer.sku, **offer.fields}
            for offer in some
        ]
        with calls.one_at_a_time():
            body = {"reason": "stock of the ERP", "items": items}
            return calls.put("/v3/inventory/adjustments/absolute", body)

    for piece, reply in halved(offers, STOCKS, send):
        yield from _told(piece, reply)
