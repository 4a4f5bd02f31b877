"""Customers by their e-mail address, which the shop logs them in with; their addresses below."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
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
    wanted = _values(work, data, current or {})
    if current is None:
        new = {"active": "1", **wanted, "passwd": _password()}
        current = work.service.create("customers", new)
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


def _values(work: Writing, data: Data, current: Mapping[str, Any]) -> dict[str, Any]:
    """What the record says, as fields; what it does not name is left alone."""
    person = _person(text(data, "name"))
    values: dict[str, Any] = {
        "firstname": person,
        "lastname": person,
        "company": text(data, "name"),
        "email": text(data, "email"),
    }
    if data.get("active") is not None:
        values["active"] = "1" if data["active"] else "0"
    if name := text(data, "price_list"):
        groups = work.service.find("groups", name=name)
        if not groups:
            raise Rejected("SA-5424", f"the shop has no customer group {name!r}")
        values["id_default_group"] = groups[0]["id"]
        values["associations"] = {"groups": _groups(current, str(groups[0]["id"]))}
    return values


def _groups(current: Mapping[str, Any], group: str) -> list[dict[str, str]]:
    """The group of the price list in the place of the one before; what people added stays."""
    there = [str(each["id"]) for each in current.get("associations", {}).get("groups", ())]
    kept = [id_ for id_ in there if id_ != str(current.get("id_default_group"))]
    return [{"id": id_} for id_ in dict.fromkeys([group, *kept])]


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
        "address1": text(address, "street"),
        "postcode": text(address, "postal_code"),
        "city": text(address, "city"),
    }
    told = {"vat_number": data.get("vat_number"), "dni": data.get("tax_code")}
    told["phone"] = address.get("phone") or data.get("phone")
    wanted |= {name: str(value) for name, value in told.items() if value is not None}
    if province := text(address, "province"):
        states = work.service.find("states", id_country=country, iso_code=province)
        if states:
            wanted["id_state"] = states[0]["id"]
    found = work.service.find("addresses", id_customer=customer, alias=alias, deleted="0")
    if not found:
        work.service.create("addresses", wanted)
    elif work.options.overwrite:
        work.change("addresses", found[0], wanted)
