"""What is asked of orders, refunds and customers, and the answers without Shopify's wrapping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agent.model import Json
from connectors.shopify.marks import number

LINES_A_PAGE, REFUNDS, REFUND_LINES = 10, 3, 5
"""At first so many each: a request is charged for all that it might bring, and may cost 1,000."""
_MONEY = "{ shopMoney { amount } }"
_ADDRESS = "{ name company address1 address2 city zip province provinceCode countryCodeV2 phone }"
_KEY = 'key: metafield(namespace: "syncagent", key: "key") { value }'
_LINE = f"""\
id sku name quantity currentQuantity discountedUnitPriceAfterAllDiscountsSet {_MONEY}
taxLines {{ ratePercentage }}"""
_LINES = f"nodes {{ {_LINE} }} pageInfo {{ hasNextPage endCursor }}"


def _refunded(lines: int) -> str:
    return f"""\
{{ id createdAt note totalRefundedSet {_MONEY}
  refundLineItems(first: {lines}) {{
    nodes {{ quantity restockType lineItem {{ id sku }} }} pageInfo {{ hasNextPage }} }} }}"""


_BUYER = f"""\
customer {{ id email displayName {_KEY} }}
purchasingEntity {{ ... on PurchasingCompany {{
  company {{ id name externalId }} location {{ id externalId name }} }} }}"""
_ORDER = f"""\
id name createdAt processedAt updatedAt cancelledAt closedAt cancelReason currencyCode poNumber
note email phone test taxesIncluded tags paymentGatewayNames
displayFinancialStatus displayFulfillmentStatus returnStatus
{_BUYER}
billingAddress {_ADDRESS}
shippingAddress {_ADDRESS}
shippingLine {{ title code }}
subtotalPriceSet {_MONEY} totalShippingPriceSet {_MONEY} totalDiscountsSet {_MONEY}
totalTaxSet {_MONEY} totalPriceSet {_MONEY} currentTotalPriceSet {_MONEY}
totalRefundedSet {_MONEY}
customAttributes {{ key value }}
lineItems(first: {LINES_A_PAGE}) {{ {_LINES} }}
refunds(first: {REFUNDS}) {_refunded(REFUND_LINES)}
returns(first: 3) {{ nodes {{ id name status createdAt totalQuantity }} }}"""
_REFUND = f"""\
id createdAt note totalRefundedSet {_MONEY}
refundLineItems(first: 100, after: $after) {{
  nodes {{ quantity restockType subtotalSet {_MONEY} lineItem {{ id sku name }} }}
  pageInfo {{ hasNextPage endCursor }} }}
order {{ id name updatedAt currencyCode email {_BUYER}
  lineItems(first: 250) {{ nodes {{ id }} }} }}"""
_CUSTOMER = f"""\
id {_KEY} displayName firstName lastName createdAt updatedAt state locale note tags taxExempt
numberOfOrders defaultEmailAddress {{ emailAddress }} defaultPhoneNumber {{ phoneNumber }}
defaultAddress {_ADDRESS}"""

ORDER_LINES = f"""\
query($id: ID!, $after: String) {{
  order(id: $id) {{ lineItems(first: {LINES_A_PAGE}, after: $after) {{ {_LINES} }} }}
}}"""
"""Further lines of a long order."""
REFUND = f"""\
query($ids: [ID!]!, $after: String) {{ nodes(ids: $ids) {{ ... on Refund {{ {_REFUND} }} }} }}"""
"""One refund with its order, and further lines of a long one."""
ORDER_REFUNDS = f"""\
query($id: ID!) {{ order(id: $id) {{ refunds(first: 20) {_refunded(20)} }} }}"""
"""The refunds of an order that has many, or long ones."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One kind of record: how it is listed, how one is read, which columns a row has."""

    kind: str
    scope: str
    page: str
    nodes: str
    columns: tuple[str, ...]
    vanishes: bool
    """Whether a record that is not in the whole list is gone."""
    keys_a_request: int
    """So many single ones may be asked for at once."""


def _page(field: str, sort_key: str, selection: str) -> str:
    return f"""\
query($first: Int!, $after: String, $query: String) {{
  {field}(first: $first, after: $after, query: $query, sortKey: {sort_key}) {{
    nodes {{ {selection} }} pageInfo {{ hasNextPage endCursor }}
  }}
}}"""


