"""Business Central as an ERP to write into: one `POST salesOrders` with its lines in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agent.errors import Rejected
from agent.model import Json
from connectors._erp.asking import Asking, Fault, require_parts
from connectors._erp.erp import (
    Account,
    Document,
    Draft,
    DraftLine,
    Newcomer,
    overlaid,
    without_nulls,
)
from connectors._erp.odata import having
from connectors._erp.options import Mark
from connectors._rest.api import parsed
from connectors._rest.questions import Question
from connectors.business_central.options import WritingOptions

SETS = {"order": "salesOrders", "quotation": "salesQuotes"}
LINES = {"order": "salesOrderLines", "quotation": "salesQuoteLines"}
FOLLOWING = {"order": ("salesInvoices",), "quotation": ("salesOrders", "salesInvoices")}
"""Where a document is found once it has become another: then the first one is gone."""
REFERENCE = "externalDocumentNumber"
MOST_REQUESTS = 100
ALL_OR_NOTHING = ("isolation", "snapshot")


def fault(value: Json) -> Fault:
    """`{"error": {"code": "Application_…", "message": "…  CorrelationId:  …"}}`."""
    error = value.get("error") if isinstance(value, dict) else None
    if not isinstance(error, dict):
        return Fault("", "no reason given")
    words = str(error.get("message", "")).partition("CorrelationId:")[0].strip()
    return Fault(str(error.get("code", "")), words)


class BusinessCentral:
    """One company during one delivery."""

    longest_reference = 35

    def __init__(self, asking: Asking, company: str, options: WritingOptions) -> None:
        self._asking, self._options = asking, options
        self._company = f"companies({company})"
        self._set = SETS[options.document]
        self._lines = LINES[options.document]
        self._locations: dict[str, str] = {}
        self.keeps_code = options.customer_numbers == "reference"
        without_tax_code: set[Mark] = {"code", "vat_number", "email"}
        self.marks: frozenset[Mark] = frozenset(
            without_tax_code | ({"tax_code"} if options.tax_code_field else set())
        )

    def documents(self, references: Sequence[str]) -> Sequence[Document]:
        """Those that are open, and those that were posted and live on as another document only."""
        upper = [each.upper() for each in references]  # the field keeps capitals only
        found = list(self._bearing(self._set, upper))
        for name in FOLLOWING[self._options.document]:
            seen = {document.reference for document in found}
            if rest := [each for each in upper if each not in seen]:
                found += [each._replace(place="") for each in self._bearing(name, rest)]
        return found

    def items(self, skus: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """By number, or whatever property holds the SKU."""
        field, found = self._options.item_field, dict[str, list[str]]()
        wanted = [sku.upper() for sku in skus] if field == "number" else skus
        for each in self._having("items", field, wanted, ("number", field)):
            found.setdefault(each[field], []).append(each["number"])
        return found

    def accounts(self, mark: Mark, values: Sequence[str]) -> Sequence[Account]:
        """Customers by number, VAT number, e-mail, or the field that holds tax codes."""
        field = {
            "code": "number",
            "vat_number": "taxRegistrationNumber",
            "tax_code": self._options.tax_code_field or "",
            "email": "email",
        }[mark]
        wanted = [each.upper() for each in values] if mark == "code" else values
        select = ("id", "number", "displayName")
        return [_account(each) for each in self._having("customers", field, wanted, select)]

    def own_accounts(self, reference: str) -> Sequence[Account]:
        """By the number that it was given, unless a series gave it."""
        if not self.keeps_code:
            return ()
        select = ("id", "number", "displayName")
        found = self._having("customers", "number", [reference.upper()], select)
        return [_account(each, str(each["displayName"]) or "-") for each in found]

    def write(self, draft: Draft) -> str:
        """A deep insert: header and lines are one transaction."""
        body = {**self._header(draft), self._lines: self._body_lines(draft)}
        answer = self._asking.write("POST", self._url(self._set), body)
        return str(parsed(answer).value["number"])

    def change(self, document: Document, draft: Draft) -> None:
        """Header, the old lines' end and the new lines in one batch that is taken whole or not."""
        self._require_open(document)
        place = f"{self._company}/{self._set}({document.place})"
        header = self._header(draft)
        for fixed in ("customerNumber", REFERENCE):
            header.pop(fixed, None)
        lines = self._body_lines(draft)
        requests = [_request("PATCH", place, header, document.tag)]
        requests += [
            _request("DELETE", f"{place}/{self._lines}({each['id']})", None, "*")
            for each in self._present_lines(place)
        ]
        requests += [_request("POST", f"{place}/{self._lines}", line) for line in lines]
        if len(requests) > MOST_REQUESTS:
            raise Rejected(
                "SA-5350",
                f"changing document {document.number} takes {len(requests)} steps; Business "
                f"Central takes {MOST_REQUESTS} at once",
                hint="change it by hand, then: syncagent orders confirm",
            )
        numbered = [{"id": str(place), **each} for place, each in enumerate(requests, start=1)]
        body = {"requests": numbered}
        answer = self._asking.write("POST", self._at("$batch"), body, [ALL_OR_NOTHING])
        responses = parsed(answer).value["responses"]
        require_parts((int(each["status"]), fault(each.get("body"))) for each in responses)

    def cancel(self, document: Document) -> None:
        """By deleting it: an order that is not posted has no other end."""
        self._require_open(document)
        where = self._url(f"{self._set}({document.place})")
        self._asking.write("DELETE", where, headers=[("if-match", document.tag)])

    def open_account(self, newcomer: Newcomer) -> str:
        """With its seat as address."""
        number = newcomer.reference if self.keeps_code else None
        body = overlaid(
            {"number": number, "type": "Company", **_master_data(newcomer, self._options)},
            newcomer.fields,
        )
        answer = self._asking.write("POST", self._url("customers"), body)
        return str(parsed(answer).value["number"])

    def change_account(self, account: Account, newcomer: Newcomer) -> None:
        """Name, numbers, address."""
        body = overlaid(_master_data(newcomer, self._options), newcomer.fields)
        where = self._url(f"customers({account.place})")
        self._asking.write("PATCH", where, body, [("if-match", account.tag)])

    def _require_open(self, document: Document) -> None:
        if not document.place:
            raise Rejected(
                "SA-5350",
                f"document {document.number} is posted already",
                hint="settle it in Business Central, then: syncagent orders confirm",
            )

    def _bearing(self, name: str, references: Sequence[str]) -> Iterator[Document]:
        posted = ("orderNumber",) if name == "salesInvoices" else ()
        select = ("id", "number", REFERENCE, "customerNumber", *posted)
        for each in self._having(name, REFERENCE, references, select):
            yield Document(
                each[REFERENCE],
                str(each.get("orderNumber") or each["number"]),
                str(each["id"]),
                str(each["customerNumber"]),
                tag=str(each.get("@odata.etag", "*")),
            )

    def _having(
        self, name: str, field: str, values: Sequence[str], select: Sequence[str]
    ) -> Iterator[dict[str, Any]]:
        return having(self._asking, f"{self._company}/{name}", field, values, select)

    def _present_lines(self, place: str) -> list[dict[str, Any]]:
        question = Question(self._at(f"{place}/{self._lines}"), parameters={"$select": "id"})
        lines: list[dict[str, Any]] = self._asking.read(question.request())["value"]
        return lines

    def _header(self, draft: Draft) -> dict[str, Json]:
        order, address = draft.order, draft.order.shipping_address
        ordered = self._options.document == "order"
        header: dict[str, Json] = {
            "customerNumber": draft.customer,
            REFERENCE: draft.reference,
            "orderDate" if ordered else "documentDate": draft.placed_on.isoformat(),
            "requestedDeliveryDate": draft.due_on.isoformat() if order.delivery_on else None,
            "currencyCode": draft.currency,
        }
        if self._options.addresses and address:
            header |= {
                "shipToName": address.name,
                "shipToAddressLine1": address.street,
                "shipToCity": address.city,
                "shipToState": address.province,
                "shipToPostCode": address.postal_code,
                "shipToCountry": address.country,
            }
        return overlaid(header, draft.fields)

    def _body_lines(self, draft: Draft) -> list[Json]:
        self._find_locations(line.warehouse for line in draft.lines)
        return [self._line(line) for line in draft.lines] + [*draft.further_lines]

    def _line(self, line: DraftLine) -> dict[str, Json]:
        ordered = line.ordered
        return overlaid(
            {
                "lineType": "Item",
                "lineObjectNumber": line.item,
                "quantity": ordered.quantity,
                "unitPrice": ordered.price,
                "discountPercent": ordered.discount,
                "taxCode": line.tax,
                "locationId": self._locations.get((line.warehouse or "").upper()),
            },
            line.further,
        )

    def _find_locations(self, codes: Iterator[str | None]) -> None:
        wanted = {code.upper() for code in codes if code} - self._locations.keys()
        if wanted:
            found = self._having("locations", "code", sorted(wanted), ("id", "code"))
            self._locations |= {each["code"]: each["id"] for each in found}
        if missing := wanted - self._locations.keys():
            raise Rejected("SA-5357", f"there is no location {min(missing)}")

    def _url(self, path: str) -> str:
        return self._at(f"{self._company}/{path}")

    def _at(self, path: str) -> str:
        return f"{self._asking.api.url}/{path}"


def _account(customer: Mapping[str, Json], name: str = "") -> Account:
    tag = str(customer.get("@odata.etag", "*"))
    return Account(str(customer["number"]), str(customer["id"]), tag, name)


def _master_data(newcomer: Newcomer, options: WritingOptions) -> dict[str, Json]:
    customer = newcomer.customer
    data: dict[str, Json] = {
        "displayName": customer.name,
        "taxRegistrationNumber": customer.vat_number or None,
        "email": customer.email or None,
        "phoneNumber": customer.phone or None,
    }
    if options.tax_code_field:
        data[options.tax_code_field] = customer.tax_code or None
    if address := customer.address:
        data |= {
            "addressLine1": address.street,
            "city": address.city,
            "state": address.province,
            "postalCode": address.postal_code,
            "country": address.country,
        }
    return without_nulls(data)


def _request(method: str, url: str, body: Json, tag: str = "") -> dict[str, Json]:
    headers = {"Content-Type": "application/json"} if body is not None else {}
    if tag:
        headers["If-Match"] = tag
    return without_nulls({"method": method, "url": url, "headers": headers, "body": body})
