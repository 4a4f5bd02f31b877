"""Categories as collections, and the collections of a product."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from agent.model import Message, Op, Receipt
from connectors._verdicts import waiting
from connectors.shopify.delivery import Delivery, accepted, not_taken
from connectors.shopify.documents import (
    COLLECTION_BY_KEY,
    COLLECTION_CREATE,
    COLLECTION_DELETE,
    COLLECTION_UPDATE,
    Call,
)
from connectors.shopify.finding import by_key, read_nodes
from connectors.shopify.marks import State, gid, metafields, number, state_of
from connectors.shopify.offers import Offer


def collections_of(
    delivery: Delivery, offers: Sequence[Offer]
) -> tuple[dict[str, list[str]], list[Receipt]]:
    """Key of a product → its collections; and receipts for those whose category is not there."""
    codes = list(dict.fromkeys(code for offer in offers for code in offer.categories))
    found = _collections(delivery, codes)
    placed, late = {}, []
    for offer in offers:
        missing = [code for code in offer.categories if code not in found]
        if missing and delivery.options.unknown_categories == "wait":
            late.append(waiting(offer.message, "category", missing[0]))
        else:
            placed[offer.key] = [found[code] for code in offer.categories if code in found]
    return placed, late


def _collections(delivery: Delivery, codes: Sequence[str]) -> dict[str, str]:
    """Code → id of its collection."""
    bound = delivery.bound("category", codes)
    found = {code: gid("Collection", numbers[0]) for code, numbers in bound.items()}
    rest = [code for code in codes if code not in found]
    for code, collection in by_key(delivery.session, COLLECTION_BY_KEY, rest):
        found[code] = collection["id"]
    return found


def find_categories(
    delivery: Delivery, messages: Sequence[Message]
) -> dict[str, tuple[str, State]]:
    """Key → id and what we wrote last, of those that are there."""
    known = _collections(delivery, [message.key for message in messages])
    nodes = read_nodes(delivery.session, list(known.values()))
    return {key: (i, state_of(nodes[i])) for key, i in known.items() if i in nodes}


def deliver_categories(delivery: Delivery, messages: Sequence[Message]) -> Iterator[Receipt]:
    """Collections without rules; what is in them is said by the products."""
    known = find_categories(delivery, messages)
    calls: list[tuple[Message, Call]] = []
    for message in messages:
        identifier, state = known.get(message.key, ("", State()))
        if (message.op is Op.DELETE and not identifier) or state.version >= message.version:
            yield accepted(message, number(identifier))
        else:
            calls.append((message, _call(message, identifier)))
    if calls:
        delivery.facts.define(delivery.session, "category")
    outcomes = delivery.session.each([call for _, call in calls])
    for (message, _), outcome in zip(calls, outcomes, strict=True):
        if not outcome.fine:
            yield not_taken(message, outcome)
        elif message.op is Op.DELETE:
            yield accepted(message)
        else:
            yield accepted(message, number(outcome.value["collection"]["id"]))


def _call(message: Message, identifier: str) -> Call:
    if message.op is Op.DELETE:
        return COLLECTION_DELETE(input={"id": identifier})
    data = msgspec.json.decode(message.body)
    marks = metafields(State(message.version), message.key)
    if identifier:
        # The key was set when it was created, and stays.
        return COLLECTION_UPDATE(
            collection={"id": identifier, "title": data["name"], "metafields": marks[:1]}
        )
    return COLLECTION_CREATE(collection={"title": data["name"], "metafields": marks})