def _nodes(kind: str, selection: str) -> str:
    return f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {kind} {{ {selection} }} }} }}"


def _columns(*names: str, **nested: str) -> tuple[str, ...]:
    """Names, and names inside of objects: `customer="id email"` is `customer.id` and so on."""
    inner = [f"{name}.{each}" for name, within in nested.items() for each in within.split()]
    return (*" ".join(names).split(), *inner)


_ADDRESS_COLUMNS = "name company address1 address2 city zip provinceCode countryCodeV2 phone"
LISTINGS: Mapping[str, Listing] = {
    "orders": Listing(
        kind="Order",
        scope="read_orders",
        page=_page("orders", "UPDATED_AT", _ORDER),
        nodes=_nodes("Order", _ORDER),
        columns=_columns(
            "id name createdAt processedAt updatedAt cancelledAt closedAt cancelReason",
            "currencyCode poNumber note email phone test taxesIncluded tags paymentGatewayNames",
            "displayFinancialStatus displayFulfillmentStatus returnStatus",
            "subtotalPriceSet totalShippingPriceSet totalDiscountsSet totalTaxSet totalPriceSet",
            "currentTotalPriceSet totalRefundedSet customAttributes lineItems refunds returns",
            customer="id email displayName key",
            company="id name externalId location",
            billingAddress=_ADDRESS_COLUMNS,
            shippingAddress=_ADDRESS_COLUMNS,
            shippingLine="title code",
        ),
        # Without read_all_orders only those of the last 60 days are listed.
        vanishes=False,
        keys_a_request=8,
    ),
    "refunds": Listing(
        kind="Refund",
        scope="read_orders",
        page=_page("refunds: orders", "UPDATED_AT", "id updatedAt refunds(first: 100) { id }"),
        nodes=REFUND,
        columns=_columns(
            "id createdAt updatedAt note totalRefundedSet lines",
            order="id name currencyCode email",
            customer="id email displayName key",
            company="id name externalId location",
        ),
        vanishes=False,
        keys_a_request=1,
    ),
    "customers": Listing(
        kind="Customer",
        scope="read_customers",
        page=_page("customers", "UPDATED_AT", _CUSTOMER),
        nodes=_nodes("Customer", _CUSTOMER),
        columns=_columns(
            "id key displayName firstName lastName createdAt updatedAt state locale note tags",
            "taxExempt numberOfOrders email phone",
            defaultAddress=_ADDRESS_COLUMNS,
        ),
        vanishes=True,
        keys_a_request=100,
    ),
}
"""What a flow may read."""


def plain(value: Json) -> Json:
    """An answer without wrapping: money as its amount, lists as lists, ids as numbers."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "shopMoney" in value:
        return value["shopMoney"]["amount"]
    if "nodes" in value:
        return plain(value["nodes"])
    found = {name: plain(each) for name, each in value.items()}
    if isinstance(found.get("id"), str):
        found["id"] = number(found["id"])
    if isinstance(found.get("key"), dict):
        found["key"] = found["key"]["value"]
    return found


def record(node: Json) -> Json:
    """A record as rows are made of it."""
    found = plain(node)
    if "lineItems" in found:
        found["company"] = _company(found.pop("purchasingEntity"))
        found["lineItems"] = [
            {"line": place, **_line(each)} for place, each in enumerate(found["lineItems"], 1)
        ]
    if "defaultEmailAddress" in found:
        found["email"] = (found.pop("defaultEmailAddress") or {}).get("emailAddress")
        found["phone"] = (found.pop("defaultPhoneNumber") or {}).get("phoneNumber")
    return found


def company_of(buyer: Json) -> Json:
    """The company that bought, as it was answered; None where a person did."""
    return _company(plain(buyer))


def _company(buyer: Json) -> Json:
    if not buyer or not buyer.get("company"):
        return None
    return {**buyer["company"], "location": (buyer.get("location") or {}).get("externalId")}


def _line(line: Json) -> Json:
    taxes = line.pop("taxLines")
    rates = [each["ratePercentage"] for each in taxes if each["ratePercentage"] is not None]
    line["taxRate"] = sum(rates) if rates else None
    line["unitPrice"] = line.pop("discountedUnitPriceAfterAllDiscountsSet")
    return line
