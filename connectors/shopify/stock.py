"""Quantities at locations, absolute, 250 a request, each request with a key of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from agent.errors import Rejected, Unavailable
from agent.model import Json, Message, Op, Receipt
from connectors._canonical import data_of, whole
from connectors._verdicts import refused, waiting
from connectors.shopify.admin import Outcome
from connectors.shopify.delivery import Delivery, accepted, not_taken, read_all
from connectors.shopify.documents import STOCK_ACTIVATE, STOCK_SET
from connectors.shopify.finding import Ambiguous, variants_of
from connectors.shopify.marks import gid, number

QUANTITIES_A_CALL = 250
AGAIN = {"IDEMPOTENCY_CONCURRENT_REQUEST", "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"}
NOT_STOCKED = {"INVALID_LOCATION", "ITEM_NOT_STOCKED_AT_LOCATION", "NON_MUTABLE_INVENTORY_ITEM"}


class Count(NamedTuple):
    """A stock record: how much of an article is at the location of this name."""

    message: Message
    sku: str
    location: str
    quantity: int


class Level(NamedTuple):
    """How much of an item is at a location."""

    message: Message
    item: str
    location: str
    quantity: int

    @property
    def input(self) -> dict[str, Json]:
        """As Shopify wants it; null: whatever it was before."""
        return {
            "inventoryItemId": gid("InventoryItem", self.item),
            "locationId": self.location,
            "quantity": self.quantity,
            "changeFromQuantity": None,
        }


def deliver_stock(delivery: Delivery, messages: Sequence[Message]) -> Iterator[Receipt]:
    """Set quantities; of a record that vanished nothing is left."""
    # A delete carries no data: what it named is told by the receipt of the last time.
    bound = delivery.bound("stock", [m.key for m in messages if m.op is Op.DELETE])
    levels: list[Level] = []
    for message in messages:
        if message.op is not Op.DELETE:
            continue
        numbers = bound.get(message.key)
        if numbers is None:
            yield accepted(message)
        else:
            levels.append(Level(message, numbers[0], gid("Location", numbers[1]), 0))
    changed = [m for m in messages if m.op is not Op.DELETE]
    counts, wrong = read_all(changed, partial(_count, names=delivery.options.warehouses))
    yield from wrong
    variants = variants_of(delivery, [each.sku for each in counts])
    locations = delivery.facts.locations(delivery.session, {each.location for each in counts})
    for message, sku, name, quantity in counts:
        variant = variants.get(sku)
        if variant is None:
            yield waiting(message, "product", sku)
        elif isinstance(variant, Ambiguous):
            yield refused(message, Rejected("SA-5445", variant.reason))
        elif name not in locations:
            reason = f"warehouse: the shop has no location {name!r}"
            yield refused(message, Rejected("SA-5447", reason))
        else:
            levels.append(Level(message, variant.item, locations[name], quantity))
    for part in _parts(levels):
        yield from _set(delivery, part)


def _count(message: Message, names: Mapping[str, str]) -> Count:
    data = data_of(message)
    warehouse = str(data["warehouse"])
    quantity = whole(data, "quantity")
    if quantity is None:
        raise Rejected("SA-5401", 'field "quantity" is empty')
    return Count(message, str(data["sku"]), names.get(warehouse, warehouse), quantity)


def _parts(levels: Sequence[Level]) -> Iterator[list[Level]]:
    """As many as a call takes, and no item twice at a location in one."""
    part: dict[tuple[str, str], Level] = {}
    for level in levels:
        place = (level.item, level.location)
        if place in part or len(part) == QUANTITIES_A_CALL:
            yield list(part.values())
            part = {}
        part[place] = level
    if part:
        yield list(part.values())


def _set(delivery: Delivery, part: list[Level]) -> Iterator[Receipt]:
    """All or none are set by a call: those at fault are answered for, and the rest sent again."""
    while part:
        outcome = delivery.session.one(
            STOCK_SET(
                idempotency_key=_key(part),
                input={
                    "name": "available",
                    "reason": "correction",
                    "referenceDocumentUri": f"syncagent://stock/{part[0].message.id}",
                    "quantities": [level.input for level in part],
                },
            )
        )
        if outcome.fine:
            for level in part:
                yield accepted(level.message, level.item, number(level.location))
            return
        if outcome.codes() & AGAIN:
            raise Unavailable("SA-5213", f"Shopify: {outcome.why()}", retry_after=5.0)
        guilty = _guilty(outcome) or dict.fromkeys(range(len(part)), "")
        for place, code in guilty.items():
            level = part[place]
            if code in NOT_STOCKED:
                yield _activated(delivery, level)
            else:
                yield not_taken(level.message, outcome)
        part = [level for place, level in enumerate(part) if place not in guilty]


def _activated(delivery: Delivery, level: Level) -> Receipt:
    """An item that the location did not stock so far."""
    outcome = delivery.session.one(
        STOCK_ACTIVATE(
            idempotency_key=_key([level]),
            inventoryItemId=gid("InventoryItem", level.item),
            locationId=level.location,
            available=level.quantity,
        )
    )
    if not outcome.fine:
        return not_taken(level.message, outcome)
    return accepted(level.message, level.item, number(level.location))


def _key(levels: Sequence[Level]) -> str:
    """The same for the same messages, whenever they are sent."""
    return str(uuid5(NAMESPACE_URL, "\n".join(level.message.id for level in levels)))


def _guilty(outcome: Outcome) -> dict[int, str]:
    """Place of each quantity that Shopify names as the cause, and its code."""
    return {
        int(error.field[2]): error.code or ""
        for error in outcome.errors
        if error.field and len(error.field) > 2 and error.field[1] == "quantities"
    }
