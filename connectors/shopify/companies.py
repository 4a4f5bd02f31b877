"""Customers as companies: one company, one location, told by the company's external id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from agent.model import Json, Message, Op, Receipt
from connectors.shopify.admin import Session
from connectors.shopify.delivery import Delivery, accepted, not_taken
from connectors.shopify.documents import (
    COMPANIES,
    COMPANY_ADDRESS,
    COMPANY_CREATE,
    COMPANY_DELETE,
    COMPANY_UPDATE,
    METAFIELDS_SET,
)
from connectors.shopify.finding import quoted, read_nodes
from connectors.shopify.marks import State, gid, metafields, number, state_of

IDS_A_QUESTION = 25
OUR_KEY = ["input", "company", "externalId"]
"""Where Shopify says that a company bears our key already."""


def deliver_companies(delivery: Delivery, messages: Sequence[Message]) -> Iterator[Receipt]:
    """The company, its address, then the mark that says that all is done."""
    known = find_companies(delivery, messages)
    for message in messages:
        company = known.get(message.key)
        if (message.op is Op.DELETE and company is None) or (
            company and state_of(company).version >= message.version
        ):
            yield accepted(message, *_numbers(company))
        elif message.op is Op.DELETE:
            outcome = delivery.session.one(COMPANY_DELETE(id=company["id"] if company else ""))
            yield accepted(message) if outcome.fine else not_taken(message, outcome)
        else:
            yield _written(delivery.session, message, company)


def find_companies(delivery: Delivery, messages: Sequence[Message]) -> dict[str, Json]:
    """Key → company, of those that are there: as bound, else by external id."""
    bound = delivery.bound("customer", [message.key for message in messages])
    ids = {key: gid("Company", numbers[0]) for key, numbers in bound.items()}
    nodes = read_nodes(delivery.session, list(ids.values()))
    found = {key: nodes[i] for key, i in ids.items() if i in nodes}
    rest = [message.key for message in messages if message.key not in found]
    for start in range(0, len(rest), IDS_A_QUESTION):
        asked = rest[start : start + IDS_A_QUESTION]
        query = " OR ".join(f"external_id:{quoted(key)}" for key in asked)
        call = COMPANIES(first=2 * IDS_A_QUESTION, query=query)
        for company in delivery.session.one(call).value["nodes"]:
            if company["externalId"] in asked:
                found[company["externalId"]] = company
    return found


def _numbers(company: Json) -> tuple[str, ...]:
    if not company:
        return ()
    return number(company["id"]), *(number(each["id"]) for each in company["locations"]["nodes"])


def _written(session: Session, message: Message, company: Json) -> Receipt:
    data = msgspec.json.decode(message.body)
    if company:
        calls = [COMPANY_UPDATE(companyId=company["id"], input={"name": data["name"]})]
        if data.get("address") and company["locations"]["nodes"]:
            calls.append(
                COMPANY_ADDRESS(
                    locationId=company["locations"]["nodes"][0]["id"],
                    address=_address(data["address"], data["name"]),
                    addressTypes=["BILLING", "SHIPPING"],
                )
            )
    else:
        calls = [COMPANY_CREATE(input=_input(message.key, data))]
    outcomes = session.together(calls)
    for outcome in outcomes:
        if not company and any(
            error.code == "TAKEN" and error.field == OUR_KEY for error in outcome.errors
        ):
            # We made it a moment ago, and the search lags behind.
            reason = f"waits until Shopify's search shows company {message.key}"
            return Receipt(message.id, accepted=False, code="SA-5446", reason=reason, waits=True)
        if not outcome.fine:
            return not_taken(message, outcome)
    company = company or outcomes[0].value["company"]
    (mark,) = metafields(State(message.version))
    outcome = session.one(METAFIELDS_SET(metafields=[{**mark, "ownerId": company["id"]}]))
    return accepted(message, *_numbers(company)) if outcome.fine else not_taken(message, outcome)


def _input(key: str, data: Json) -> dict[str, Any]:
    location: dict[str, Any] = {"name": data["name"], "externalId": key}
    if data.get("vat_number"):
        location["taxRegistrationId"] = data["vat_number"]
    if data.get("address"):
        location["billingAddress"] = _address(data["address"], data["name"])
        location["billingSameAsShipping"] = True
        location["shippingAddress"] = location["billingAddress"]
    made: dict[str, Any] = {
        "company": {"name": data["name"], "externalId": key},
        "companyLocation": location,
    }
    if data.get("email"):
        made["companyContact"] = {"email": data["email"], "lastName": data["name"]}
    return made


def _address(address: Json, name: str) -> dict[str, Any]:
    fields = {
        "recipient": address.get("name") or name,
        "address1": address["street"],
        "city": address["city"],
        "zip": address.get("postal_code"),
        "zoneCode": address.get("province"),
        "countryCode": address["country"],
        "phone": address.get("phone"),
    }
    return {name: value for name, value in fields.items() if value is not None}
