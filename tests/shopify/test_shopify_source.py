"""Orders and customers are read whole, by what changed, and one by one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.contract import Batch
from agent.errors import Misconfigured, Rejected, Unavailable
from connectors.shopify.options import ShopifyOptions, SourceOptions
from connectors.shopify.source import ShopifySource
from tests.erp.following import configured, presets_of, run
from tests.peers.shopify.costs import Bucket
from tests.peers.shopify.server import ShopServer
from tests.peers.shopify.shop import Record

ADDRESS = {
    "name": "Mario Rossi", "company": "Rossi srl", "address1": "Via Roma 1", "address2": None,
    "city": "Milano", "zip": "20121", "province": "Milano", "provinceCode": "MI",
    "countryCodeV2": "IT", "phone": None,
}  # fmt: skip


def money(amount: str) -> Record:
    return {"shopMoney": {"amount": amount}}


def line(number: int, sku: str = "A-1") -> Record:
    return {
        "id": f"gid://shopify/LineItem/{number}", "sku": sku, "name": "Vite M6", "quantity": 2,
        "currentQuantity": 2, "discountedUnitPriceAfterAllDiscountsSet": money("12.50"),
        "taxLines": [{"ratePercentage": 22.0}],
    }  # fmt: skip


def refund(number: int, lines: int = 1) -> Record:
    item = {
        "quantity": 1, "restockType": "RETURN", "lineItem": line(1),
        "subtotalSet": money("12.50"),
    }  # fmt: skip
    return {
        "id": f"gid://shopify/Refund/{number}", "createdAt": "2026-11-21T09:00:00Z", "note": None,
        "totalRefundedSet": money("12.50"), "lines": [item] * lines,
    }  # fmt: skip


def order(server: ShopServer, stamp: str, lines: int = 1, **more: Any) -> Record:
    amounts = {
        name: money("25.00")
        for name in (
            "subtotalPriceSet", "totalShippingPriceSet", "totalDiscountsSet", "totalTaxSet",
            "totalPriceSet", "currentTotalPriceSet", "totalRefundedSet",
        )
    }  # fmt: skip
    customer = {"id": "gid://shopify/Customer/7", "email": "m@example.com", "displayName": "M. R."}
    customer["metafield"] = lambda _, **__: {"value": "C-7"}  # type: ignore[assignment]
    values: dict[str, Any] = {
        "createdAt": stamp, "processedAt": stamp, "updatedAt": stamp, "cancelledAt": None,
        "closedAt": None, "cancelReason": None, "currencyCode": "EUR", "poNumber": "PO-1",
        "note": None, "email": "m@example.com", "phone": None, "test": False,
        "taxesIncluded": False, "tags": [], "paymentGatewayNames": ["bonifico"],
        "displayFinancialStatus": "PAID", "displayFulfillmentStatus": "UNFULFILLED",
        "returnStatus": "NO_RETURN", "customer": customer, "purchasingEntity": None,
        "billingAddress": ADDRESS, "shippingAddress": ADDRESS, "customAttributes": [],
        "shippingLine": {"title": "Corriere", "code": "BRT"}, "refunds": [],
        "fulfillments": [], "fulfillmentOrders": [], **amounts,
    }  # fmt: skip
    values |= {"lineItems": [line(number) for number in range(1, lines + 1)], **more}
    made = server.shop.add("Order", **values)
    made["name"] = f"#{made['id'].rpartition('/')[2]}"
    return made


def customer(server: ShopServer, stamp: str, number: int) -> Record:
    return server.shop.add(
        "Customer", displayName=f"Rossi {number}", firstName=None, lastName=f"Rossi {number}",
        createdAt=stamp, updatedAt=stamp, state="ENABLED", locale="it-IT", note=None, tags=[],
        taxExempt=False, numberOfOrders="0", defaultPhoneNumber=None, defaultAddress=ADDRESS,
        defaultEmailAddress={"emailAddress": f"r{number}@example.com"},
    )  # fmt: skip


@pytest.fixture
def reading(server: ShopServer) -> Iterator[Any]:
    """Opens sources; all are closed at the end."""
    opened: list[ShopifySource] = []

    def open_one(**options: Any) -> ShopifySource:
        connection = {"url": server.url, "token": "env:TEST_SHOPIFY_TOKEN"}
        opened.append(
            ShopifySource(
                ShopifyOptions.model_validate(connection), SourceOptions.model_validate(options)
            )
        )
        return opened[-1]

    yield open_one
    for source in opened:
        source.close()


def ids(batches: list[Batch]) -> list[str]:
    return [row[batch.columns.index("id")] for batch in batches for row in batch.rows]


def number(record: Record) -> str:
    return str(record["id"].rpartition("/")[2])


def test_orders_come_page_by_page_and_never_claim_to_be_all(
    server: ShopServer, reading: Any
) -> None:
    made = [order(server, f"2026-11-2{day}T10:00:00Z") for day in (0, 1)] * 1
    made += [order(server, "2026-11-22T10:00:00Z") for _ in range(4)]
    batches = list(reading(list="orders", page_size=2, changes={}).read(""))
    assert ids(batches) == [number(each) for each in made]
    assert not any(batch.whole or batch.complete for batch in batches)


def test_only_what_was_updated_is_asked_for_with_an_overlap(
    server: ShopServer, reading: Any
) -> None:
    old, new = order(server, "2026-11-20T10:00:00Z"), order(server, "2026-11-21T10:00:00Z")
    batches = list(reading(list="orders", changes={"overlap": "10m"}).read(""))
    cursor = batches[-1].cursor
    assert ids(list(reading(list="orders", changes={"overlap": "10m"}).read(cursor))) == [
        number(new)
    ]
    assert "updated_at:>='2026-11-21T09:50:00Z'" in server.requests[-1][1]["query"]
    late = order(server, "2026-11-21T09:55:00Z")
    again = list(reading(list="orders", changes={"overlap": "10m"}).read(cursor))
    assert ids(again) == [number(late), number(new)], "committed late, stamped early"
    old["updatedAt"] = "2026-11-22T00:00:00Z"
    again = list(reading(list="orders", changes={"overlap": "10m"}).read(cursor))
    assert ids(again)[-1] == number(old)


def test_pass_that_breaks_off_goes_on_from_its_last_page(server: ShopServer, reading: Any) -> None:
    for day in range(10, 20):
        order(server, f"2026-11-{day}T10:00:00Z")
    server.bucket = Bucket(size=1000, available=300, restored=50)
    seen: list[Batch] = []
    source = reading(list="orders", page_size=2, changes={"overlap": "0s"})
    with pytest.raises(Unavailable) as told:
        seen.extend(source.read(""))
    assert told.value.code == "SA-5441"
    server.bucket = Bucket()
    rest = list(reading(list="orders", changes={"overlap": "0s"}).read(seen[-1].cursor))
    assert 0 < len(ids(seen)) < 10
    assert len(set(ids(seen) + ids(rest))) == 10
    assert len(ids(rest)) == 10 - len(ids(seen)) + 1


def test_filter_of_the_flow_stands_beside_the_mark(server: ShopServer, reading: Any) -> None:
    order(server, "2026-11-21T10:00:00Z")
    options = {"list": "orders", "filter": "financial_status:paid", "changes": {}}
    cursor = list(reading(**options).read(""))[-1].cursor
    list(reading(**options).read(cursor))
    query = server.requests[-1][1]["query"]
    assert query.startswith("(financial_status:paid) AND (updated_at:>=")


def test_long_orders_arrive_with_all_their_lines_and_refunds(
    server: ShopServer, reading: Any
) -> None:
    order(server, "2026-11-21T10:00:00Z", lines=45, refunds=[refund(n) for n in range(5)])
    order(server, "2026-11-21T11:00:00Z", refunds=[refund(9, lines=12)])
    (batch,) = reading(list="orders").read("")
    long, short = batch.rows
    lines = long[batch.columns.index("lineItems")]
    assert [each["line"] for each in lines] == list(range(1, 46))
    assert len(long[batch.columns.index("refunds")]) == 5
    assert len(short[batch.columns.index("refunds")][0]["refundLineItems"]) == 12


def test_single_orders_and_none_for_one_that_is_gone(server: ShopServer, reading: Any) -> None:
    made = [order(server, "2026-11-21T10:00:00Z") for _ in range(3)]
    batches = list(reading(list="orders").read_keys([number(made[1]), "999999"]))
    assert ids(batches) == [number(made[1])]
    with pytest.raises(Rejected):
        list(reading(list="orders").read_keys(["#1001"]))


def test_customers_are_read_whole_and_vanish(server: ShopServer, reading: Any) -> None:
    made = [customer(server, f"2026-11-2{n % 3}T10:00:00Z", n) for n in range(7)]
    batches = list(reading(list="customers", page_size=3).read(""))
    assert sorted(ids(batches)) == sorted(number(each) for each in made)
    assert [batch.complete for batch in batches] == [False, False, True]
    assert all(batch.whole for batch in batches)


def test_check_asks_for_scopes_and_warns_of_hidden_orders(server: ShopServer, reading: Any) -> None:
    assert not any(each.warning for each in reading(list="orders").check())
    server.shop.scopes = ["read_orders"]
    warnings = [each.detail for each in reading(list="orders").check() if each.warning]
    assert "60 days" in warnings[0]
    with pytest.raises(Misconfigured) as told:
        list(reading(list="customers").check())
    assert told.value.code == "SA-5442"


def test_orders_are_mapped_by_their_preset(server: ShopServer, tmp_path: Path) -> None:
    connection = {"url": server.url, "token": "env:TEST_SHOPIFY_TOKEN"}
    config = configured(tmp_path, presets_of("shopify", connection, "orders"))
    made = order(server, "2026-11-21T10:00:00Z", refunds=[refund(1)])
    company = {"id": "gid://shopify/Company/3", "name": "Rossi srl", "externalId": "C-3"}
    location = {"id": "gid://shopify/CompanyLocation/4", "externalId": "C-3/1", "name": "Sede"}
    buyer = {"__typename": "PurchasingCompany", "company": company, "location": location}
    order(server, "2026-11-21T11:00:00Z", purchasingEntity=buyer)
    order(server, "2026-11-21T12:00:00Z", customer=None, billingAddress=None)
    seen = run(config, "orders")
    assert seen.refused == []
    first, second, third = seen.records
    assert first["number"] == made["name"]
    assert first["customer"] == "C-7", "the key that we left on the customer"
    assert second["customer"] == "C-3"
    assert third["customer"] == "m@example.com"
    assert (first["total"], first["currency"]) == ("25", "EUR")
    assert first["lines"] == [
        {
            "line": 1, "sku": "A-1", "description": "Vite M6", "quantity": "2", "price": "12.5",
            "vat_rate": "22",
        }
    ]  # fmt: skip
    assert first["shipping_address"]["province"] == "MI"
    assert first["attributes"]["shop_id"] == number(made)
    assert first["attributes"]["refunds"][0]["refundLineItems"][0]["quantity"] == 1


def goods_back(place: int, restock: str = "RETURN") -> Record:
    """A line of a refund, about a line of the order."""
    return {
        "quantity": 2, "restockType": restock, "lineItem": line(place, f"A-{place}"),
        "subtotalSet": money("25.00"),
    }  # fmt: skip


def test_refunds_are_mapped_as_returns_of_their_order(server: ShopServer, tmp_path: Path) -> None:
    connection = {"url": server.url, "token": "env:TEST_SHOPIFY_TOKEN"}
    config = configured(tmp_path, presets_of("shopify", connection, "returns"))
    back = {**refund(1), "note": "rotta", "lines": [goods_back(2), goods_back(3, "NO_RESTOCK")]}
    made = order(server, "2026-11-21T10:00:00Z", lines=3, refunds=[back, refund(2)])
    order(server, "2026-11-21T11:00:00Z")
    seen = run(config, "returns")
    assert seen.refused == []
    first, second = seen.records
    assert first == {
        "number": "1", "order": made["name"], "customer": "C-7",
        "requested_at": "2026-11-21T09:00:00+00:00", "status": "refunded", "currency": "EUR",
        "note": "rotta",
        "lines": [
            {"line": 2, "sku": "A-2", "quantity": "2", "amount": "25",
             "attributes": {"restock": "RETURN"}},
            {"line": 3, "sku": "A-3", "quantity": "2", "amount": "25",
             "attributes": {"restock": "NO_RESTOCK"}},
        ],
        "attributes": {"order_id": number(made), "refunded_total": "12.50"},
    }  # fmt: skip
    assert second["number"] == "2"


def test_refund_that_brings_nothing_back_is_no_return(server: ShopServer, tmp_path: Path) -> None:
    connection = {"url": server.url, "token": "env:TEST_SHOPIFY_TOKEN"}
    config = configured(tmp_path, presets_of("shopify", connection, "returns"))
    never_left = {**refund(2), "lines": [goods_back(1, "CANCEL")]}
    order(server, "2026-11-21T10:00:00Z", refunds=[refund(1, lines=0), never_left, refund(3)])
    assert [each["number"] for each in run(config, "returns").records] == ["3"]


def test_long_refund_arrives_with_all_its_lines(server: ShopServer, reading: Any) -> None:
    long = {**refund(1), "lines": [goods_back(place) for place in range(1, 231)]}
    order(server, "2026-11-21T10:00:00Z", lines=230, refunds=[long])
    (batch,) = reading(list="refunds").read("")
    (row,) = batch.rows
    lines = row[batch.columns.index("lines")]
    assert [each["line"] for each in lines] == list(range(1, 231))


def test_single_refunds_are_read_by_their_id(server: ShopServer, reading: Any) -> None:
    order(server, "2026-11-21T10:00:00Z", refunds=[refund(1), refund(2)])
    assert ids(list(reading(list="refunds").read_keys(["2", "9"]))) == ["2"]


def test_customers_are_mapped_by_their_preset(server: ShopServer, tmp_path: Path) -> None:
    connection = {"url": server.url, "token": "env:TEST_SHOPIFY_TOKEN"}
    config = configured(tmp_path, presets_of("shopify", connection, "customers"))
    stranger, known = (customer(server, "2026-11-21T10:00:00Z", n) for n in (1, 2))
    known["metafields"]["syncagent", "key"] = "C-2"
    seen = run(config, "customers")
    assert seen.refused == []
    assert [each["code"] for each in seen.records] == [number(stranger), "C-2"]
    assert seen.records[1]["email"] == "r2@example.com"
    assert seen.records[1]["language"] == "it"
    assert seen.records[1]["address"]["street"] == "Via Roma 1"
