"""NetSuite as an ERP to write into: one `PUT salesOrder/eid:REFERENCE`, its lines in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from urllib.parse import quote

from agent.errors import Rejected
from agent.model import Json
from connectors._erp.asking import Asking, Fault
from connectors._erp.erp import (
    Account,
    Document,
    Draft,
    DraftLine,
    Newcomer,
    overlaid,
    without_nulls,
)
from connectors._erp.options import Mark
from connectors._erp.records import Address
from connectors._erp.verdicts import written_already
from connectors._http.client import Answer
from connectors._rest.questions import Question
from connectors.netsuite.options import PATH, WritingOptions

RECORDS = "/services/rest/record/v1"
TYPES = {"order": ("salesOrder", "SalesOrd"), "quotation": ("estimate", "Estimate")}
"""What an order becomes: the record's name, and its type among the transactions."""
LOCKS = frozenset({"RCRD_HAS_BEEN_CHANGED", "SSS_RECORD_LOCKED"})
STRICT = (
    ("x-netsuite-propertynamevalidation", "Error"),
    ("x-netsuite-propertyvaluevalidation", "Error"),
)
"""Without these NetSuite passes over what it does not know, and says that all went well."""
CUSTOM_PRICE = {"id": "-1"}
CANCELLED = "C"
HUNDRED = Decimal(100)


def fault(value: Json) -> Fault:
    """RFC 9457 with details: `{"title", "o:errorDetails": [{"detail", "o:errorCode"}]}`."""
    details = value.get("o:errorDetails") if isinstance(value, dict) else None
    if not isinstance(details, list) or not details:
        title = value.get("title") if isinstance(value, dict) else None
        return Fault("", str(title or "no reason given"))
    words = "; ".join(
        str(each.get("detail", "")) + (f" [{path}]" if (path := each.get("o:errorPath")) else "")
        for each in details
    )
    return Fault(str(details[0].get("o:errorCode", "")), words)


