"""Prices and stock: fields of products and variations that are there already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import Data, amount, data_of, plain, text, whole
from connectors._platform.places import Place
from connectors._verdicts import accepted, refused, waiting
from connectors.woocommerce.calls import Calls
from connectors.woocommerce.options import WooCommerceTargetOptions
from connectors.woocommerce.places import by_sku, find, list_of
from connectors.woocommerce.products import GONE

REGULAR, SALE, META = "regular_price", "sale_price", "meta:"


@dataclass(frozen=True, slots=True)
class Terms:
    """In which currency the shop sells, and whether its prices include tax."""

    currency: str
    tax_included: bool


@dataclass(slots=True)
class Offer:
    """What a message changes at a product."""

    message: Message
    sku: str
    fields: dict[str, Any]
    place: Place | None
    part: str = ""
    """The field that a price goes to, for the day on which it is deleted."""

    @property
    def reference(self) -> str:
        """Where it is, for the binding."""
        return f"{self.place}#{self.part}" if self.part else str(self.place)


class Offers:
    """Delivers prices and stock."""

    def __init__(self, options: WooCommerceTargetOptions, terms: Callable[[Calls], Terms]) -> None:
        self._options, self._terms = options, terms

    def deliver(self, calls: Calls, messages: Sequence[Message]) -> Iterator[Receipt]:
        """One call for all products, and one for the variations of each product."""
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
        unplaced = [offer.sku for offer in offers if offer.place is None]
        places = find(calls, unplaced) if unplaced else {}
        for offer in offers:
            offer.place = offer.place or places.get(offer.sku)
        lost: list[Offer] = []
        yield from self._send(offers, calls, lost)
        if lost:
            # Bound to a product that was deleted meanwhile, and perhaps made anew.
            there = by_sku(calls, (offer.sku for offer in lost))
            for offer in lost:
                offer.place = there.get(offer.sku)
            again: list[Offer] = []
            yield from self._send(lost, calls, again)
            yield from (waiting(offer.message, "product", offer.sku) for offer in again)

    def _send(self, offers: list[Offer], calls: Calls, lost: list[Offer]) -> Iterator[Receipt]:
        by_path: dict[str, dict[int, list[Offer]]] = defaultdict(lambda: defaultdict(list))
        for offer in offers:
            if offer.place is None:
                yield waiting(offer.message, "product", offer.sku)
            else:
                by_path[list_of(offer.place)][offer.place.id].append(offer)
        for path, products in by_path.items():
            updates = [{"id": number, **_joined(each)} for number, each in products.items()]
            outcomes = calls.batch(path, update=updates).updated
            for each, outcome in zip(products.values(), outcomes, strict=True):
                for offer in each:
                    if not outcome.code:
                        yield accepted(offer.message, offer.reference)
                    elif outcome.code not in GONE:
                        yield refused(offer.message, outcome.refusal())
                    elif offer.message.op is Op.DELETE:
                        yield accepted(offer.message)
                    else:
                        lost.append(offer)

    def _offer(self, message: Message, calls: Calls) -> Offer | None:
        if message.op is Op.DELETE:
            return self._withdrawn(message, calls)
        data = data_of(message)
        if message.entity == "stock":
            return Offer(message, text(data, "sku"), self._stock(data), None)
        part = self._part(data)
        return Offer(message, text(data, "sku"), self._price(data, part, calls), None, part)

    def _withdrawn(self, message: Message, calls: Calls) -> Offer | None:
        """A price or a stock that is gone; our binding tells where it stood."""
        reference = calls.bindings.find(message.entity, [message.key]).get(message.key, "")
        place = Place.read(reference)
        if place is None:
            return None
        part = reference.partition("#")[2]
        fields = self._stocked(0) if message.entity == "stock" else _put(part or REGULAR, "")
        return Offer(message, "", fields, place, part)

    # Stock

    def _stock(self, data: Data) -> dict[str, Any]:
        warehouse = text(data, "warehouse")
        if self._options.warehouse and warehouse != self._options.warehouse:
            raise Rejected(
                "SA-5410",
                f"stock of warehouse {warehouse}; the shop sells that of {self._options.warehouse}",
                hint="leave it out by where, or add the warehouses up at the source",
            )
        quantity = whole(data, "quantity")
        return self._stocked(quantity or 0)

    def _stocked(self, quantity: int) -> dict[str, Any]:
        fields: dict[str, Any] = {"manage_stock": True, "stock_quantity": quantity}
        if self._options.backorders:
            fields["backorders"] = self._options.backorders
        return fields

    # Prices

    def _part(self, data: Data) -> str:
        if not self._options.price_lists:
            return REGULAR
        part = self._options.price_lists.get(text(data, "price_list"))
        if part is None:
            raise Rejected(
                "SA-5404",
                f"price list {text(data, 'price_list')!r} has no place in the shop",
                hint="name one under price_lists, or leave the list out by where",
            )
        return part

    def _price(self, data: Data, part: str, calls: Calls) -> dict[str, Any]:
        self._require_sellable(data, part, self._terms(calls))
        price = amount(data, "price")
        if part.startswith(META) and data.get("tiers"):
            return _put(part, _tiers(data))
        fields = _put(part, "" if price is None else plain(price))
        if part == SALE:
            for name, key in (("valid_from", "from"), ("valid_to", "to")):
                day = text(data, name)
                fields[f"date_on_sale_{key}"] = f"{day}T00:00:00" if day else None
        return fields

    def _require_sellable(self, data: Data, part: str, terms: Terms) -> None:
        discount, least = amount(data, "discount"), amount(data, "min_quantity")
        if text(data, "currency") != terms.currency:
            why = f"it is in {text(data, 'currency')}, the shop sells in {terms.currency}"
        elif data.get("vat_included") not in {None, terms.tax_included}:
            theirs = "with" if terms.tax_included else "without"
            why = f"prices of the shop are entered {theirs} tax, this one is not"
        elif text(data, "customer"):
            why = "it is one customer's own"
        elif discount:
            why = "it has a discount to be taken off; map the net price"
        elif (least is not None and least > 1) or (data.get("tiers") and not part.startswith(META)):
            why = "it depends on the quantity, for which WooCommerce has no place of its own"
        else:
            return
        raise Rejected("SA-5404", f"the shop cannot hold this price: {why}")


def _put(part: str, value: Any) -> dict[str, Any]:
    if part.startswith(META):
        return {"meta_data": [{"key": part.removeprefix(META), "value": value}]}
    return {part: value}


def _tiers(data: Data) -> list[dict[str, str]]:
    """Prices by quantity, as texts, the least quantity first."""
    tiers = [
        (amount(tier, "min_quantity") or Decimal(0), amount(tier, "price") or Decimal(0))
        for tier in data["tiers"]
    ]
    return [{"min_quantity": plain(least), "price": plain(price)} for least, price in sorted(tiers)]


def _joined(offers: Sequence[Offer]) -> Mapping[str, Any]:
    """All that several messages say of one product."""
    joined: dict[str, Any] = {}
    for offer in offers:
        meta = [*joined.get("meta_data", ()), *offer.fields.get("meta_data", ())]
        joined |= offer.fields
        if meta:
            joined["meta_data"] = meta
    return joined
