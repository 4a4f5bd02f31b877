"""Prices: of the product, its special price, or those of a group of customers by quantity.

Magento answers 200 whatever comes of a price, and lists those that it did not take.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import quote, unquote

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import Data, amount, data_of, plain, text
from connectors._halving import portions
from connectors._verdicts import accepted, refused, waiting
from connectors.magento.articles import asked
from connectors.magento.calls import AT_ONCE, Calls, Item, folded, told
from connectors.magento.options import GROUP, MagentoTargetOptions

BASE, SPECIAL = "price", "special_price"
ALL_WEBSITES = ALL_STORES = 0
ALWAYS = ("2000-01-01", "2999-12-31")
"""The days of a special price that names none: Magento wants both."""
ONE = Decimal(1)
Step = tuple[Decimal, Decimal]
"""From this quantity on, this price."""


@dataclass(slots=True)
class Price:
    """What a message says an article costs, and where that stands."""

    message: Message
    sku: str
    place: str
    steps: list[Step] = field(default_factory=list)
    """One for all quantities; of a group as many as there are. None: it is withdrawn."""
    first: str = ""
    last: str = ""
    single: Decimal | None = None
    """The quantity of which alone the message tells; None: it tells of all."""

    @property
    def reference(self) -> str:
        """Where it is, for the binding: `price/A1`, `group:Wholesale/10/A1`."""
        if self.place.startswith(GROUP):
            quantity = "*" if self.single is None else plain(self.single)
            return f"{quote(self.place, safe=':')}/{quantity}/{self.sku}"
        return f"{self.place}/{self.sku}"


class Prices:
    """Delivers prices."""

    def __init__(self, options: MagentoTargetOptions) -> None:
        self._options = options

    def deliver(self, calls: Calls, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Each kind of price in calls of its own."""
        references = calls.bindings.find("price", [m.key for m in messages if m.op is Op.DELETE])
        by_kind: dict[str, list[Price]] = defaultdict(list)
        for message in messages:
            try:
                price = self._price(message, references.get(message.key, ""))
            except Rejected as refusal:
                yield refused(message, refusal)
                continue
            if price is None:
                yield accepted(message)  # nothing was ever said, so there is nothing to take back
            else:
                by_kind[price.place.partition(":")[0]].append(price)
        for kind, prices in by_kind.items():
            for portion in portions(prices, AT_ONCE):
                if kind == BASE:
                    yield from _verdicts(portion, self._base(portion, calls), calls)
                    continue
                # What is there must be seen first, and one article that is not there hides it.
                known = asked(calls, {price.sku for price in portion})
                yield from _absent([price for price in portion if price.sku not in known])
                some = [price for price in portion if price.sku in known]
                send = _special if kind == SPECIAL else _tiers
                if some:
                    yield from _verdicts(some, send(some, calls), calls)

    def _base(self, prices: Sequence[Price], calls: Calls) -> list[Item]:
        """A price cannot be taken away: without one the article costs what a new one does."""
        rows = [
            {
                "sku": price.sku,
                "price": price.steps[0][1] if price.steps else self._options.new_price,
                "store_id": ALL_STORES,
            }
            for price in prices
        ]
        return _sent("products/base-prices", rows, calls)

    def _price(self, message: Message, reference: str) -> Price | None:
        if message.op is Op.DELETE:
            return _withdrawn(message, reference)
        data = data_of(message)
        place = self._place(data)
        first, last = text(data, "valid_from"), text(data, "valid_to")
        price = Price(message, text(data, "sku"), place, first=first, last=last)
        value = amount(data, "price")
        if value is None:
            return price
        least = amount(data, "min_quantity")
        price.steps = [(least or ONE, value)]
        if place.startswith(GROUP):
            if data.get("tiers") is None and least is not None:
                price.single = least
            price.steps += _steps(data)
        elif data.get("tiers") or (least or ONE) > ONE:
            raise _nowhere("it depends on the quantity", "give the list a place group:…")
        return price

    def _place(self, data: Data) -> str:
        if data.get("customer"):
            raise _nowhere("it is one customer's own", "leave such prices out by where")
        if text(data, "discount") not in {"", "0"}:
            raise _nowhere("it has a discount", "have the mapping compute the price")
        if text(data, "currency") not in {"", self._options.currency}:
            raise _nowhere(f"it is in {text(data, 'currency')}", "the shop has one base currency")
        price_list = text(data, "price_list")
        place = self._options.price_lists.get(price_list) if self._options.price_lists else BASE
        if place is None:
            raise _nowhere(f"list {price_list!r} has no place", "name one under price_lists")
        if place != SPECIAL and (data.get("valid_from") or data.get("valid_to")):
            raise _nowhere("it holds for a time", "only special_price can, or leave the days out")
        return place


