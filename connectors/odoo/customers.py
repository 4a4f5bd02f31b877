"""Customers: found by their numbers, else made; their addresses are contacts below them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from agent.model import Json, Message, Op, Receipt
from connectors._canonical import data_of
from connectors._verdicts import accepted, settled
from connectors.odoo.writing import Writing, changes, only_active, several

PARTNER = "res.partner"
MARKS = {
    "vat_number": "vat",
    "tax_code": "l10n_it_codice_fiscale",
    "code": "ref",
    "email": "email",
}
TEXTS = {
    "name": "name",
    "code": "ref",
    "vat_number": "vat",
    "tax_code": "l10n_it_codice_fiscale",
    "sdi_code": "l10n_it_pa_index",
    "certified_email": "l10n_it_pec_email",
    "email": "email",
    "phone": "phone",
}
ON_TOP = ["parent_id", "=", False]
KINDS = {"billing": "invoice", "shipping": "delivery"}
ADDRESS = ["type", "name", "street", "zip", "city"]


def deliver(work: Writing, messages: Sequence[Message]) -> Iterator[Receipt]:
    """One by one: two of them may be the same company."""
    for message in messages:
        yield settled(message, partial(_deliver, work))


def _deliver(work: Writing, message: Message) -> Receipt:
    bound = work.bindings.find("customer", [message.key]).get(message.key)
    if message.op is Op.DELETE:
        if bound and work.search(PARTNER, [["id", "=", int(bound)], ["active", "=", True]], ["id"]):
            work.call(PARTNER, "action_archive", ids=[int(bound)])
        return accepted(message)
    record = data_of(message)
    wanted = _values(work, record)
    found = _found(work, record, bound, list(wanted))
    if found is None:
        rank = {"customer_rank": 1} if "customer_rank" in work.fields(PARTNER) else {}
        (partner,) = work.create(PARTNER, [{"is_company": True, **rank, **wanted}])
    else:
        partner = int(found["id"])
        # A partner who was there before us keeps the number that others know.
        if found.get("ref") and str(partner) != bound:
            wanted.pop("ref", None)
        if found.get("vat") in _spellings(record, "vat_number"):
            wanted.pop("vat", None)
        if work.options.overwrite and (different := changes(found, wanted, work.fields(PARTNER))):
            work.write(PARTNER, [partner], different)
    for address in record.get("addresses") or []:
        address_of(work, partner, address, KINDS.get(address.get("kind", ""), "other"))
    return accepted(message, partner)


def _values(work: Writing, record: Mapping[str, Json]) -> dict[str, Json]:
    known = work.fields(PARTNER)
    values: dict[str, Json] = {
        theirs: record[ours] or False
        for ours, theirs in TEXTS.items()
        if ours in record and theirs in known
    }
    if record.get("active") is not None:
        values["active"] = record["active"]
    if address := record.get("address"):
        values |= _place(work, address)
    if name := record.get("price_list"):
        values["property_product_pricelist"] = work.id_of("product.pricelist", "name", name)
    if name := record.get("payment_terms"):
        values["property_payment_term_id"] = work.id_of("account.payment.term", "name", name)
    if (language := record.get("language")) and (code := _language(work, language)):
        values["lang"] = code
    return values


def _language(work: Writing, short: str) -> str:
    """The installed language: `it_IT` for `it`; "" for one that is not installed."""
    found = work.search("res.lang", [["active", "=", True]], ["code"])
    return next((each["code"] for each in found if each["code"].startswith(short)), "")


def _place(work: Writing, address: Mapping[str, Json]) -> dict[str, Json]:
    country = work.id_of("res.country", "code", str(address["country"]).upper())
    values: dict[str, Json] = {
        "street": address["street"],
        "city": address["city"],
        "zip": address.get("postal_code") or False,
        "country_id": country,
    }
    if province := address.get("province"):
        here = [["country_id", "=", country], ["code", "=", province]]
        states = work.search("res.country.state", here, ["id"])
        values["state_id"] = states[0]["id"] if states else False
    return values


def _found(
    work: Writing, record: Mapping[str, Json], bound: str | None, fields: Sequence[str]
) -> Mapping[str, Any] | None:
    """The partner that is remembered, else the one that a number of the record names."""
    read = list(dict.fromkeys((*fields, "active", "ref")))
    if bound and (ours := work.search(PARTNER, [["id", "=", int(bound)]], read)):
        return ours[0]
    for mark in work.options.match:
        value, field = record.get(mark), MARKS[mark]
        if not value or field not in work.fields(PARTNER):
            continue
        found = only_active(
            work.search(PARTNER, [[field, "in", _spellings(record, mark)], ON_TOP], read)
        )
        if len(found) > 1:
            raise several(f"partner with {field} {value!r}", found)
        if found:
            return found[0]
    return None


def _spellings(record: Mapping[str, Json], mark: str) -> list[str]:
    """What the partner may have there: a VAT number with or without its country before it."""
    value = str(record.get(mark) or "")
    if mark != "vat_number":
        return [value]
    bare = value.replace(" ", "").upper()
    if bare[:2].isalpha():
        return [bare, bare[2:]]
    country = (record.get("address") or {}).get("country") or "IT"
    return [bare, f"{country}{bare}".upper()]


def address_of(work: Writing, partner: int, address: Mapping[str, Json], kind: str) -> int:
    """The contact below a partner that has this address, made where there is none."""
    name = address.get("name") or False
    place = _place(work, address)
    wanted = {
        "type": kind,
        "name": name,
        **{each: place[each] for each in ("street", "zip", "city")},
    }
    domain = [["parent_id", "=", partner], *([field, "=", wanted[field]] for field in ADDRESS)]
    if found := work.search(PARTNER, domain, ["id"]):
        return int(found[0]["id"])
    values = {"parent_id": partner, "type": kind, "name": name, **place}
    for ours in ("phone", "email"):
        if address.get(ours):
            values[ours] = address[ours]
    return work.create(PARTNER, [values])[0]
