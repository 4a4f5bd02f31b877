"""Customers by their e-mail address, which the shop logs them in with; their addresses below."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import Data, data_of, text
from connectors._verdicts import accepted, settled
from connectors.prestashop.writing import Writing

NO_NAME = re.compile(r"""[0-9!<>,;?=+()@#"°{}_$%:¤|\[\]/\\*^`~.]+""")
"""What the shop lets stand in no person's name."""
LONGEST_ALIAS = 32


def deliver(work: Writing, messages: Sequence[Message]) -> Iterator[Receipt]:
    """One by one: two of them may be the same company."""
    for message in messages:
        yield settled(message, partial(_deliver, work))


def _deliver(work: Writing, message: Message) -> Receipt:
    bound = work.bindings.find("customer", [message.key]).get(message.key, "")
    current = work.service.get("customers", bound) if bound else None
    if message.op is Op.DELETE:
        if current is not None:
            work.change("customers", current, {"active": "0"})
        return accepted(message)
    data = data_of(message)
    if current is None:
        current = _by_email(work, text(data, "email"))
    wanted = _values(work, data)
    if current is None:
        current = work.service.create("customers", {**wanted, "passwd": _password()})
    elif work.options.overwrite:
        work.change("customers", current, wanted)
    id_ = str(current["id"])
    for address in (data.get("address"), *(data.get("addresses") or ())):
        if address:
            _address(work, id_, data, address)
    return accepted(message, id_)


def _by_email(work: Writing, email: str) -> dict[str, Any] | None:
    if not email:
        raise Rejected("SA-5424", "a customer of the shop needs an e-mail address to log in with")
    found = work.service.find("customers", email=email, is_guest="0")
    return found[0] if found else None


def _values(work: Writing, data: Data) -> dict[str, Any]:
    person = _person(text(data, "name"))
    values: dict[str, Any] = {
        "firstname": person,
        "lastname": person,
        "company": text(data, "name"),
        "email": text(data, "email"),
        "active": "0" if data.get("active") is False else "1",
    }
    if name := text(data, "price_list"):
        groups = work.service.find("groups", name=name)
        if not groups:
            raise Rejected("SA-5424", f"the shop has no customer group {name!r}")
        values["id_default_group"] = groups[0]["id"]
        values["associations"] = {"groups": [{"id": groups[0]["id"]}]}
    return values


def _person(name: str) -> str:
    """The company's name with what the shop forbids in a person's taken out."""
    return " ".join(NO_NAME.sub(" ", name).split()) or "-"


def _password() -> str:
    """One that nobody knows: the customer asks the shop for a new one."""
    return secrets.token_urlsafe(24)


def _address(work: Writing, customer: str, data: Data, address: Data) -> None:
    """An address of the customer, known by its alias."""
    alias = (text(address, "code") or text(address, "kind") or "Sede")[:LONGEST_ALIAS]
    country = work.service.id_of("countries", "iso_code", text(address, "country"))
    person = _person(text(address, "name") or text(data, "name"))
    wanted: dict[str, Any] = {
        "id_customer": customer,
        "id_country": country,
        "alias": alias,
        "company": text(address, "name") or text(data, "name"),
        "firstname": person,
        "lastname": person,
        "vat_number": text(data, "vat_number"),
        "dni": text(data, "tax_code"),
        "address1": text(address, "street"),
        "postcode": text(address, "postal_code"),
        "city": text(address, "city"),
        "phone": text(address, "phone") or text(data, "phone"),
    }
    if province := text(address, "province"):
        states = work.service.find("states", id_country=country, iso_code=province)
        if states:
            wanted["id_state"] = states[0]["id"]
    found = work.service.find("addresses", id_customer=customer, alias=alias, deleted="0")
    if not found:
        work.service.create("addresses", wanted)
    elif work.options.overwrite:
        work.change("addresses", found[0], wanted)
