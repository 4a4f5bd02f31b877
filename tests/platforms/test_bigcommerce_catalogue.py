"""Products, categories, prices and stock in a store of BigCommerce."""

from __future__ import annotations

from typing import Any

import pytest

from agent.errors import Unavailable
from connectors.bigcommerce.target import BigCommerceTarget
from tests.peers.bigcommerce import BigStore
from tests.peers.bigcommerce.store import unavailable
from tests.peers.engine import taken
from tests.platforms.conftest import OpenTarget
from tests.platforms.messages import category, message, price, product, stock, variant

PRODUCTS = "/v3/catalog/products"
RED = ("Colore", "Rosso")


# Calls and allowance


def test_products_are_made_one_by_one_and_changed_ten_at_a_time(
    big: BigStore, open_big: OpenTarget
) -> None:
    engine = open_big()
    engine.send(*(product(f"A{number}") for number in range(25)))
    assert big.calls == [f"POST {PRODUCTS}"] * 25
    big.calls.clear()
    engine.send(*(product(f"A{number}", description="zincata") for number in range(25)))
    assert big.calls == [f"PUT {PRODUCTS}"] * 3
    assert big.catalogue.product("A7")["description"] == "zincata"


def test_stock_of_all_is_one_call_and_variants_fifty(big: BigStore, open_big: OpenTarget) -> None:
    engine = open_big()
    big.left = 100_000
    engine.send(product("T"), *(variant(f"T-{n}", "T", ("Taglia", str(n))) for n in range(60)))
    assert big.calls.count("PUT /v3/catalog/variants") == 2
    big.calls.clear()
    engine.send(*(stock(f"T-{n}", "5") for n in range(60)))
    assert big.calls == ["PUT /v3/inventory/adjustments/absolute"]
    big.calls.clear()
    engine.send(*(variant(f"T-{n}", "T", ("Taglia", str(n)), weight="2") for n in range(60)))
    assert big.calls == ["PUT /v3/catalog/variants"] * 2


def test_allowance_that_is_nearly_used_up_makes_everybody_wait(
    big: BigStore, open_big: OpenTarget
) -> None:
    engine = open_big()
    big.left = 8
    engine.send(product("A"), product("B"))
    assert engine.pauses == []
    engine.send(product("C"))
    assert engine.pauses == [4.5]


def test_full_store_tells_when_to_come_again(big: BigStore, open_big: OpenTarget) -> None:
    engine = open_big()
    big.faults.append(unavailable(429, **{"X-Rate-Limit-Time-Reset-Ms": "12000"}))
    with pytest.raises(Unavailable) as told:
        engine.send(product("A"))
    assert told.value.retry_after == 12
    assert told.value.untouched


