"""Products, variations and categories in a shop of WooCommerce."""

from __future__ import annotations

from typing import Any

import pytest

from connectors._canonical import category_slug
from tests.peers.engine import taken
from tests.peers.woocommerce import WooShop
from tests.platforms.conftest import OpenTarget
from tests.platforms.messages import category, message, product, stock, variant


def one(woo: WooShop, sku: str) -> dict[str, Any]:
    return woo.products.by_sku(sku)


def meta(item: dict[str, Any]) -> dict[str, Any]:
    return {each["key"]: each["value"] for each in item["meta_data"]}


# Calls


def test_first_load_takes_one_call_for_a_hundred_products(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    engine = open_woo()
    skus = [f"A{number}" for number in range(1250)]
    for start in range(0, len(skus), engine.target.batch_size):
        part = skus[start : start + engine.target.batch_size]
        assert len(taken(engine.send(*map(product, part)))) == len(part)
    assert woo.calls == ["POST /products/batch"] * 13
    assert engine.passed == 0  # the engine let each delivery's only request through itself


def test_changes_of_bound_products_take_one_call_for_a_hundred(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    engine = open_woo()
    engine.send(*(product(f"A{number}") for number in range(100)))
    woo.calls.clear()
    engine.send(*(product(f"A{number}", description="zincata") for number in range(100)))
    engine.send(*(stock(f"A{number}", "5") for number in range(100)))
    assert woo.calls == ["POST /products/batch"] * 2
    assert one(woo, "A7")["description"] == "zincata"


def test_every_further_request_of_a_delivery_passes_the_gate(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    engine = open_woo()
    engine.send(product("T"), variant("T-R", "T", ("Colore", "Rosso")))
    assert len(woo.calls) == engine.passed + 1 == 4


def test_known_skus_are_looked_up_together_and_one_with_a_comma_alone(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    engine = open_woo()
    engine.send(product("A"), product("B"), product("C,1"))
    engine.bound.clear()
    woo.calls.clear()
    receipts = engine.send(stock("A", "1"), stock("B", "2"), stock("C,1", "3"))
    assert len(taken(receipts)) == 3
    assert woo.calls == ["GET /products", "GET /products", "POST /products/batch"]


# Products


def test_product_carries_our_key_and_what_the_flow_keeps_besides(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    engine = open_woo(meta_data={"brand": "_brand", "attributes.erp": "_erp"})
    engine.send(
        product(
            "A",
            brand="Fischer",
            ean="4048962",
            weight="0.250",
            active=False,
            attributes={"erp": "17", "short_description": "kurz", "slug": "vite-a"},
        )
    )
    held = one(woo, "A")
    assert meta(held) == {"_syncagent_key": "A", "_brand": "Fischer", "_erp": "17"}
    assert held["global_unique_id"] == "4048962"
    assert held["weight"] == "0.25"
    assert held["status"] == "draft"
    assert (held["short_description"], held["slug"]) == ("kurz", "vite-a")


def test_null_clears_a_field_and_an_absent_one_is_left_alone(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    engine = open_woo()
    engine.send(product("A", description="lunga", weight="1.5"))
    engine.send(product("A", description=None))
    held = one(woo, "A")
    assert (held["description"], held["weight"]) == ("", "1.5")


def test_product_waits_for_its_category_and_says_which(woo: WooShop, open_woo: OpenTarget) -> None:
    engine = open_woo()
    article = product("A", category="VITI", categories=["FERRO"])
    engine.send(category("VITI"))
    (receipt,) = engine.send(article).values()
    assert (receipt.waits, "category FERRO" in receipt.reason) == (True, True)
    engine.send(category("FERRO"))
    assert taken(engine.send(article))
    ids = [each["id"] for each in one(woo, "A")["categories"]]
    assert [woo.categories.items[number]["name"] for number in ids] == [
        "Gruppo VITI",
        "Gruppo FERRO",
    ]


def test_taken_sku_whose_owner_is_not_told_is_looked_up(woo: WooShop, open_woo: OpenTarget) -> None:
    engine = open_woo()
    engine.send(product("A"), product("B"))
    engine.bound.clear()
    woo.products.silent_skus = {"A", "B"}
    woo.calls.clear()
    receipts = engine.send(product("A", name="neu"), product("B", name="neu"))
    assert len(taken(receipts)) == 2
    assert woo.calls == ["POST /products/batch", "GET /products", "POST /products/batch"]
    assert one(woo, "A")["name"] == "neu"


def test_sku_that_another_request_is_still_at_work_on_waits(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    engine = open_woo()
    engine.send(product("A"))
    engine.bound.clear()
    woo.products.silent_skus = {"A"}
    one(woo, "A")["status"] = "trash"  # not listed yet, as a product that is being written
    (receipt,) = engine.send(product("A")).values()
    assert receipt.waits
    assert "under processing" in receipt.reason


def test_sku_of_a_variation_is_not_taken_over_by_a_product(open_woo: OpenTarget) -> None:
    engine = open_woo()
    engine.send(product("T"), variant("T-R", "T", ("Colore", "Rosso")))
    engine.bound.clear()
    (receipt,) = engine.send(product("T-R")).values()
    assert (receipt.accepted, receipt.code) == (False, "SA-5403")


def test_wrong_bar_code_is_refused_before_it_is_sent(woo: WooShop, open_woo: OpenTarget) -> None:
    (receipt,) = open_woo().send(product("A", ean="40A8962")).values()
    assert (receipt.code, "40A8962" in receipt.reason) == ("SA-5401", True)
    assert woo.calls == []


def test_tax_code_becomes_the_class_that_the_flow_names(woo: WooShop, open_woo: OpenTarget) -> None:
    engine = open_woo(tax_classes={"22": "", "10": "reduced-rate"})
    receipts = engine.send(
        product("A", vat_code="10"), product("B", vat_code="22"), product("C", vat_code="4")
    )
    assert one(woo, "A")["tax_class"] == "reduced-rate"
    assert one(woo, "B")["tax_class"] == ""
    assert receipts["C"].code == "SA-5413"


def test_deleted_product_is_hidden_unless_the_flow_wants_it_gone(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    engine = open_woo()
    engine.send(product("T"), variant("T-R", "T", ("Colore", "Rosso")))
    engine.send(message("product", "T-R"))
    engine.send(message("product", "T"))
    assert one(woo, "T")["status"] == "draft"
    assert one(woo, "T-R")["status"] == "private"
    engine.send(product("T"))
    assert one(woo, "T")["status"] == "publish"


# Pictures


PICTURES = ["https://cdn.example.com/1.jpg", "https://cdn.example.com/2.jpg"]


def test_pictures_are_fetched_once_and_only_what_is_new_again(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    engine = open_woo()
    engine.send(product("A", images=PICTURES))
    first = [each["id"] for each in one(woo, "A")["images"]]
    engine.send(product("A", images=PICTURES, description="neu"))
    assert woo.products.media == 2
    engine.send(product("A", images=["https://cdn.example.com/3.jpg", PICTURES[0]]))
    assert woo.products.media == 3
    assert one(woo, "A")["images"][1]["id"] == first[0]
    engine.send(product("A", images=[]))
    assert one(woo, "A")["images"] == []


def test_pictures_that_somebody_rearranged_are_filled_anew(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    engine = open_woo()
    engine.send(product("A", images=PICTURES))
    one(woo, "A")["images"].append({"id": 77, "src": "https://shop.example.com/77.jpg"})
    engine.send(product("A", images=PICTURES))
    assert len(one(woo, "A")["images"]) == 2
    assert woo.products.media == 4


def test_picture_of_a_variation_is_kept_too(woo: WooShop, open_woo: OpenTarget) -> None:
    engine = open_woo()
    red = ("Colore", "Rosso")
    engine.send(product("T"), variant("T-R", "T", red, images=PICTURES))
    engine.send(variant("T-R", "T", red, images=PICTURES, weight="2"))
    assert woo.products.media == 1
    assert one(woo, "T-R")["image"]["id"] == 5001


def test_picture_that_is_only_named_is_found_below_an_address(open_woo: OpenTarget) -> None:
    (receipt,) = open_woo().send(product("A", images=["vite a.jpg"])).values()
    assert receipt.code == "SA-5405"
    engine = open_woo(images_from="https://cdn.example.com/foto")
    (receipt,) = engine.send(product("A", images=["missing a.jpg"])).values()
    assert "https://cdn.example.com/foto/missing%20a.jpg" in receipt.reason
    assert "woocommerce_product_image_upload_error" in receipt.reason


# Variations


def test_product_offers_what_its_variations_bring_and_keeps_what_was_there(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    engine = open_woo()
    engine.send(product("T"))
    one(woo, "T")["attributes"] = [
        {"id": 3, "name": "colore", "options": ["Blu"], "variation": True, "visible": True},
        {"id": 0, "name": "Materiale", "options": ["Cotone"], "variation": False},
    ]
    engine.send(
        variant("T-R", "T", ("Colore", "Rosso"), ("Taglia", "M")),
        variant("T-B", "T", ("Colore", "Blu"), ("Taglia", "M")),
    )
    held = one(woo, "T")
    assert held["type"] == "variable"
    assert [(each["name"], each["options"]) for each in held["attributes"]] == [
        ("colore", ["Blu", "Rosso"]),
        ("Materiale", ["Cotone"]),
        ("Taglia", ["M"]),
    ]
    woo.calls.clear()
    engine.send(variant("T-R", "T", ("Colore", "Rosso"), ("Taglia", "M"), weight="1"))
    assert woo.calls == ["GET /products", f"POST /products/{held['id']}/variations/batch"]


def test_variation_without_options_or_below_another_variation_is_refused(
    open_woo: OpenTarget,
) -> None:
    engine = open_woo()
    engine.send(product("T"), variant("T-R", "T", ("Colore", "Rosso")))
    receipts = engine.send(variant("T-B", "T"), variant("T-R-M", "T-R", ("Taglia", "M")))
    assert [each.code for each in receipts.values()] == ["SA-5412", "SA-5412"]


def test_variation_that_changes_its_product_is_refused(open_woo: OpenTarget) -> None:
    engine = open_woo()
    red = ("Colore", "Rosso")
    engine.send(product("T"), product("U"), variant("T-R", "T", red))
    (receipt,) = engine.send(variant("T-R", "U", red)).values()
    assert receipt.code == "SA-5403"


def test_variation_that_somebody_deleted_in_the_shop_is_made_anew(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    engine = open_woo()
    red = ("Colore", "Rosso")
    engine.send(product("T"), variant("T-R", "T", red))
    woo.products.delete(one(woo, "T-R")["id"])
    (receipt,) = engine.send(variant("T-R", "T", red)).values()
    assert receipt.reference == f"{one(woo, 'T')['id']}/{one(woo, 'T-R')['id']}"
    assert one(woo, "T-R")["attributes"][0]["option"] == "Rosso"


# Categories


def test_tree_of_categories_takes_a_call_a_level_and_one_to_ask(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    engine = open_woo()
    receipts = engine.send(category("11", "1"), category("111", "11"), category("1", position=3))
    assert len(taken(receipts)) == 3
    assert woo.calls == ["GET /products/categories"] + ["POST /products/categories/batch"] * 3
    by_slug = {each["slug"]: each for each in woo.categories.items.values()}
    assert by_slug["111"]["parent"] == by_slug["11"]["id"]
    assert by_slug["1"]["menu_order"] == 3


def test_category_that_was_there_before_us_is_found_by_its_slug(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    there = woo.categories.create({"slug": "viti", "name": "Minuteria", "parent": 0})
    engine = open_woo()
    (receipt,) = engine.send(category("VITI")).values()
    assert receipt.reference == str(there["id"])
    assert [each["name"] for each in woo.categories.items.values()] == ["Gruppo VITI"]


def test_category_below_one_that_is_not_there_waits(open_woo: OpenTarget) -> None:
    (receipt,) = open_woo().send(category("11", "1")).values()
    assert receipt.waits
    assert "category 1" in receipt.reason


def test_category_that_somebody_deleted_is_made_anew_and_a_deleted_one_goes(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    engine = open_woo()
    engine.send(category("A"), category("B"))
    woo.categories.items.clear()
    assert taken(engine.send(category("A")))
    assert taken(engine.send(message("category", "A"), message("category", "B")))
    assert woo.categories.items == {}


@pytest.mark.parametrize(("code", "slug"), [("VITI", "viti"), ("viti-01", "viti-01")])
def test_plain_code_is_its_own_slug(code: str, slug: str) -> None:
    assert category_slug({"code": code}) == slug


def test_codes_that_differ_in_signs_only_have_different_slugs() -> None:
    slugs = {category_slug({"code": code}) for code in ("A-1", "A.1", "A 1", "A/1", "è")}
    assert len(slugs) == 5
