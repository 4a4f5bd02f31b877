"""Orders and customers of a shop of WooCommerce, read as a flow reads them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.config import Config
from agent.contract import Kind
from agent.errors import Misconfigured
from connectors.woocommerce import KIND
from tests.contract.source_suite import Row, SourceSuite
from tests.erp.following import configured, page_example, presets_of, run, run_keys
from tests.peers.woocommerce import WooShop
from tests.peers.woocommerce.accounts import ADDRESS

EARLY, LATE = "2026-03-01T09:00:00", "2026-03-01T10:00:01"


def an_order(number: int, **more: Any) -> dict[str, Any]:
    line = {
        "id": number * 10,
        "name": "Vite",
        "sku": "A1",
        "quantity": 3,
        "subtotal": "30.00",
        "total": "30.00",
        "total_tax": "6.60",
        "price": 10,
    }
    billing = {
        **ADDRESS,
        "first_name": "Anna",
        "last_name": "Rossi",
        "company": "Rossi S.r.l.",
        "address_1": "Via Roma 1",
        "city": "Milano",
        "postcode": "20121",
        "state": "MI",
        "country": "IT",
        "email": "a@rossi.it",
    }
    return {
        "id": number,
        "number": f"WEB-{number}",
        "status": "processing",
        "currency": "EUR",
        "date_created_gmt": EARLY,
        "date_modified_gmt": EARLY,
        "customer_id": 7,
        "customer_note": "",
        "payment_method": "bacs",
        "total": "36.60",
        "total_tax": "6.60",
        "shipping_total": "0.00",
        "line_items": [line],
        "refunds": [],
        "billing": billing,
        "shipping": dict(ADDRESS),
    } | more


@pytest.fixture
def config(woo_connection: dict[str, Any], tmp_path: Path) -> Config:
    return configured(tmp_path, presets_of("woocommerce", woo_connection, *KIND.presets))


def test_order_becomes_an_order_with_its_lines(woo: WooShop, config: Config) -> None:
    refund = {"id": 1, "reason": "rotta", "total": "-12.20"}
    woo.orders.items[501] = an_order(501, refunds=[refund])
    seen = run(config, "orders")
    assert seen.refused == []
    (order,) = seen.records
    assert order["number"] == "501"
    assert order["customer"] == "7"
    assert order["placed_at"] == "2026-03-01T09:00:00+00:00"
    assert (order["total_net"], order["total_vat"], order["total"]) == ("30.00", "6.60", "36.60")
    assert order["billing_address"]["street"] == "Via Roma 1"
    assert order["billing_address"]["name"] == "Rossi S.r.l."
    assert order["shipping_address"] is None
    (line,) = order["lines"]
    assert (line["line"], line["sku"], line["quantity"]) == (5010, "A1", "3")
    assert (line["price"], line["total"]) == ("10.0000", "30.00")
    assert order["attributes"]["number"] == "WEB-501"
    assert order["attributes"]["refunds"] == [refund]


def test_order_of_a_guest_names_the_buyer_by_email(woo: WooShop, config: Config) -> None:
    woo.orders.items[501] = an_order(501, customer_id=0)
    assert run(config, "orders").records[0]["customer"] == "a@rossi.it"


def test_states_that_are_no_orders_yet_are_left_out(woo: WooShop, config: Config) -> None:
    for number, status in enumerate(("pending", "failed", "checkout-draft", "on-hold"), 1):
        woo.orders.items[number] = an_order(number, status=status)
    assert [each["number"] for each in run(config, "orders").records] == ["4"]


def test_order_that_changed_comes_again_and_one_of_the_same_second_is_not_missed(
    woo: WooShop, config: Config
) -> None:
    for number in range(1, 251):
        woo.orders.items[number] = an_order(number)
    first = run(config, "orders")
    assert len(first.records) == 250
    assert first.complete
    woo.orders.items[7]["date_modified_gmt"] = LATE
    woo.orders.items[251] = an_order(251, date_modified_gmt=LATE)
    woo.calls.clear()
    second = run(config, "orders", first.cursor)
    # Stamps have whole seconds, so all of the mark's own are read again: what is equal is skipped.
    assert {"7", "251"} <= {each["number"] for each in second.records}
    woo.orders.items[252] = an_order(252, date_modified_gmt=LATE)
    third = run(config, "orders", second.cursor)
    assert {each["number"] for each in third.records} == {"7", "251", "252"}
    assert not third.complete


def a_refund(number: int, order: int = 501, **more: Any) -> dict[str, Any]:
    line = {
        "id": number * 10,
        "name": "Vite",
        "sku": "A1",
        "quantity": -2,
        "total": "-20.00",
        "total_tax": "-4.40",
        "meta_data": [{"id": 9, "key": "_refunded_item_id", "value": str(order * 10)}],
    }
    return {
        "id": number,
        "parent_id": order,
        "date_created_gmt": EARLY,
        "amount": "24.40",
        "reason": "rotta",
        "line_items": [line],
    } | more


def test_refund_becomes_a_return_of_its_order_and_customer(woo: WooShop, config: Config) -> None:
    woo.orders.items[501] = an_order(501, status="refunded")
    woo.orders.items[502] = an_order(502, customer_id=0)
    woo.refunds.items = {701: a_refund(701), 702: a_refund(702, 502)}
    seen = run(config, "returns")
    assert seen.refused == []
    by_guest, by_account = seen.records  # newest first
    assert by_guest["customer"] == "a@rossi.it"
    assert by_account["requested_at"] == "2026-03-01T09:00:00+00:00"
    assert (by_account["number"], by_account["order"], by_account["customer"]) == (
        "701",
        "501",
        "7",
    )
    assert by_account["lines"] == [{"line": 5010, "sku": "A1", "quantity": "2", "amount": "20.00"}]
    assert by_account["attributes"] == {"order_number": "WEB-501", "refunded_total": "24.40"}
    assert woo.calls == ["GET /refunds", "GET /orders"], "one question for all orders of a page"


def test_refund_of_money_alone_is_no_return(woo: WooShop, config: Config) -> None:
    woo.orders.items[501] = an_order(501)
    money = {"id": 1, "name": "Vite", "quantity": 0, "total": "-5.00", "meta_data": []}
    woo.refunds.items = {
        701: a_refund(701, line_items=[]),
        702: a_refund(702, line_items=[money]),
        703: a_refund(703),
    }
    assert [each["number"] for each in run(config, "returns").records] == ["703"]


def test_return_whose_order_is_gone_is_told_and_not_lost(woo: WooShop, config: Config) -> None:
    woo.refunds.items[701] = a_refund(701)
    (why,) = run(config, "returns").refused
    assert "customer" in why


def test_only_new_returns_are_asked_for_and_single_ones_by_their_id(
    woo: WooShop, config: Config
) -> None:
    woo.orders.items[501] = an_order(501)
    woo.refunds.items = {number: a_refund(number) for number in range(701, 703)}
    first = run(config, "returns")
    woo.refunds.items[703] = a_refund(703, date_created_gmt=LATE)
    second = run(config, "returns", first.cursor)
    assert "703" in {each["number"] for each in second.records}
    third = run(config, "returns", second.cursor)
    assert [each["number"] for each in third.records] == ["703"]
    seen = run_keys(config, "returns", "702", "999")
    assert [each["number"] for each in seen.records] == ["702"]


def test_single_order_is_read_by_its_id(woo: WooShop, config: Config) -> None:
    woo.orders.items[501] = an_order(501)
    seen = run_keys(config, "orders", "501", "999")
    assert [each["number"] for each in seen.records] == ["501"]


def test_customer_becomes_a_customer(woo: WooShop, config: Config) -> None:
    woo.accounts.create(
        {
            "email": "a@rossi.it",
            "password": "x",
            "billing": {"company": "Rossi", "address_1": "Via Roma 1", "country": "IT"}
            | {"city": "Milano"},
        }
    )
    woo.accounts.create({"email": "boss@shop.it", "password": "x", "role": "administrator"})
    woo.accounts.create({"email": "b@neri.it", "password": "x", "first_name": "Bruno"})
    seen = run(config, "customers")
    assert seen.refused == []
    by_mail = {each["email"]: each for each in seen.records}
    assert by_mail["a@rossi.it"]["name"] == "Rossi"
    assert by_mail["a@rossi.it"]["address"]["city"] == "Milano"
    assert by_mail["b@neri.it"]["name"] == "Bruno"
    assert by_mail["b@neri.it"]["address"] is None
    assert len(by_mail) == 2
    assert seen.complete


def test_list_that_the_shop_does_not_have_halts_the_flow(
    woo: WooShop, woo_connection: dict[str, Any], tmp_path: Path
) -> None:
    said = presets_of("woocommerce", woo_connection, "customers")
    said["flows"]["customers"]["source"]["path"] = "/customer"
    with pytest.raises(Misconfigured):
        run(configured(tmp_path, said), "customers")
    woo.violations.clear()


def test_example_on_the_page_is_a_configuration(tmp_path: Path) -> None:
    config = configured(tmp_path, page_example("woocommerce.md"))
    assert {flow.entity for flow in config.flows.values()} >= {"product", "order"}


@dataclass
class ShopBench:
    """Products, read by their SKU: a list of the shop like any other."""

    woo: WooShop
    connection: dict[str, Any]
    kind: Kind = KIND

    @property
    def options(self) -> dict[str, Any]:
        columns = ["name", "price"]
        said = {"path": "/products", "key": ["sku"], "columns": columns, "page_size": 60}
        return said | {"changes": {}}

    def put(self, rows: list[Row]) -> None:
        products = self.woo.products
        known = {each["sku"]: each for each in products.items.values()}
        products.items.clear()
        for number, (sku, name, price) in enumerate(rows, 1):
            item = {"id": number, "sku": sku, "name": name, "price": str(price)}
            old = known.get(sku)
            same = old and (old["name"], old["price"]) == (name, str(price))
            stamp = old["date_modified_gmt"] if old and same else LATE if known else EARLY
            products.items[number] = item | {
                "date_modified_gmt": stamp,
                "status": "publish",
                "type": "simple",
            }


class TestWooCommerceSource(SourceSuite):
    @pytest.fixture
    def bench(self, woo: WooShop, woo_connection: dict[str, Any]) -> ShopBench:
        return ShopBench(woo, woo_connection)
