"""Products, combinations and categories in a shop of PrestaShop."""

from __future__ import annotations

from contextlib import closing

import pytest

from agent.errors import Unavailable
from tests.peers.engine import Engine, message
from tests.peers.http_server import Peer
from tests.peers.prestashop import PrestaShop
from tests.prestashop.putting import (
    engine_of,
    put_product,
    put_variant,
)

# Products


def test_product_is_made_with_what_makes_it_visible(engine: Engine, shop: PrestaShop) -> None:
    receipt = put_product(
        engine,
        "A1",
        name="Vite à testa più",
        ean="8001234567890",
        weight="0.1250",
        description="Zincata & lucida",
        vat_rate="22.00",
        active=True,
    )
    (product,) = shop.all("products")
    assert (receipt.accepted, receipt.reference) == (True, f"{product['id']}/")
    assert product["name"] == {1: "Vite à testa più", 2: "Vite à testa più"}
    assert product["link_rewrite"] == {1: "vite-a-testa-piu", 2: "vite-a-testa-piu"}
    assert (product["description"][1], product["weight"]) == ("Zincata & lucida", "0.125000")
    assert (product["state"], product["visibility"], product["active"]) == ("1", "both", "1")
    assert product["id_tax_rules_group"] == "7"
    assert product["associations"]["categories"] == [{"id": shop.root}]


def test_change_leaves_alone_what_it_does_not_name(engine: Engine, shop: PrestaShop) -> None:
    put_product(engine, "A1", ean="8001234567890", description="Zincata")
    (product,) = shop.all("products")
    product |= {"supplier_reference": "F-77", "manufacturer_name": "Fischer"}
    product["description_short"] = {1: "Breve", 2: "Short"}
    assert put_product(engine, "A1", name="Vite nuova", weight="2").accepted
    assert product["name"][2] == "Vite nuova"
    assert (product["supplier_reference"], product["ean13"]) == ("F-77", "8001234567890")
    assert product["description_short"] == {1: "Breve", 2: "Short"}
    assert product["description"][1] == "Zincata"
    assert product["associations"]["categories"] == [{"id": shop.root}]


def test_change_is_patched_where_the_shop_can(engine: Engine, shop: PrestaShop) -> None:
    put_product(engine, "A1")
    put_product(engine, "A1", weight="2")
    methods = ("PUT", "PATCH") if shop.version.startswith("1.") else ("PATCH", "PUT")
    assert [shop.count(method, "products") for method in methods] == [1, 0]


def test_same_product_again_writes_nothing(engine: Engine, shop: PrestaShop) -> None:
    for _ in range(2):
        put_product(engine, "A1", weight="0.1250", ean="8001234567890", active=True)
    assert [shop.count(method, "products") for method in ("POST", "PUT", "PATCH")] == [1, 0, 0]


def test_one_language_is_written_and_the_other_stays(peer: Peer, shop: PrestaShop) -> None:
    engine = engine_of(peer, shop, language="it")
    with closing(engine.target):
        put_product(engine, "A1", name="Vite")
        shop.all("products")[0]["name"][2] = "Screw"
        put_product(engine, "A1", name="Vite zincata")
    assert shop.all("products")[0]["name"] == {1: "Vite zincata", 2: "Screw"}


@pytest.mark.parametrize("sku", ["A1", "A,1", "A|1", "[A1]", 'Tubo 1/2" & <più>'])
def test_product_that_is_there_is_found_by_its_reference(
    engine: Engine, shop: PrestaShop, sku: str
) -> None:
    put_product(engine, sku, name="Vite")
    engine.bound.clear()
    assert put_product(engine, sku, name="Vite", weight="2").accepted
    (only,) = shop.all("products")
    assert only["weight"] == "2.000000"


def test_reference_in_other_letters_is_another_product(engine: Engine, shop: PrestaShop) -> None:
    put_product(engine, "a1")
    put_product(engine, "A1")
    assert [each["reference"] for each in shop.all("products")] == ["a1", "A1"]


def test_product_is_not_made_twice_when_the_answer_got_lost(
    engine: Engine, shop: PrestaShop
) -> None:
    shop.loses_answer_of = ("POST", "products")
    with pytest.raises(Unavailable) as lost:
        put_product(engine, "A1")
    assert lost.value.retry_after == 60, "the shop may still be at work on it"
    assert put_product(engine, "A1").accepted
    assert len(shop.all("products")) == 1


def test_reference_that_the_shop_has_twice_is_left_to_a_person(
    engine: Engine, shop: PrestaShop
) -> None:
    for _ in range(2):
        shop.put("products", reference="A1", name="Vite", price="1")
    assert put_product(engine, "A1").code == "SA-5425"
    assert len(shop.all("products")) == 2