def _steps(data: Data) -> list[Step]:
    found = []
    for each in data.get("tiers") or ():
        least, value = amount(each, "min_quantity"), amount(each, "price")
        if least is not None and value is not None:
            found.append((least, value))
    return found


def _withdrawn(message: Message, reference: str) -> Price | None:
    place, _, rest = reference.partition("/")
    if not rest:
        return None
    if not place.startswith(GROUP):
        return Price(message, rest, place)
    quantity, _, sku = rest.partition("/")
    single = None if quantity == "*" else Decimal(quantity)
    return Price(message, sku, unquote(place), single=single)


def _special(prices: Sequence[Price], calls: Calls) -> list[Item]:
    """One special price an article: what was there with other days goes first."""
    held = _held("products/special-price-information", prices, calls)
    gone, rows = [], []
    for price in prices:
        there = held[folded(price.sku)]
        if not price.steps:
            gone += there
            continue
        wanted = _special_row(price)
        gone += [row for row in there if _days(row) != _days(wanted)]
        rows.append(wanted)
    problems = _sent("products/special-price-delete", gone, calls) if gone else []
    return problems + (_sent("products/special-price", rows, calls) if rows else [])


def _special_row(price: Price) -> Item:
    return {
        "sku": price.sku,
        "price": price.steps[0][1],
        "store_id": ALL_STORES,
        "price_from": f"{price.first or ALWAYS[0]} 00:00:00",
        "price_to": f"{price.last or ALWAYS[1]} 23:59:59",
    }


def _days(row: Mapping[str, Any]) -> tuple[str, str]:
    return str(row.get("price_from") or "")[:10], str(row.get("price_to") or "")[:10]


def _tiers(prices: Sequence[Price], calls: Calls) -> list[Item]:
    """The steps of a group, and no others of this group where a message tells of all."""
    held = _held("products/tier-prices-information", prices, calls)
    gone: list[Item] = []
    rows: list[Item] = []
    for price in prices:
        group = price.place.removeprefix(GROUP)
        there = [row for row in held[folded(price.sku)] if _same(row["customer_group"], group)]
        wanted = dict(price.steps)
        for row in there:
            quantity = Decimal(str(row["quantity"]))
            mine = price.single is None or quantity == price.single
            if mine and quantity not in wanted:
                gone.append(row)
        rows += [_tier(price.sku, group, least, value) for least, value in wanted.items()]
    problems = []
    for path, some in (("products/tier-prices-delete", gone), ("products/tier-prices", rows)):
        for portion in portions(some, AT_ONCE):
            problems += _sent(path, list(portion), calls)
    return problems


def _tier(sku: str, group: str, least: Decimal, value: Decimal) -> Item:
    return {
        "sku": sku,
        "price": value,
        "price_type": "fixed",
        "website_id": ALL_WEBSITES,
        "customer_group": group,
        "quantity": least,
    }


def _same(one: object, other: str) -> bool:
    return str(one).casefold() == other.casefold()


def _held(path: str, prices: Sequence[Price], calls: Calls) -> dict[str, list[Item]]:
    """What the shop has of such prices, by folded SKU."""
    skus = list(dict.fromkeys(price.sku for price in prices))
    found: dict[str, list[Item]] = defaultdict(list)
    for row in calls.post(path, {"skus": skus}).require():
        found[folded(str(row["sku"]))].append(row)
    return found


def _sent(path: str, rows: list[Item], calls: Calls) -> list[Item]:
    """What the shop did not take."""
    found = calls.post(path, {"prices": rows}).require()
    return found if isinstance(found, list) else []


def _verdicts(prices: Sequence[Price], problems: list[Item], calls: Calls) -> Iterator[Receipt]:
    """Each problem belongs to the article that its parameters name."""
    words: dict[str, str] = {}
    for problem in problems:
        said = problem.get("parameters") or ()
        values = said.values() if isinstance(said, Mapping) else said
        named = [p.sku for p in prices if folded(p.sku) in {folded(str(v)) for v in values}]
        if not named:
            raise Rejected("SA-5460", f"the shop refuses it: {told(problem)}")
        words |= dict.fromkeys(named, told(problem))
    known = asked(calls, words)
    for price in prices:
        if price.sku not in words:
            yield accepted(price.message, price.reference)
        elif price.sku in known:
            said_why = f"the shop refuses it: {words[price.sku]}"
            yield refused(price.message, Rejected("SA-5460", said_why))
        else:
            yield from _absent([price])


def _absent(prices: Sequence[Price]) -> Iterator[Receipt]:
    """Prices of articles that are not there."""
    for price in prices:
        if price.message.op is Op.DELETE:
            yield accepted(price.message)
        else:
            yield waiting(price.message, "product", price.sku)


def _nowhere(why: str, hint: str) -> Rejected:
    return Rejected("SA-5404", f"the shop has no place for this price: {why}", hint=hint)
