"""Stock and prices in a shop of PrestaShop."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest

from tests.peers.engine import Engine
from tests.peers.http_server import Peer
from tests.peers.prestashop import PrestaShop
from tests.prestashop.putting import (
    engine_of,
    put_customer,
    put_price,
    put_product,
    put_stock,
    put_variant,
)

# Stock


def test_stock_is_written_into_the_row_that_the_shop_made(engine: Engine, shop: PrestaShop) -> None:
    put_product(engine, "A1")
    (row,) = shop.all("stock_availables")
    assert put_stock(engine, "12.75").reference == row["id"]
    assert (row["quantity"], row["out_of_stock"]) == ("12", "2")
    put_stock(engine, "12")
    assert shop.count("PUT", "stock_availables") + shop.count("PATCH", "stock_availables") == 1


def test_stock_of_a_variant_has_a_row_of_its_own(engine: Engine, shop: PrestaShop) -> None:
    put_product(engine, "P")
    put_variant(engine, "R", Colore="Rosso")
    assert put_stock(engine, "3", "R").accepted
    rows = {each["id_product_attribute"]: each["quantity"] for each in shop.all("stock_availables")}
    assert rows == {"0": "0", shop.all("combinations")[0]["id"]: "3"}
    assert put_stock(engine, "3", "P").code == "SA-5424"


def test_stock_waits_for_its_product_and_is_nothing_when_gone(
    engine: Engine, shop: PrestaShop
) -> None:
    assert put_stock(engine, "5").waits
    put_product(engine, "A1")
    put_stock(engine, "5")
    assert engine.drop("stock", "A1|M").accepted
    assert shop.all("stock_availables")[0]["quantity"] == "0"


def test_stock_of_another_warehouse_does_not_take_the_place_of_ours(
    peer: Peer, shop: PrestaShop
) -> None:
    engine = engine_of(peer, shop, warehouse="M")
    with closing(engine.target):
        put_product(engine, "A1")
        assert put_stock(engine, "12").accepted
        refused = engine.put("stock", "A1|R", sku="A1", warehouse="ROMA", quantity="3")
        assert (refused.code, refused.waits) == ("SA-5410", False)
    (row,) = shop.all("stock_availables")
    assert row["quantity"] == "12"


def test_product_without_a_row_of_stock_says_so(engine: Engine, shop: PrestaShop) -> None:
    put_product(engine, "A1")
    shop.records["stock_availables"].clear()
    assert put_stock(engine, "5").code == "SA-5426"


# Prices


def test_base_price_is_that_of_the_product_and_a_difference_for_variants(
    engine: Engine, shop: PrestaShop
) -> None:
    put_product(engine, "P")
    put_variant(engine, "R", Colore="Rosso")
    assert put_price(engine, "1", sku="P", price_list="BASE", price="10", discount="10").accepted
    assert put_price(engine, "2", sku="R", price_list="BASE", price="8.50").accepted
    assert shop.all("products")[0]["price"] == "9.000000"
    assert shop.all("combinations")[0]["price"] == "-0.500000"


def test_tiers_are_specific_prices_of_the_group(engine: Engine, shop: PrestaShop) -> None:
    put_product(engine, "A1")
    tiers = [{"min_quantity": "10", "price": "9"}, {"min_quantity": "100", "price": "8"}]
    assert len(put_price(engine, tiers=tiers).reference.split(",")) == 3
    put_price(engine, tiers=[{"min_quantity": "10", "price": "8.50"}])
    prices = {each["from_quantity"]: each for each in shop.all("specific_prices")}
    assert {step: each["price"] for step, each in prices.items()} == {
        "1": "9.900000",
        "10": "8.500000",
    }
    assert prices["1"]["id_group"] == shop.all("groups")[0]["id"]
    assert prices["1"]["from"] == "0000-00-00 00:00:00"
    for _ in range(2):
        put_price(engine, tiers=[{"min_quantity": "10", "price": "8.50"}])
    assert shop.count("POST", "specific_prices") == 3


def test_offer_of_somebody_else_for_other_days_stays(engine: Engine, shop: PrestaShop) -> None:
    put_product(engine, "A1")
    put_price(engine)
    offer = {**shop.all("specific_prices")[0], "price": "5", "from": "2026-12-01 00:00:00"}
    del offer["id"], offer["associations"]
    shop.put("specific_prices", **offer)
    put_price(engine, price="10", tiers=[{"min_quantity": "10", "price": "9"}])
    put_price(engine, price="11", valid_to="2026-12-31")
    assert [each["price"] for each in shop.all("specific_prices")] == ["11.000000", "5"]


def test_price_of_a_customer_waits_for_the_customer(engine: Engine, shop: PrestaShop) -> None:
    put_product(engine, "A1")
    assert put_price(engine, customer="C1", valid_to="2026-12-31").waits
    put_customer(engine)
    assert put_price(engine, customer="C1", valid_to="2026-12-31").accepted
    (price,) = shop.all("specific_prices")
    assert (price["id_customer"], price["id_group"]) == (shop.all("customers")[0]["id"], "0")
    assert price["to"] == "2026-12-31 23:59:59"
    assert engine.drop("price", "A1|L").accepted
    assert shop.all("specific_prices") == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"price_list": "Nessuno"}, "SA-5424"),
        ({"currency": "USD"}, "SA-5424"),
        ({"vat_included": True}, "SA-5424"),
        ({"price": "molto"}, "SA-5401"),
    ],
)
def test_price_that_the_shop_cannot_hold_is_refused(
    engine: Engine, wrong: dict[str, Any], code: str
) -> None:
    put_product(engine, "A1")
    receipt = put_price(engine, **wrong)
    assert (receipt.accepted, receipt.waits, receipt.code) == (False, False, code)