def test_refused_product_says_why_and_the_others_pass(engine: Engine, shop: PrestaShop) -> None:
    receipts = engine.deliver(
        [
            message("product", "A1", sku="A1", name="Vite"),
            message("product", "A2", sku="A2", name="Vite", ean="quarantadue"),
            message("product", "A3", sku="A3", name="Vite \x0b"),
            message("product", "A4", sku="A4", name="Vite"),
        ]
    )
    assert [receipt.accepted for receipt in receipts] == [True, False, False, True]
    assert (receipts[1].code, "'quarantadue'" in receipts[1].reason) == ("SA-5420", True)
    assert receipts[2].code == "SA-5423"
    assert len(shop.all("products")) == 2


def test_many_products_are_looked_up_at_once(engine: Engine, shop: PrestaShop) -> None:
    engine.deliver([message("product", f"A{n}", sku=f"A{n}", name="Vite") for n in range(50)])
    assert (shop.count("GET", "products"), shop.count("POST", "products")) == (1, 50)
    assert engine.passed == len(shop.calls) - 1


def test_question_for_many_long_references_fits_into_an_address(
    engine: Engine, peer: Peer, shop: PrestaShop
) -> None:
    skus = [f"Tubo più lungo {n:040}" for n in range(200)]
    for _ in range(2):
        engine.deliver([message("product", sku, sku=sku, name="Tubo") for sku in skus])
        engine.bound.clear()
    assert len(shop.all("products")) == 200
    assert max(len(str(each.request.url)) for each in peer.asked) < 5_000


def test_product_that_vanished_and_came_back_is_sold_again(
    engine: Engine, shop: PrestaShop
) -> None:
    put_product(engine, "A1", active=True)
    (product,) = shop.all("products")
    assert engine.drop("product", "A1").accepted
    assert product["active"] == "0"
    assert put_product(engine, "A1", active=True).accepted
    assert product["active"] == "1"


def test_product_that_is_gone_is_switched_off(engine: Engine, shop: PrestaShop) -> None:
    put_product(engine, "A1", active=True)
    assert engine.drop("product", "A1").accepted
    assert shop.all("products")[0]["active"] == "0"
    assert engine.drop("product", "never sent").accepted


# Variants


def test_variants_are_combinations_of_their_product(engine: Engine, shop: PrestaShop) -> None:
    put_product(engine, "P")
    red = put_variant(engine, "R", Colore="Rosso", Misura="M")
    blue = put_variant(engine, "B", Colore="Blu", Misura="M")
    (product,) = shop.all("products")
    assert product["product_type"] == "combinations"
    combinations = shop.all("combinations")
    assert red.reference == f"{product['id']}/{combinations[0]['id']}"
    assert blue.reference == f"{product['id']}/{combinations[1]['id']}"
    assert len(shop.all("product_options")) == 2
    values = [each["name"][1] for each in shop.all("product_option_values")]
    assert values == ["Rosso", "M", "Blu"]


def test_variant_waits_for_its_product(engine: Engine) -> None:
    receipt = put_variant(engine, "R", Colore="Rosso")
    assert (receipt.accepted, receipt.waits, receipt.code) == (False, True, "SA-5006")


def test_variant_is_not_made_twice_and_goes_with_its_key(engine: Engine, shop: PrestaShop) -> None:
    put_product(engine, "P")
    shop.loses_answer_of = ("POST", "combinations")
    with pytest.raises(Unavailable):
        put_variant(engine, "R", Colore="Rosso")
    put_variant(engine, "R", Colore="Rosso")
    put_variant(engine, "R", Colore="Rosso scuro")
    (combination,) = shop.all("combinations")
    (chosen,) = combination["associations"]["product_option_values"]
    assert shop.records["product_option_values"][int(chosen["id"])]["name"][1] == "Rosso scuro"
    assert put_variant(engine, "R2", Colore="Rosso scuro").code == "SA-5425"
    assert engine.drop("product", "R").accepted
    assert shop.all("combinations") == []


# Categories


def test_categories_make_a_tree_below_the_root(engine: Engine, shop: PrestaShop) -> None:
    child = message("category", "VIT", code="VIT", name="Viti", parent="FER")
    top = message("category", "FER", code="FER", name="Ferramenta")
    first, second = engine.deliver([child, top])
    assert (first.waits, second.accepted) == (True, True)
    (first,) = engine.deliver([child])
    made = shop.records["categories"][int(first.reference)]
    assert (made["id_parent"], made["link_rewrite"][1]) == (second.reference, "viti")
    assert put_product(engine, "A1", category="NEW").waits
    put_product(engine, "A1", category="VIT", categories=["FER"])
    (product,) = shop.all("products")
    assert product["id_category_default"] == first.reference
    assert len(product["associations"]["categories"]) == 2


def test_category_that_is_there_by_name_is_taken_and_switched_off(
    engine: Engine, shop: PrestaShop
) -> None:
    there = shop.put("categories", name="Viti", id_parent=shop.root, active="1", link_rewrite="v")
    assert engine.put("category", "VIT", code="VIT", name="Viti").reference == there
    assert engine.drop("category", "VIT").accepted
    assert shop.records["categories"][int(there)]["active"] == "0"
