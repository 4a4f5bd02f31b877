"""Customers, found by our receipt or their e-mail address, which is unique on a website.

Magento puts a customer that is changed back to what the change does not name (the group, the
addresses), so that what is there is read, changed and sent whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import Data, data_of
from connectors._verdicts import accepted, refused
from connectors.magento.calls import Calls, Item, segment
from connectors.magento.fields import addresses, customer_fields
from connectors.magento.options import MagentoTargetOptions

TOLD = ("city", "postcode", "country_id")
"""By what, besides the street, two addresses are the same."""


class Customers:
    """Delivers customers."""

    def __init__(self, options: MagentoTargetOptions) -> None:
        self._options = options

    def deliver(self, calls: Calls, messages: Sequence[Message]) -> Iterator[Receipt]:
        """A question and a call each."""
        ids = calls.bindings.find("customer", [message.key for message in messages])
        emails: dict[str, str] = {}
        for message in messages:
            try:
                if message.op is Op.DELETE:
                    yield self._deleted(message, ids.get(message.key), calls)
                    continue
                data = data_of(message)
                fields = customer_fields(data, self._options)
                first = emails.setdefault(fields["email"], message.key)
                if first != message.key:
                    yield refused(message, _shared(fields["email"], first))
                    continue
                yield accepted(message, self._put(data, fields, ids.get(message.key), calls))
            except Rejected as refusal:
                yield refused(message, refusal)

    def _put(self, data: Data, fields: dict[str, Any], bound: str | None, calls: Calls) -> str:
        there = self._there(fields["email"], bound, calls)
        body = {"website_id": self._options.website, **(there or {}), **fields}
        kept = list((there or {}).get("addresses") or ())
        known = {_told(each) for each in kept}
        for province, each in addresses(data, fields):
            if _told(each) not in known:
                known.add(_told(each))
                kept.append({**each, "region": _region(province, each["country_id"], calls)})
        for use in ("default_billing", "default_shipping") if kept else ():
            if not any(each.get(use) for each in kept):
                kept[0][use] = True
        if kept:
            body["addresses"] = kept
        if there is None:
            return str(calls.post("customers", {"customer": body}).require()["id"])
        path = f"customers/{there['id']}"
        return str(calls.put(path, {"customer": body}).require()["id"])

    def _there(self, email: str, bound: str | None, calls: Calls) -> Item | None:
        if bound is not None:
            reply = calls.get(f"customers/{bound}")
            if reply.status != 404:
                found: Item = reply.require()
                return found
        by_email = ("email", "eq", email), ("website_id", "eq", self._options.website)
        return next(calls.search("customers/search", *by_email), None)

    def _deleted(self, message: Message, number: str | None, calls: Calls) -> Receipt:
        if number is None or self._options.deleted == "hide":
            return accepted(message)
        reply = calls.delete(f"customers/{number}")
        if reply.refused and reply.status != 404:
            raise reply.refusal()
        return accepted(message, number)


def _shared(email: str, key: str) -> Rejected:
    return Rejected(
        "SA-5406",
        f"{email} is the address of customer {key} already",
        hint="two customers cannot share an e-mail address in Magento",
    )


def _told(address: Item) -> tuple[str, ...]:
    street = " ".join(str(line) for line in address.get("street") or ())
    return (street, *(str(address.get(name) or "") for name in TOLD))


def _region(province: str, country: str, calls: Calls) -> Item:
    """A province as Magento knows it; countries without a list of them take it as text."""
    known = calls.get_once(f"directory/countries/{segment(country)}").value or {}
    for each in known.get("available_regions") or ():
        if province.casefold() in {str(each["code"]).casefold(), str(each["name"]).casefold()}:
            number = int(each["id"])
            return {"region_code": each["code"], "region": each["name"], "region_id": number}
    return {"region_code": province, "region": province, "region_id": 0}
