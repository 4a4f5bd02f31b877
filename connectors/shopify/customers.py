"""Customers as people: with one address of ours among those that they add themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from agent.model import Json, Message, Op, Receipt
from connectors.shopify.admin import Session
from connectors.shopify.delivery import Delivery, accepted, not_taken
from connectors.shopify.documents import (
    ADDRESS_CREATE,
    ADDRESS_UPDATE,
    CUSTOMER_BY_KEY,
    CUSTOMER_CREATE,
    CUSTOMER_DELETE,
    CUSTOMER_UPDATE,
    METAFIELDS_SET,
    Call,
)
from connectors.shopify.finding import by_key, read_nodes
from connectors.shopify.marks import State, gid, metafields, number, state_of


def deliver_customers(delivery: Delivery, messages: Sequence[Message]) -> Iterator[Receipt]:
    """The customer, then the address that is ours, then the mark that says that all is done."""
    known = find_customers(delivery, messages)
    due: list[tuple[Message, Call]] = []
    for message in messages:
        identifier, state = known.get(message.key, ("", State()))
        if (message.op is Op.DELETE and not identifier) or state.version >= message.version:
            yield accepted(message, number(identifier))
        else:
            due.append((message, _call(message, identifier)))
    if due:
        delivery.facts.define(delivery.session, "customer")
    outcomes = delivery.session.each([call for _, call in due])
    for (message, _), outcome in zip(due, outcomes, strict=True):
        if not outcome.fine:
            yield not_taken(message, outcome)
        elif message.op is Op.DELETE:
            yield accepted(message)
        else:
            state = known.get(message.key, ("", State()))[1]
            yield _addressed(delivery.session, message, outcome.value["customer"]["id"], state)


def find_customers(delivery: Delivery, messages: Sequence[Message]) -> dict[str, tuple[str, State]]:
    """Key → id and what we wrote last, of those that are there."""
    bound = delivery.bound("customer", [message.key for message in messages])
    ids = {key: gid("Customer", numbers[0]) for key, numbers in bound.items()}
    nodes = read_nodes(delivery.session, list(ids.values()))
    found = {key: (i, state_of(nodes[i])) for key, i in ids.items() if i in nodes}
    rest = [message.key for message in messages if message.key not in found]
    for key, customer in by_key(delivery.session, CUSTOMER_BY_KEY, rest):
        found[key] = (customer["id"], state_of(customer))
    return found


def _call(message: Message, identifier: str) -> Call:
    if message.op is Op.DELETE:
        return CUSTOMER_DELETE(input={"id": identifier})
    fields = _fields(msgspec.json.decode(message.body))
    if identifier:
        return CUSTOMER_UPDATE(input={"id": identifier, **fields})
    key = metafields(State(), message.key)[1:]
    return CUSTOMER_CREATE(input={**fields, "metafields": key})


def _fields(data: Json) -> dict[str, Any]:
    """What the record says; tags, notes and consent are the shop's own."""
    fields: dict[str, Any] = {"lastName": data["name"]}
    for ours, theirs in (("email", "email"), ("phone", "phone"), ("language", "locale")):
        if data.get(ours) is not None:
            fields[theirs] = data[ours]
    return fields


def _addressed(session: Session, message: Message, identifier: str, state: State) -> Receipt:
    data = msgspec.json.decode(message.body)
    ours = state.address
    if address := data.get("address"):
        fields = mailing_address(address, data["name"])
        call = (
            ADDRESS_UPDATE(
                customerId=identifier, addressId=gid("MailingAddress", ours), address=fields
            )
            if ours
            else ADDRESS_CREATE(customerId=identifier, address=fields, setAsDefault=True)
        )
        outcome = session.one(call)
        if not outcome.fine:
            return not_taken(message, outcome)
        ours = number(outcome.value["address"]["id"])
    (mark,) = metafields(State(message.version, address=ours))
    outcome = session.one(METAFIELDS_SET(metafields=[{**mark, "ownerId": identifier}]))
    if not outcome.fine:
        return not_taken(message, outcome)
    return accepted(message, number(identifier))


def mailing_address(address: Json, name: str) -> dict[str, Any]:
    """An address as Shopify wants it; the province by its code, such as RM."""
    fields = {
        "company": address.get("name") or name,
        "lastName": name,
        "address1": address["street"],
        "city": address["city"],
        "zip": address.get("postal_code"),
        "provinceCode": address.get("province"),
        "countryCode": address["country"],
        "phone": address.get("phone"),
    }
    return {name: value for name, value in fields.items() if value is not None}