def test_stock_and_catalogue_are_written_under_one_lock_of_the_store(
    big: BigStore, open_big: OpenTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    products, stocks = open_big(), open_big()
    assert isinstance(products.target, BigCommerceTarget)
    assert isinstance(stocks.target, BigCommerceTarget)
    lock = products.target.work().one_at_a_time()
    assert stocks.target.work().one_at_a_time() is lock
    held: dict[str, bool] = {}
    answer = big._answer

    def watched(method: str, path: str, query: Any, body: Any) -> Any:
        held[f"{method} {path}"] = lock.locked()
        return answer(method, path, query, body)

    monkeypatch.setattr(big, "_answer", watched)
    products.send(product("A"), product("T"), variant("T-R", "T", RED))
    products.send(product("A"))
    stocks.bound = products.bound
    stocks.send(price("A", "1"))
    stocks.send(stock("A", "5"))
    written = {call for call, locked in held.items() if locked}
    assert written == {
        f"POST {PRODUCTS}",
        f"PUT {PRODUCTS}",
        "PUT /v3/catalog/variants",
        "PUT /v3/inventory/adjustments/absolute",
    }


# Products


def test_product_cannot_be_bought_before_it_has_a_price(
    big: BigStore, open_big: OpenTarget
) -> None:
    engine = open_big()
    engine.send(product("A", brand="Fischer", ean="4048962", weight="0.25", min_quantity="10"))
    held = big.catalogue.product("A")
    assert (held["price"], held["availability"]) == (0, "disabled")
    assert (held["brand_name"], held["gtin"], held["weight"]) == ("Fischer", "4048962", 0.25)
    assert held["order_quantity_minimum"] == 10
    engine.send(price("A", "12.5000"))
    held = big.catalogue.product("A")
    assert (held["price"], held["availability"]) == (12.5, "available")
    engine.send(message("price", "A|BASE"))
    assert big.catalogue.product("A")["availability"] == "disabled"


def test_price_of_a_variant_makes_its_product_available(
    big: BigStore, open_big: OpenTarget
) -> None:
    engine = open_big()
    engine.send(product("T"), variant("T-R", "T", RED))
    engine.send(price("T-R", "20"))
    assert big.catalogue.variant("T-R")["price"] == 20
    assert big.catalogue.product("T")["availability"] == "available"


def test_name_that_another_product_has_is_refused_with_what_to_do(
    big: BigStore, open_big: OpenTarget
) -> None:
    engine = open_big()
    engine.send(product("A"))
    receipts = engine.send(product("B", name="Vite A"))
    assert receipts["B"].code == "SA-5481"
    assert "name is a duplicate" in receipts["B"].reason
    assert "article's code" in receipts["B"].reason
    assert len(big.catalogue.products) == 1


def test_one_bad_product_of_ten_is_found_and_the_others_pass(
    big: BigStore, open_big: OpenTarget
) -> None:
    engine = open_big()
    engine.send(*(product(f"A{n}") for n in range(10)))
    big.catalogue.refused.add("A6")
    receipts = engine.send(*(product(f"A{n}", description="neu") for n in range(10)))
    assert [key for key, each in receipts.items() if not each.accepted] == ["A6"]
    assert "an app does not want it" in receipts["A6"].reason
    assert big.catalogue.product("A7")["description"] == "neu"


def test_product_waits_for_its_category(big: BigStore, open_big: OpenTarget) -> None:
    engine = open_big()
    article = product("A", category="VITI")
    assert engine.send(article)["A"].waits
    engine.send(category("VITI"))
    engine.send(article)
    (number,) = big.catalogue.product("A")["categories"]
    assert big.catalogue.categories[number]["name"] == "Gruppo VITI"


def test_deleted_product_is_hidden_unless_the_flow_wants_it_gone(
    big: BigStore, open_big: OpenTarget
) -> None:
    engine = open_big()
    engine.send(product("T"), variant("T-R", "T", RED))
    engine.send(message("product", "T-R"), message("product", "T"))
    assert big.catalogue.product("T")["is_visible"] is False
    assert big.catalogue.variant("T-R")["purchasing_disabled"] is True


def test_pictures_are_fetched_once_and_follow_the_records_order(
    big: BigStore, open_big: OpenTarget
) -> None:
    engine = open_big()
    one, two, three = (f"https://cdn.example.com/foto/Vite {n}.jpg" for n in (1, 2, 3))
    engine.send(product("A", images=[one, two]))
    engine.send(product("A", images=[one, two], description="neu"))
    assert big.catalogue.fetched == 2
    engine.send(product("A", images=[three, one]))
    assert big.catalogue.fetched == 3
    images = sorted(big.catalogue.product("A")["images"], key=lambda each: each["sort_order"])
    assert ["3" in images[0]["image_file"], len(images)] == [True, 2]
    assert images[0]["is_thumbnail"] is True
    receipts = engine.send(product("A", images=["https://cdn.example.com/missing.jpg"]))
    assert "could not be fetched" in receipts["A"].reason


# Variants


def test_product_gets_the_options_of_its_variants_and_counts_stock_by_variant(
    big: BigStore, open_big: OpenTarget
) -> None:
    engine = open_big()
    engine.send(product("T"), variant("T-R", "T", RED, ("Taglia", "M")))
    engine.send(variant("T-B", "T", ("colore", "Blu"), ("Taglia", "M")))
    held = big.catalogue.product("T")
    assert held["inventory_tracking"] == "variant"
    told = [(o["display_name"], [v["label"] for v in o["option_values"]]) for o in held["options"]]
    assert told == [("Colore", ["Rosso", "Blu"]), ("Taglia", ["M"])]
    chosen = {each["id"] for each in big.catalogue.variant("T-B")["option_values"]}
    assert chosen == {held["options"][0]["option_values"][1]["id"]} | {
        held["options"][1]["option_values"][0]["id"]
    }


def test_variant_without_options_or_below_another_variant_is_refused(
    open_big: OpenTarget,
) -> None:
    engine = open_big()
    engine.send(product("T"), variant("T-R", "T", RED))
    receipts = engine.send(variant("T-B", "T"), variant("T-R-M", "T-R", ("Taglia", "M")))
    assert [each.code for each in receipts.values()] == ["SA-5412", "SA-5412"]


def test_variant_that_somebody_deleted_in_the_store_is_made_anew(
    big: BigStore, open_big: OpenTarget
) -> None:
    engine = open_big()
    engine.send(product("T"), variant("T-R", "T", RED), variant("T-B", "T", ("Colore", "Blu")))
    del big.catalogue.variants[big.catalogue.variant("T-R")["id"]]
    receipts = engine.send(
        variant("T-R", "T", RED, weight="2"), variant("T-B", "T", ("Colore", "Blu"), weight="2")
    )
    assert len(taken(receipts)) == 2
    assert receipts["T-R"].reference.endswith(f"/{big.catalogue.variant('T-R')['id']}")
    assert big.catalogue.variant("T-R")["option_values"]
    assert big.catalogue.variant("T-B")["weight"] == 2


# Categories


def test_tree_of_categories_is_found_again_by_its_addresses(
    big: BigStore, open_big: OpenTarget
) -> None:
    engine = open_big()
    tree = [category("11", "1"), category("1", position=3, active=False)]
    assert len(taken(engine.send(*tree))) == 2
    by_path = {each["url"]["path"]: each for each in big.catalogue.categories.values()}
    assert by_path["/11/"]["parent_id"] == by_path["/1/"]["category_id"]
    assert (by_path["/1/"]["sort_order"], by_path["/1/"]["is_visible"]) == (3, False)
    engine.bound.clear()
    assert len(taken(engine.send(*tree))) == 2
    assert len(big.catalogue.categories) == 2
    engine.send(message("category", "11"))
    assert set(by_path) - {"/11/"} == {c["url"]["path"] for c in big.catalogue.categories.values()}


# Price lists and stock


def test_price_lists_take_tiers_and_let_go_of_them(big: BigStore, open_big: OpenTarget) -> None:
    engine = open_big(price_lists={"BASE": "price", "PROMO": "sale_price", "RIV": "list:3"})
    engine.send(product("A"))
    steps = [{"min_quantity": "50", "price": "7"}, {"min_quantity": "10", "price": "8.50"}]
    receipts = engine.send(
        price("A", "12"),
        price("A", "11", "PROMO"),
        price("A", "9", "RIV", tiers=steps),
        price("A", "9", "EXPORT"),
        price("A", "9", "BASE2", currency="USD"),
    )
    assert [key for key, each in receipts.items() if not each.accepted] == ["A|EXPORT", "A|BASE2"]
    held = big.catalogue.product("A")
    assert (held["price"], held["sale_price"]) == (12, 11)
    (record,) = big.catalogue.records.values()
    assert record["price"] == 9
    assert [
        (t["quantity_min"], t["quantity_max"], t["amount"]) for t in record["bulk_pricing_tiers"]
    ] == [(10, 49, 8.5), (50, 0, 7)]
    engine.send(message("price", "A|RIV"), message("price", "A|PROMO"))
    assert big.catalogue.records == {}
    held = big.catalogue.product("A")
    assert (held["price"], held["sale_price"], held["availability"]) == (12, 0, "available")


@pytest.mark.parametrize(
    "more",
    [
        {"currency": "USD"},
        {"customer": "C1"},
        {"discount": "10"},
        {"min_quantity": "10"},
        {"tiers": [{"min_quantity": "1", "price": "2"}]},
    ],
    ids=str,
)
def test_price_that_the_store_cannot_hold_is_refused(
    open_big: OpenTarget, more: dict[str, Any]
) -> None:
    engine = open_big()
    engine.send(product("A"))
    (receipt,) = engine.send(price("A", "12", **more)).values()
    assert receipt.code == "SA-5483"


def test_each_warehouse_has_its_location(big: BigStore, open_big: OpenTarget) -> None:
    engine = open_big(warehouses={"MI": 1, "RM": 7})
    engine.send(product("A"))
    receipts = engine.send(stock("A", "5.9", "MI"), stock("A", "-2", "RM"), stock("A", "1", "XX"))
    assert big.catalogue.stock == {(1, "A"): 5, (7, "A"): 0}
    assert receipts["A|XX"].code == "SA-5484"
    engine.send(message("stock", "A|MI"))
    assert big.catalogue.stock[1, "A"] == 0


def test_unknown_place_of_a_price_list_is_refused_at_the_configuration(
    open_big: OpenTarget,
) -> None:
    with pytest.raises(ValueError, match="is not one of price, sale_price"):
        open_big(price_lists={"BASE": "list:three"})
