"""Business One as an ERP to write into: one `POST /Orders` an order, its lines in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agent.errors import Rejected
from agent.model import Json
from connectors._erp.asking import Asking, Fault
from connectors._erp.erp import Account, Document, Draft, DraftLine, Newcomer, overlaid
from connectors._erp.odata import having
from connectors._erp.options import Mark
from connectors._erp.records import Address
from connectors._odata.literals import literal
from connectors._rest.api import parsed
from connectors.business_one.options import WritingOptions

LOCKS = frozenset({"-2038", "-2039", "-1250"})
"""The record is locked, or another user changed it meanwhile."""
SETS = {"order": "Orders", "quotation": "Quotations"}
ITS_CUSTOMERS = "CardType eq 'cCustomer'"
REPLACE = ("B1S-ReplaceCollectionsOnPatch", "true")
"""Without it lines that the new version lacks would stay."""


def fault(value: Json) -> Fault:
    """`{"error": {"code": -10, "message": "…"}}`; version 1 has the words one level below."""
    error = value.get("error") if isinstance(value, dict) else None
    if not isinstance(error, dict):
        return Fault("", "no reason given")
    message = error.get("message")
    words = message.get("value") if isinstance(message, dict) else message
    return Fault(str(error.get("code", "")), str(words))


class BusinessOne:
    """One company during one delivery."""

    longest_reference = 100
    marks = frozenset[Mark]({"code", "vat_number", "tax_code", "email"})

    def __init__(self, asking: Asking, options: WritingOptions) -> None:
        self._asking, self._options = asking, options
        self._url = asking.api.url
        self._set = SETS[options.document]
        self.keeps_code = options.customer_series is None

    def documents(self, references: Sequence[str]) -> Sequence[Document]:
        """By NumAtCard or the field of one's own: Business One takes the same one twice."""
        field = self._options.reference_field
        select = ("DocEntry", "DocNum", "CardCode", "Cancelled", field)
        return [
            Document(
                each[field],
                str(each["DocNum"]),
                str(each["DocEntry"]),
                each["CardCode"],
                each["Cancelled"] == "tYES",
            )
            for each in having(self._asking, self._set, field, references, select)
        ]

    def items(self, skus: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """By ItemCode, or whatever property holds the SKU."""
        field, found = self._options.item_field, dict[str, list[str]]()
        for each in having(self._asking, "Items", field, skus, ("ItemCode", field)):
            found.setdefault(each[field], []).append(each["ItemCode"])
        return found

    def accounts(self, mark: Mark, values: Sequence[str]) -> Sequence[Account]:
        """Business partners that are customers."""
        field = {
            "code": "CardCode",
            "vat_number": "FederalTaxID",
            "tax_code": self._options.tax_code_field,
            "email": "EmailAddress",
        }[mark]
        found = having(
            self._asking, "BusinessPartners", field, values, ("CardCode",), ITS_CUSTOMERS
        )
        return [Account(each["CardCode"], each["CardCode"]) for each in found]

    def own_accounts(self, reference: str) -> Sequence[Account]:
        """By the code that it was given, unless Business One numbers its partners itself."""
        if not self.keeps_code:
            return ()
        select = ("CardCode", "CardName")
        found = having(
            self._asking, "BusinessPartners", "CardCode", [reference], select, ITS_CUSTOMERS
        )
        return [_account(each) for each in found]

    def write(self, draft: Draft) -> str:
        """One request, one transaction."""
        answer = self._asking.write("POST", f"{self._url}/{self._set}", self._document(draft))
        return str(parsed(answer).value["DocNum"])

    def change(self, document: Document, draft: Draft) -> None:
        """Header and lines together; Business One refuses it for what is delivered already."""
        fixed = {"CardCode", "Series", self._options.reference_field}
        body = {name: value for name, value in self._document(draft).items() if name not in fixed}
        self._asking.write("PATCH", f"{self._url}/{self._set}({document.place})", body, [REPLACE])

    def cancel(self, document: Document) -> None:
        """By the action of that name."""
        self._asking.write("POST", f"{self._url}/{self._set}({document.place})/Cancel")

    def open_account(self, newcomer: Newcomer) -> str:
        """With its addresses."""
        customer, address = newcomer.customer, newcomer.customer.address
        named = [(address, "bo_BillTo"), (address, "bo_ShipTo")] if address else []
        named += [
            (each, "bo_ShipTo" if each.kind == "shipping" else "bo_BillTo")
            for each in customer.addresses
        ]
        account = {
            "CardCode": newcomer.reference if self.keeps_code else None,
            "Series": self._options.customer_series,
            "CardType": "cCustomer",
            **self._master_data(newcomer),
            "BPAddresses": [_partner_address(*each) for each in _distinct(named)] or None,
        }
        body = overlaid(account, newcomer.fields)
        answer = self._asking.write("POST", f"{self._url}/BusinessPartners", body)
        return str(parsed(answer).value["CardCode"])

    def change_account(self, account: Account, newcomer: Newcomer) -> None:
        """Not its addresses: those that people added in Business One would be in the way."""
        body = overlaid(self._master_data(newcomer), newcomer.fields)
        code = literal(account.place, "Edm.String", "4")
        where = f"{self._url}/BusinessPartners({code})"
        self._asking.write("PATCH", where, body)

    def _master_data(self, newcomer: Newcomer) -> dict[str, Json]:
        customer = newcomer.customer
        return {
            "CardName": customer.name,
            "FederalTaxID": customer.vat_number or None,
            self._options.tax_code_field: customer.tax_code or None,
            "EmailAddress": customer.email or None,
            "Phone1": customer.phone or None,
        }

    def _document(self, draft: Draft) -> dict[str, Json]:
        order, options = draft.order, self._options
        document: dict[str, Json] = {
            "CardCode": draft.customer,
            "NumAtCard": order.customer_reference or None,
            "Series": options.series,
            "DocDate": draft.placed_on.isoformat(),
            "DocDueDate": draft.due_on.isoformat(),
            "DocCurrency": draft.currency,
            "Comments": order.note or None,
            "PaymentGroupCode": _whole("payment_terms", order.payment_terms),
            "TransportationCode": _whole("shipping_method", order.shipping_method),
            "DocumentLines": [self._line(line) for line in draft.lines] + [*draft.further_lines],
        }
        document[options.reference_field] = draft.reference
        if options.addresses:
            extension = {
                **_extension("ShipTo", order.shipping_address),
                **_extension("BillTo", order.billing_address),
            }
            document["AddressExtension"] = extension or None
        return overlaid(document, draft.fields)

    @staticmethod
    def _line(line: DraftLine) -> dict[str, Json]:
        ordered = line.ordered
        return overlaid(
            {
                "ItemCode": line.item,
                "Quantity": ordered.quantity,
                "UnitPrice": ordered.price,
                "DiscountPercent": ordered.discount,
                "VatGroup": line.tax,
                "WarehouseCode": line.warehouse,
                "FreeText": ordered.note or None,
            },
            line.further,
        )


def _account(partner: Mapping[str, Json]) -> Account:
    code = str(partner["CardCode"])
    return Account(code, code, name=partner["CardName"] or "-")


def _extension(prefix: str, address: Address | None) -> dict[str, Json]:
    """An address in one document alone; the addressee has no field of its own there."""
    if address is None:
        return {}
    fields = {
        "Street": address.street,
        "Address2": address.name,
        "ZipCode": address.postal_code,
        "City": address.city,
        "State": address.province,
        "Country": address.country,
    }
    return {prefix + name: value for name, value in fields.items() if value}


def _partner_address(address: Address, kind: str) -> dict[str, Any]:
    fields = {
        "AddressName": address.code or address.name or address.street[:50],
        "AddressType": kind,
        "Street": address.street,
        "ZipCode": address.postal_code,
        "City": address.city,
        "State": address.province,
        "Country": address.country,
    }
    return {name: value for name, value in fields.items() if value}


def _distinct(named: Sequence[tuple[Address, str]]) -> list[tuple[Address, str]]:
    """Names of addresses occur once for each use."""
    found: dict[tuple[Json, str], tuple[Address, str]] = {}
    for address, kind in named:
        place = (_partner_address(address, kind)["AddressName"], kind)
        found.setdefault(place, (address, kind))
    return list(found.values())


def _whole(field: str, text: str | None) -> int | None:
    """A code of Business One that is a number."""
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        raise Rejected(
            "SA-5357",
            f"{field} {text!r} is no code of Business One",
            hint=f"give it one in the mapping: {field}: {{from: …, values: {{…: 3}}}}",
        ) from None
