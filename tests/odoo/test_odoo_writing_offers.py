"""Prices and stock in Odoo, over both protocols."""

from __future__ import annotations

from typing import Any

import pytest

from agent.errors import Unavailable
from tests.odoo.putting import (
    a_price,
    put_price,
    put_product,
    put_stock,
    put_variant,
)
from tests.peers.engine import Engine, message
from tests.peers.odoo import Database, OdooServer

# Prices


def test_price_of_the_base_list_is_that_of_the_product(engine: Engine, database: Database) -> None:
    put_product(engine, "A1")
    assert put_price(engine, price_list="BASE", discount="10").accepted
    assert database.all("product.template")[0]["list_price"] == 8.91


def test_tiers_are_lines_of_the_price_list(engine: Engine, database: Database) -> None:
    put_product(engine, "A1")
    tiers = [{"min_quantity": "10", "price": "9"}, {"min_quantity": "100", "price": "8"}]
    first = put_price(engine, tiers=tiers)
    assert len(first.reference.split(",")) == 3
    put_price(engine, tiers=[{"min_quantity": "10", "price": "8.50"}])
    lines = {each["min_quantity"]: each for each in database.all("product.pricelist.item")}
    assert {step: line["fixed_price"] for step, line in lines.items()} == {0.0: 9.9, 10.0: 8.5}
    assert lines[10.0]["applied_on"] == "0_product_variant"


def test_price_of_a_product_with_variants_is_that_of_all(
    engine: Engine, database: Database
) -> None:
    put_product(engine, "P")
    put_variant(engine, "R", Colore="Rosso")
    put_variant(engine, "B", Colore="Blu")
    assert engine.put("price", "1", **a_price("P", price_list="BASE", price="20")).accepted
    assert database.all("product.template")[0]["list_price"] == 20.0
    assert engine.put("price", "2", **a_price("R", price_list="BASE", price="20")).accepted
    refused = engine.put("price", "3", **a_price("B", price_list="BASE", price="21"))
    assert refused.code == "SA-5386"
    assert engine.put("price", "4", **a_price("P")).accepted
    assert engine.put("price", "5", **a_price("B")).accepted
    places = [each["applied_on"] for each in database.all("product.pricelist.item")]
    assert places == ["1_product", "0_product_variant"]
    assert put_stock(engine, "1", "P").code == "SA-5386"


def test_same_price_again_writes_nothing(engine: Engine, server: OdooServer) -> None:
    put_product(engine, "A1")
    for _ in range(2):
        put_price(engine, valid_from="2026-01-01")
    assert server.count("product.pricelist.item", "create") == 1
    assert server.count("product.pricelist.item", "write") == 0
    (line,) = server.database.all("product.pricelist.item")
    assert (line["date_start"], line["date_end"]) == ("2026-01-01 00:00:00", False)


def test_offer_of_somebody_else_for_other_days_stays(engine: Engine, database: Database) -> None:
    put_product(engine, "A1")
    put_price(engine)
    ours = database.all("product.pricelist.item")[0]
    offer = {name: ours[name] for name in ours if name != "id"}
    offer |= {"fixed_price": 5.0, "date_start": "2026-12-01 00:00:00"}
    database.put("product.pricelist.item", **offer)
    put_price(engine, price="10", tiers=[{"min_quantity": "10", "price": "9"}])
    put_price(engine, price="11", valid_to="2026-12-31")
    prices = [each["fixed_price"] for each in database.all("product.pricelist.item")]
    assert prices == [11.0, 5.0]


def test_price_waits_for_its_product_and_goes_with_its_line(
    engine: Engine, database: Database
) -> None:
    assert put_price(engine).waits
    put_product(engine, "A1")
    assert put_price(engine).accepted
    assert engine.drop("price", "A1|L").accepted
    assert database.all("product.pricelist.item") == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"price_list": "Nessuno"}, "SA-5381"),
        ({"currency": "USD"}, "SA-5386"),
        ({"customer": "C1"}, "SA-5386"),
        ({"price": "molto"}, "SA-5401"),
    ],
)
def test_price_that_odoo_cannot_hold_is_refused(
    engine: Engine, wrong: dict[str, Any], code: str
) -> None:
    put_product(engine, "A1")
    receipt = put_price(engine, **wrong)
    assert (receipt.accepted, receipt.waits, receipt.code) == (False, False, code)


# Stock


def test_stock_is_set_although_odoo_gives_nothing_back(engine: Engine, server: OdooServer) -> None:
    put_product(engine, "A1")
    receipt = put_stock(engine, "12.5")
    (quant,) = server.database.all("stock.quant")
    assert (receipt.accepted, receipt.reference) == (True, str(quant["id"]))
    assert quant["quantity"] == 12.5
    assert server.count("stock.quant", "action_apply_inventory") == 1


def test_repeated_stock_makes_one_move(engine: Engine, server: OdooServer) -> None:
    put_product(engine, "A1")
    for _ in range(3):
        put_stock(engine, "5")
    assert len(server.database.all("stock.move")) == 1


def test_stock_whose_answer_got_lost_makes_one_move(engine: Engine, server: OdooServer) -> None:
    put_product(engine, "A1")
    server.loses_answer_of = "action_apply_inventory"
    with pytest.raises(Unavailable):
        put_stock(engine, "5")
    assert put_stock(engine, "5").accepted
    assert len(server.database.all("stock.move")) == 1


def test_stock_waits_for_its_product_and_is_nothing_when_gone(
    engine: Engine, database: Database
) -> None:
    assert put_stock(engine, "5").waits
    put_product(engine, "A1")
    put_stock(engine, "5")
    assert engine.drop("stock", "A1|M").accepted
    assert database.all("stock.quant")[0]["quantity"] == 0.0


def test_warehouse_that_odoo_lacks_is_named(engine: Engine) -> None:
    put_product(engine, "A1")
    receipt = put_stock(engine, "5", warehouse="TORINO")
    assert (receipt.code, "'TORINO'" in receipt.reason) == ("SA-5381", True)


def test_article_kept_by_lot_is_refused_and_the_others_are_counted(
    engine: Engine, database: Database
) -> None:
    for sku in ("A1", "A2", "A3"):
        put_product(engine, sku)
    tracked = next(e for e in database.all("product.product") if e["default_code"] == "A2")
    tracked["tracked"] = True
    receipts = engine.deliver(
        [message("stock", sku, sku=sku, warehouse="WH", quantity="1") for sku in ("A1", "A2", "A3")]
    )
    assert [receipt.accepted for receipt in receipts] == [True, False, True]
    assert (receipts[1].code, "stock.track.confirmation" in receipts[1].reason) == ("SA-5385", True)
