"""A real Tryton: takes the shop's customers and orders, gives articles, prices and stock."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest

from agent.demo.shop import ShopDatabase, ShopProcess
from tests.peers.losing import Relay
from tests.peers.tryton import PASSWORD, Tryton
from tests.real_shops.company import Company

pytestmark = pytest.mark.xdist_group("tryton")

BIANCHI = {"code": "W7", "name": "Bianchi S.r.l.", "vat_number": "IT00743110157"}
ROSSI = {
    "code": "W8",
    "name": "Rossi & Figli",
    "vat_number": None,
    "email": "acquisti@rossi.example",
    "address": {"street": "Via Roma 1", "city": "Lecce", "postal_code": "73100", "country": "IT"},
}


@pytest.fixture
def site(company: Company, shop: ShopProcess, tryton_erp: Tryton, tryton_relay: Relay) -> Company:
    company.secret("shop", "of-the-shop")
    company.secret("tryton", PASSWORD)
    company.configure(
        "tryton",
        {
            "https://shop.example.com/sync": shop.url,
            "https://erp.example.com": tryton_relay.url,
            "user: sync-agent": "user: admin",
            "/srv/tryton/tryton.sqlite": str(tryton_erp.database),
        },
    )
    shop.put_records("customers", W7=BIANCHI, W8=ROSSI)
    return company


def order(number: str, customer: str = "W7", **lines: str) -> dict[str, Any]:
    return {
        "number": number,
        "customer": customer,
        "placed_at": "2026-11-20T23:30:00Z",
        "lines": [
            {"line": line, "sku": sku.replace("_", "-"), "quantity": "2", "price": price}
            for line, (sku, price) in enumerate((lines or {"ART_1": "9.90"}).items(), 1)
        ],
    }


INTO_THE_ERP = ("customers", "orders")


# Into the ERP


def test_customer_is_found_by_vat_number_and_else_made(site: Company, tryton_erp: Tryton) -> None:
    site.sync("customers")
    parties = tryton_erp.rows("SELECT id, code, name FROM party_party WHERE id > 1 ORDER BY id")
    assert parties == [(2, "C0001", "Bianchi S.r.l."), (3, "W8", "Rossi & Figli")]
    fields = ["street", "city", "postal_code"]
    (address,) = tryton_erp.call(
        "party.address.search_read", [["party", "=", 3]], 0, 9, None, fields
    )
    assert [address[name] for name in fields] == ["Via Roma 1", "Lecce", "73100"]
    assert tryton_erp.rows("SELECT party, type, value FROM party_contact_mechanism") == [
        (3, "email", "acquisti@rossi.example")
    ]


def test_order_becomes_a_confirmed_sale_with_prices_to_the_last_digit(
    site: Company, shop: ShopProcess, tryton_erp: Tryton
) -> None:
    shop.put_records("orders", W1=order("W1", ART_1="9.90", ART_3="0.0700", ART_4="1234567.89"))
    site.sync(*INTO_THE_ERP)
    assert tryton_erp.sales() == [("W1", "processing")]
    (sale,) = tryton_erp.call(
        "sale.sale.search_read", [], 0, None, None, ["party", "sale_date", "untaxed_amount"]
    )
    day = {"__class__": "date", "year": 2026, "month": 11, "day": 21}
    assert (sale["party"], sale["sale_date"]) == (2, day), "a day later in Rome"
    assert sale["untaxed_amount"] == {"__class__": "Decimal", "decimal": "2469155.72"}
    lines = tryton_erp.rows("SELECT CAST(unit_price AS TEXT), quantity FROM sale_line ORDER BY id")
    assert lines == [("9.90", 2), ("0.0700", 2), ("1234567.89", 2)]


def test_order_waits_until_its_customer_is_there(
    site: Company, shop: ShopProcess, tryton_erp: Tryton
) -> None:
    shop.put_records("orders", W1=order("W1", "W8"))
    site.sync("orders")
    assert (tryton_erp.sales(), site.open()) == ([], 1)
    site.sync("customers")
    site.sync("orders")
    assert (tryton_erp.sales(), site.open()) == ([("W1", "processing")], 0)


@pytest.mark.parametrize("step", ["create", "quote", "confirm"])
def test_lost_answer_makes_one_sale_that_is_carried_on_with(
    site: Company, shop: ShopProcess, tryton_erp: Tryton, tryton_relay: Relay, step: str
) -> None:
    site.sync("customers")
    shop.put_records("orders", W1=order("W1"))
    tryton_relay.lose_when = f"model.sale.sale.{step}"
    site.sync("orders")
    assert (len(tryton_erp.sales()), site.open()) == (1, 1)
    site.sync("orders")
    assert (tryton_erp.sales(), site.open()) == ([("W1", "processing")], 0)


def test_order_that_the_shop_tells_again_is_the_same_sale(
    site: Company, shop: ShopProcess, tryton_erp: Tryton
) -> None:
    for _ in range(2):
        shop.put_records("orders", W1=order("W1"))
        site.sync(*INTO_THE_ERP)
        (site.folder / "syncagent.db").unlink()
    assert len(tryton_erp.sales()) == 1


def test_order_of_an_article_that_the_erp_does_not_know_is_a_persons_affair(
    site: Company, shop: ShopProcess, tryton_erp: Tryton
) -> None:
    shop.put_records("orders", W1=order("W1", ART_9="1"), W2=order("W2"))
    site.sync(*INTO_THE_ERP)
    assert tryton_erp.sales() == [("W2", "processing")]
    (reason,) = site.parked("orders")
    assert reason.startswith("SA-5336 the other side has no articles for")
    assert "ART-9" in reason


def test_erp_that_refuses_is_quoted(site: Company, shop: ShopProcess, tryton_erp: Tryton) -> None:
    tryton_erp.call("product.template.write", [1], {"salable": False})
    shop.put_records("orders", W1=order("W1"), W2=order("W2", ART_2="1"))
    site.sync(*INTO_THE_ERP)
    assert tryton_erp.sales() == [("W2", "processing")]
    (reason,) = site.parked("orders")
    assert "UserError" in reason or "Error" in reason


# Out of the ERP


def shown(shop: ShopProcess, entity: str) -> dict[str, dict[str, Any]]:
    with closing(ShopDatabase(shop.database, readonly=True)) as database:
        return database.records(entity)


def test_articles_prices_and_stock_come_out_of_the_database(
    site: Company, shop: ShopProcess
) -> None:
    site.sync("products", "prices", "stock")
    assert shown(shop, "product")["ART-1"]["name"] == "Article ART-1"
    assert {key: each["price"] for key, each in shown(shop, "price").items()} == {
        "ART-1": "9.9",
        "ART-2": "10.9",
        "ART-3": "0.07",
        "ART-4": "1250",
        "ART-5": "1",
    }
    stock = shown(shop, "stock")
    assert {key: each["quantity"] for key, each in stock.items()} == {
        f"ART-{number}|WH": "100" for number in range(1, 6)
    }


def test_what_is_changed_in_the_erp_is_seen_by_its_stamp(
    site: Company, shop: ShopProcess, tryton_erp: Tryton
) -> None:
    site.sync("products", "prices", "stock")
    new_price = {"__class__": "Decimal", "decimal": "11.15"}
    tryton_erp.call("product.template.write", [1], {"list_price": new_price})
    tryton_erp.call("product.template.write", [2], {"name": "Vite"})
    counts = {flow: run.counts for flow, run in site.sync("products", "prices", "stock").items()}
    assert [counts[flow]["updates"] for flow in ("products", "prices", "stock")] == [1, 1, 0]
    assert shown(shop, "price")["ART-1"]["price"] == "11.15"
    assert shown(shop, "product")["ART-2"]["name"] == "Vite"


def test_goods_that_leave_the_store_are_gone_from_the_stock(
    site: Company, shop: ShopProcess, tryton_erp: Tryton
) -> None:
    site.sync("stock")
    shop.put_records("orders", W1=order("W1"))
    site.sync(*INTO_THE_ERP)
    (shipment,) = tryton_erp.call("stock.shipment.out.search", [])
    for step in ("wait", "assign_force", "pick"):
        tryton_erp.call(f"stock.shipment.out.{step}", [shipment])
    assert site.sync("stock")["stock"].counts["updates"] == 1
    assert shown(shop, "stock")["ART-1|WH"]["quantity"] == "98"