class NetSuite:
    """One account during one delivery."""

    longest_reference = 100
    keeps_code = True

    def __init__(self, asking: Asking, options: WritingOptions) -> None:
        self._asking, self._options = asking, options
        self._record, self._type = TYPES[options.document]
        self._currencies = dict(options.currencies)
        self._fields: dict[Mark, str] = {
            "code": "id",
            "vat_number": "vatregnumber",
            "email": "email",
        }
        if options.tax_code_field:
            self._fields["tax_code"] = options.tax_code_field
        self.marks = frozenset(self._fields)

    def documents(self, references: Sequence[str]) -> Sequence[Document]:
        """By external id, of which there is one of each type."""
        condition = f"type = '{self._type}' AND externalid IN ({_texts(references)})"
        found = self._query(
            f"id, tranid, externalid, entity, status FROM transaction WHERE {condition}"
        )
        return [
            Document(
                str(each["externalid"]),
                str(each.get("tranid") or each["id"]),
                str(each["id"]),
                str(each.get("entity", "")),
                str(each.get("status", "")).rpartition(":")[2] == CANCELLED,
            )
            for each in found
        ]

    def items(self, skus: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """By item name, or whatever column holds the SKU."""
        field, found = self._options.item_field, dict[str, list[str]]()
        condition = f"isinactive = 'F' AND {field} IN ({_texts(skus)})"
        for each in self._query(f"id, {field} AS sku FROM item WHERE {condition}"):
            found.setdefault(str(each["sku"]), []).append(str(each["id"]))
        return found

    def accounts(self, mark: Mark, values: Sequence[str]) -> Sequence[Account]:
        """Customers by internal id, VAT number, e-mail, or the field that holds tax codes."""
        if mark == "code":
            values = [each for each in values if each.isascii() and each.isdigit()]
        return self._customers(self._fields[mark], values)

    def own_accounts(self, reference: str) -> Sequence[Account]:
        """By external id."""
        return self._customers("externalid", [reference])

    def write(self, draft: Draft) -> str:
        """One request, one transaction; its number is asked for behind it."""
        self._put(draft)
        with written_already():
            (document,) = self.documents([draft.reference])
        return document.number

    def change(self, document: Document, draft: Draft) -> None:  # noqa: ARG002 - named by eid
        """The same request once more, its lines in place of the old ones."""
        self._put(draft)

    def cancel(self, document: Document) -> None:
        """By its status, which NetSuite allows as long as the order waits for approval."""
        body = {"orderStatus": {"id": CANCELLED}}
        self._write("PATCH", f"{self._record}/{document.place}", body)

    def open_account(self, newcomer: Newcomer) -> str:
        """Under our reference as external id; its internal id."""
        customer = newcomer.customer
        named = [customer.address] if customer.address else []
        entries = [
            {
                "addressBookAddress": _address(each),
                "defaultBilling": place == 0,
                "defaultShipping": place == 0,
            }
            for place, each in enumerate([*named, *customer.addresses])
        ]
        body = {
            "isPerson": False,
            **self._master_data(newcomer),
            "addressBook": {"items": entries} if entries else None,
        }
        where = f"customer/eid:{quote(newcomer.reference, safe='')}"
        answer = self._write("PUT", where, overlaid(body, newcomer.fields))
        return answer.headers.get("location", "").rpartition("/")[2] or self._made(newcomer)

    def change_account(self, account: Account, newcomer: Newcomer) -> None:
        """Not its addresses: those that people added in NetSuite would be in the way."""
        body = overlaid(self._master_data(newcomer), newcomer.fields)
        self._write("PATCH", f"customer/{account.place}", body)

    def _made(self, newcomer: Newcomer) -> str:
        with written_already():
            (account,) = self.own_accounts(newcomer.reference)
        return account.number

    def _put(self, draft: Draft) -> None:
        # Without `replace` the lines of a second request would be added to those of the first.
        where = f"{self._record}/eid:{quote(draft.reference, safe='')}?replace=item"
        self._write("PUT", where, self._document(draft))

    def _write(self, method: str, path: str, body: Json) -> Answer:
        return self._asking.write(method, f"{self._asking.api.url}{RECORDS}/{path}", body, STRICT)

    def _query(self, selected: str) -> list[dict[str, Json]]:
        question = Question(
            self._asking.api.url + PATH,
            "POST",
            {"limit": 1000, "offset": 0},
            {"accept": "application/json", "prefer": "transient"},
            {"q": f"SELECT {selected}"},
        )
        rows: list[dict[str, Json]] = self._asking.read(question.request())["items"]
        return rows

    def _customers(self, field: str, values: Sequence[str]) -> list[Account]:
        if not values:
            return []
        condition = f"isinactive = 'F' AND {field} IN ({_texts(values)})"
        found = self._query(f"id FROM customer WHERE {condition}")
        return [Account(str(each["id"]), str(each["id"])) for each in found]

    def _master_data(self, newcomer: Newcomer) -> dict[str, Json]:
        customer = newcomer.customer
        data = {
            "companyName": customer.name,
            "vatRegNumber": customer.vat_number or None,
            "email": customer.email or None,
            "phone": customer.phone or None,
        }
        if self._options.tax_code_field:
            data[self._options.tax_code_field] = customer.tax_code or None
        return without_nulls(data)

    def _document(self, draft: Draft) -> dict[str, Json]:
        order, addresses = draft.order, self._options.addresses
        document: dict[str, Json] = {
            "entity": {"id": draft.customer},
            "tranDate": draft.placed_on.isoformat(),
            "shipDate": draft.due_on.isoformat() if order.delivery_on else None,
            "otherRefNum": order.customer_reference or None,
            "memo": order.note or None,
            "currency": self._currency(draft.currency),
            "terms": _by_id(order.payment_terms),
            "shipMethod": _by_id(order.shipping_method),
            "shippingAddress": _address(order.shipping_address) if addresses else None,
            "billingAddress": _address(order.billing_address) if addresses else None,
            "item": {"items": [self._line(line) for line in draft.lines] + [*draft.further_lines]},
        }
        return overlaid(document, draft.fields)

    @staticmethod
    def _line(line: DraftLine) -> dict[str, Json]:
        ordered, rate = line.ordered, line.ordered.price
        if rate is not None and ordered.discount:
            rate = rate * (HUNDRED - ordered.discount) / HUNDRED
        return overlaid(
            {
                "item": {"id": line.item},
                "quantity": ordered.quantity,
                "price": None if rate is None else CUSTOM_PRICE,
                "rate": rate,
                "taxCode": _by_id(line.tax),
                "location": _by_id(line.warehouse),
            },
            line.further,
        )

    def _currency(self, code: str | None) -> Json:
        """By internal id; left out NetSuite would take that of the customer."""
        if not code:
            return None
        if code.isdigit():
            return {"id": code}
        if code not in self._currencies:
            found = self._query(f"id FROM currency WHERE symbol = {_texts([code])}")
            if not found:
                raise Rejected("SA-5357", f"NetSuite has no currency {code}")
            self._currencies[code] = str(found[0]["id"])
        return {"id": self._currencies[code]}


def _by_id(code: str | None) -> Json:
    return {"id": code} if code else None


def _address(address: Address | None) -> dict[str, Json] | None:
    if address is None:
        return None
    fields = {
        "addressee": address.name,
        "addr1": address.street,
        "city": address.city,
        "zip": address.postal_code,
        "state": address.province,
        "country": {"id": address.country},
    }
    return {name: value for name, value in fields.items() if value}


def _texts(values: Sequence[str]) -> str:
    """A list of texts as SuiteQL writes them."""
    return ", ".join("'" + each.replace("'", "''") + "'" for each in values)
