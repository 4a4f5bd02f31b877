"""Prices and stock in a shop of WooCommerce."""

from __future__ import annotations

from typing import Any

import pytest

from tests.peers.engine import taken
from tests.peers.woocommerce import WooShop
from tests.platforms.conftest import OpenTarget
from tests.platforms.messages import message, price, product, stock


def one(woo: WooShop, sku: str) -> dict[str, Any]:
    return woo.products.by_sku(sku)


def meta(item: dict[str, Any]) -> dict[str, Any]:
    return {each["key"]: each["value"] for each in item["meta_data"]}


def test_first_price_asks_for_the_shops_terms_and_no_later_one(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    engine = open_woo()
    engine.send(product("A"))
    woo.calls.clear()
    engine.send(price("A", "12"))
    engine.send(price("A", "13"))
    assert woo.calls == [
        "GET /data/currencies/current",
        "GET /settings/tax/woocommerce_prices_include_tax",
        "POST /products/batch",
        "POST /products/batch",
    ]
    assert engine.passed == 2


def test_price_lists_go_where_the_flow_says(woo: WooShop, open_woo: OpenTarget) -> None:
    engine = open_woo(
        price_lists={"BASE": "regular_price", "PROMO": "sale_price", "RIV": "meta:_price_riv"}
    )
    engine.send(product("A"))
    woo.calls.clear()
    receipts = engine.send(
        price("A", "12.5000"),
        price("A", "10", "PROMO", valid_from="2026-03-01", valid_to="2026-03-31"),
        price("A", "9", "RIV", tiers=[{"min_quantity": "10", "price": "8.50"}]),
        price("A", "9", "EXPORT"),
    )
    assert woo.calls.count("POST /products/batch") == 1
    held = one(woo, "A")
    assert (held["regular_price"], held["sale_price"]) == ("12.5", "10")
    assert held["date_on_sale_to"] == "2026-03-31T00:00:00"
    assert meta(held)["_price_riv"] == [{"min_quantity": "10", "price": "8.5"}]
    assert receipts["A|EXPORT"].code == "SA-5404"
    engine.send(message("price", "A|PROMO"), message("price", "A|RIV"))
    held = one(woo, "A")
    assert (held["regular_price"], held["sale_price"]) == ("12.5", "")
    assert meta(held)["_price_riv"] == ""


@pytest.mark.parametrize(
    "more",
    [
        {"currency": "USD"},
        {"vat_included": True},
        {"customer": "C1"},
        {"discount": "10"},
        {"min_quantity": "10"},
        {"tiers": [{"min_quantity": "1", "price": "2"}]},
    ],
    ids=str,
)
def test_price_that_the_shop_cannot_hold_is_refused(
    open_woo: OpenTarget, more: dict[str, Any]
) -> None:
    engine = open_woo()
    engine.send(product("A"))
    (receipt,) = engine.send(price("A", "12", **more)).values()
    assert receipt.code == "SA-5404"


def test_stock_that_is_deleted_is_none_and_an_unknown_one_needs_nothing(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    engine = open_woo(backorders="notify")
    engine.send(product("A"))
    engine.send(stock("A", "-2.5"))
    assert (one(woo, "A")["stock_quantity"], one(woo, "A")["backorders"]) == (-3, "notify")
    woo.calls.clear()
    assert taken(engine.send(message("stock", "A|MAIN"), message("stock", "Z|MAIN")))
    assert one(woo, "A")["stock_quantity"] == 0
    assert woo.calls == ["POST /products/batch"]


def test_stock_of_another_warehouse_is_refused(open_woo: OpenTarget) -> None:
    engine = open_woo(warehouse="MAIN")
    engine.send(product("A"))
    assert engine.send(stock("A", "5", "OLD"))["A|OLD"].code == "SA-5410"
    assert engine.send(stock("A", "5"))["A|MAIN"].accepted


def test_stock_of_a_product_that_was_made_anew_finds_it(woo: WooShop, open_woo: OpenTarget) -> None:
    engine = open_woo()
    engine.send(product("A"), product("B"))
    woo.products.delete(one(woo, "A")["id"])
    woo.products.delete(one(woo, "B")["id"])
    woo.products.create({"sku": "A", "name": "neu"})
    receipts = engine.send(stock("A", "5"), stock("B", "5"))
    assert one(woo, "A")["stock_quantity"] == 5
    assert receipts["A|MAIN"].accepted
    assert receipts["B|MAIN"].waits


def test_unknown_place_of_a_price_list_is_refused_at_the_configuration(
    open_woo: OpenTarget,
) -> None:
    with pytest.raises(ValueError, match="regular_price, sale_price or meta:KEY"):
        open_woo(price_lists={"BASE": "price"})
