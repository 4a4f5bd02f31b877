"""Was it written? Every record bears the version that we wrote last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.model import Json, Message, Receipt
from connectors.shopify.bulk import loaded_earlier, require_idle
from connectors.shopify.categories import find_categories
from connectors.shopify.companies import find_companies
from connectors.shopify.customers import find_customers
from connectors.shopify.delivery import Delivery, accepted
from connectors.shopify.finding import bound_products, products_by_key
from connectors.shopify.marks import State, number, state_of


def look_up(delivery: Delivery, entity: str, messages: Sequence[Message]) -> Iterator[Receipt]:
    """A receipt for each that is there in this version, or a newer one."""
    if entity == "product":
        yield from _products(delivery, messages)
    elif entity == "category":
        yield from _told(messages, find_categories(delivery, messages))
    elif entity == "customer" and delivery.options.companies:
        yield from _companies(messages, find_companies(delivery, messages))
    elif entity == "customer":
        yield from _told(messages, find_customers(delivery, messages))
    # What an order was told says what was shipped so far: once more ships nothing more.


def _told(messages: Sequence[Message], found: dict[str, tuple[str, State]]) -> Iterator[Receipt]:
    for message in messages:
        identifier, state = found.get(message.key, ("", State()))
        if state.version >= message.version:
            yield accepted(message, number(identifier))


def _companies(messages: Sequence[Message], found: dict[str, Json]) -> Iterator[Receipt]:
    for message in messages:
        company = found.get(message.key)
        if company and state_of(company).version >= message.version:
            location = [number(each["id"]) for each in company["locations"]["nodes"]]
            yield accepted(message, number(company["id"]), *location)


def _products(delivery: Delivery, messages: Sequence[Message]) -> Iterator[Receipt]:
    """By binding, then in the files of bulk operations where there are many, then by our key."""
    rest = {message.id: message for message in messages}
    found = bound_products(delivery, [message.key for message in messages])
    if len(messages) - len(found) >= delivery.options.bulk_from:
        new = [each for each in messages if each.key not in found]
        for receipt in loaded_earlier(delivery.session, delivery.facts.loads, new):
            del rest[receipt.message_id]
            yield receipt
    unbound = [each.key for each in rest.values() if each.key not in found]
    found |= products_by_key(delivery.session, unbound)
    for message in rest.values():
        match = found.get(message.key)
        if match and match.state.version >= message.version:
            yield accepted(message, *match.numbers)
    if missing := [key for key in unbound if key not in found]:
        # It may be a line of an operation that has not come to it yet.
        require_idle(delivery.session, delivery.facts.loads, missing)
