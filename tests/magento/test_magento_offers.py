"""Prices and stock as Magento gets them."""

from __future__ import annotations

from typing import Any

import pytest

from agent.errors import Rejected
from agent.model import Message, Op
from tests.magento.conftest import OpenTarget
from tests.peers.magento import MagentoShop
from tests.platforms.messages import message, price, product, stock

LISTS = {"BASE": "price", "SALDI": "special_price", "RIV": "group:Wholesale"}


def gone(told: Message) -> Message:
    """The delete of what a message told."""
    return message(told.entity, told.key)


def tiers(shop: MagentoShop) -> list[tuple[str, float, float]]:
    rows = [(row["customer_group"], row["quantity"], row["price"]) for row in shop.pricing.tiers]
    return sorted(rows)


def steps(*found: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"min_quantity": least, "price": value} for least, value in found]


# Stock


def test_stock_goes_twenty_a_call_and_to_the_warehouses_source(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target(warehouses={"MI": "milano"})
    skus = [f"A{number}" for number in range(45)]
    engine.send(*map(product, skus))
    shop.calls.clear()
    engine.send(*(stock(sku, "3", "MI") for sku in skus))
    assert shop.calls == ["POST inventory/source-items"] * 3
    assert shop.catalogue.stock["milano", "A7"] == {
        "sku": "A7",
        "source_code": "milano",
        "quantity": 3,
        "status": 1,
    }


def test_article_without_stock_is_not_for_sale(shop: MagentoShop, open_target: OpenTarget) -> None:
    engine = open_target()
    engine.send(product("A1"))
    engine.send(stock("A1", "-2"))
    held = shop.catalogue.stock["default", "A1"]
    assert (held["quantity"], held["status"]) == (0, 0)


def test_stock_of_an_article_that_magento_does_not_have_waits_and_leaves_nothing_behind(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    receipts = open_target().send(stock("A1", "3"))
    assert receipts["A1|MAIN"].waits
    assert shop.catalogue.stock == {}


def test_quantity_on_the_shelf_sells_what_is_left_and_the_available_one_sells_too_little(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    """Ten lie there, four are ordered on the web and not shipped: six can be sold."""
    engine = open_target()
    engine.send(product("A1"))
    shop.catalogue.reservations["A1"] = 4
    engine.send(stock("A1", "10"))
    assert shop.catalogue.salable("A1") == 6
    engine.send(stock("A1", "6"))
    assert shop.catalogue.salable("A1") == 2


def test_one_refused_stock_among_twenty_is_found_and_the_others_pass(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target()
    skus = [f"A{number}" for number in range(20)]
    engine.send(*map(product, skus))
    shop.catalogue.refused.add("A7")
    receipts = engine.send(*(stock(sku, "3") for sku in skus))
    refused = [key for key, receipt in receipts.items() if not receipt.accepted]
    assert refused == ["A7|MAIN"]
    assert "Odd article" in receipts["A7|MAIN"].reason


def test_source_that_magento_does_not_have_is_refused_in_its_words(
    open_target: OpenTarget,
) -> None:
    engine = open_target(warehouses={"MI": "napoli"})
    engine.send(product("A1"))
    assert 'Source "napoli" does not exist' in engine.send(stock("A1", "3", "MI"))["A1|MI"].reason
    assert engine.send(stock("A1", "3", "RM"))["A1|RM"].code == "SA-5465"


def test_deleted_stock_is_none(shop: MagentoShop, open_target: OpenTarget) -> None:
    engine = open_target()
    engine.send(product("A1"))
    told = stock("A1", "3")
    engine.send(told)
    engine.send(gone(told))
    assert shop.catalogue.stock["default", "A1"]["status"] == 0


# Prices


def test_prices_go_twenty_a_call_and_each_refusal_stays_with_its_own(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target()
    skus = [f"A{number}" for number in range(25)]
    engine.send(*map(product, skus))
    shop.catalogue.refused.add("A7")
    shop.calls.clear()
    receipts = engine.send(price("missing", "1"), *(price(sku, "12.5") for sku in skus))
    assert shop.calls.count("POST products/base-prices") == 2
    assert receipts["missing|BASE"].waits
    assert not receipts["A7|BASE"].accepted
    assert "Price = 12.5. Row ID: SKU = A7" in receipts["A7|BASE"].reason
    assert sum(receipt.accepted for receipt in receipts.values()) == 24


def test_refusal_that_names_no_article_is_the_batchs(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    shop.pricing.without_parameters = True
    with pytest.raises(Rejected, match="doesn't exist"):
        open_target().send(price("missing", "1"))


def test_price_that_is_withdrawn_leaves_an_article_that_nobody_buys(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target()
    engine.send(product("A1"))
    told = price("A1", "12.5")
    engine.send(told)
    engine.send(gone(told))
    assert shop.catalogue.products["a1"]["price"] == 999999


def test_group_gets_its_tiers_and_loses_those_that_are_gone(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target(price_lists=LISTS)
    engine.send(product("A1"))
    shop.pricing.put_tiers(
        {
            "prices": [
                {"sku": "A1", "customer_group": "General", "quantity": 5, "price": 9}
                | {"website_id": 0, "price_type": "fixed"}
            ]
        }
    )
    told = price("A1", "10", "RIV", tiers=steps(("10", "8.5"), ("100", "8")))
    engine.send(told)
    assert tiers(shop) == [
        ("General", 5, 9),
        ("Wholesale", 1, 10),
        ("Wholesale", 10, 8.5),
        ("Wholesale", 100, 8),
    ]
    engine.send(price("A1", "10", "RIV", tiers=steps(("50", "8"))))
    assert tiers(shop)[1:] == [("Wholesale", 1, 10), ("Wholesale", 50, 8)]
    engine.send(gone(told))
    assert tiers(shop) == [("General", 5, 9)]


def test_tier_that_is_a_record_of_its_own_leaves_its_sisters_alone(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target(price_lists=LISTS)
    engine.send(product("A1"))
    data = {"sku": "A1", "price_list": "RIV", "currency": "EUR"}
    one = message("price", "A1|RIV|1", {**data, "price": "10", "min_quantity": "1"})
    ten = message("price", "A1|RIV|10", {**data, "price": "9", "min_quantity": "10"})
    engine.send(one, ten)
    assert tiers(shop) == [("Wholesale", 1, 10), ("Wholesale", 10, 9)]
    engine.send(gone(ten))
    assert tiers(shop) == [("Wholesale", 1, 10)]


def test_price_of_a_group_that_is_not_there_is_refused_and_one_without_article_waits(
    open_target: OpenTarget,
) -> None:
    engine = open_target(price_lists={"X": "group:Nobody"})
    engine.send(product("A1"))
    receipts = engine.send(price("A1", "9", "X"), price("A2", "9", "X"))
    assert "Customer Group = Nobody" in receipts["A1|X"].reason
    assert receipts["A2|X"].waits


def test_special_price_has_its_days_and_is_replaced_with_them(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target(price_lists=LISTS)
    engine.send(product("A1"))
    told = price("A1", "7", "SALDI", valid_from="2026-07-01", valid_to="2026-07-31")
    engine.send(told)
    (row,) = shop.pricing.special
    assert (row["price_from"], row["price_to"]) == ("2026-07-01 00:00:00", "2026-07-31 23:59:59")
    engine.send(price("A1", "6", "SALDI", valid_from="2026-07-01", valid_to="2026-08-31"))
    (row,) = shop.pricing.special
    assert (row["price"], row["price_to"]) == (6, "2026-08-31 23:59:59")
    engine.send(gone(told))
    assert shop.pricing.special == []


@pytest.mark.parametrize(
    "more",
    [
        {"customer": "C1"},
        {"discount": "10"},
        {"currency": "USD"},
        {"min_quantity": "10"},
        {"tiers": steps(("10", "8"))},
        {"valid_from": "2026-07-01"},
        {"price_list": "ALTRO"},
    ],
)
def test_price_that_has_no_place_is_refused_before_it_is_sent(
    shop: MagentoShop, open_target: OpenTarget, more: dict[str, Any]
) -> None:
    data = {"sku": "A1", "price_list": "BASE", "price": "9", "currency": "EUR", **more}
    refusal = open_target(price_lists=LISTS).send(message("price", "A1", data))["A1"]
    assert refusal.code == "SA-5404"
    assert shop.calls == []


def test_delete_of_what_was_never_told_is_done(open_target: OpenTarget) -> None:
    engine = open_target()
    for entity in ("price", "stock"):
        receipts = engine.send(message(entity, "never"))
        assert receipts["never"].accepted
        assert message(entity, "never").op is Op.DELETE
