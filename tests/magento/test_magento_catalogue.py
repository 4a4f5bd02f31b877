"""Products, variants, categories and pictures as Magento gets them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.responses import Response

from tests.magento.conftest import OpenTarget
from tests.peers.http_server import Asked, Peer, answering
from tests.peers.magento import MagentoShop
from tests.peers.magento.catalogue import custom
from tests.platforms.messages import category, message, product, variant

JPEG = b"\xff\xd8 a picture"


@pytest.fixture
def pictures() -> Iterator[Peer]:
    """A web server with pictures; one is of a kind that Magento does not take."""

    def answer(asked: Asked) -> Response:
        if asked.path.endswith(".webp"):
            return Response(JPEG, media_type="image/webp")
        if "missing" in asked.path:
            return Response("no", 404)
        return Response(JPEG, media_type="image/jpeg")

    with answering(answer) as peer:
        yield peer


def item(shop: MagentoShop, sku: str) -> dict[str, Any]:
    return shop.catalogue.products[sku.casefold()]


def shown(shop: MagentoShop, sku: str) -> list[tuple[str, int, list[str]]]:
    entries = sorted(item(shop, sku)["media_gallery_entries"], key=lambda each: each["position"])
    return [(each["file"], each["position"], each["types"]) for each in entries]


def test_new_product_costs_so_much_that_nobody_buys_it_before_it_has_a_price(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    open_target().send(product("A1", weight="0.5", description="Lunga"))
    made = item(shop, "A1")
    assert (made["price"], made["status"], made["visibility"]) == (999999, 1, 4)
    assert (made["weight"], custom(made, "description")) == (0.5, "Lunga")


def test_products_of_the_same_name_get_addresses_of_their_own(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    receipts = open_target().send(product("A1", name="Vite"), product("A2", name="Vite"))
    assert all(each.accepted for each in receipts.values())
    assert custom(item(shop, "A2"), "url_key") == "vite-a2"


def test_address_that_is_taken_is_refused_in_magentos_words(open_target: OpenTarget) -> None:
    engine = open_target()
    engine.send(product("A1", attributes={"url_key": "vite"}))
    refusal = engine.send(product("A2", attributes={"url_key": "vite"}))["A2"]
    assert (refusal.accepted, refusal.code) == (False, "SA-5460")
    assert "URL key for specified store already exists." in refusal.reason


def test_change_leaves_the_address_the_price_and_the_place_in_the_shop_alone(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target()
    engine.send(product("A1"))
    item(shop, "A1").update(price=12, visibility=3)
    address = custom(item(shop, "A1"), "url_key")
    engine.send(product("A1", name="Dado", active=False))
    made = item(shop, "A1")
    assert (made["name"], made["price"], made["visibility"]) == ("Dado", 12, 3)
    assert made["status"] == 2
    assert custom(made, "url_key") == address


def test_sku_in_other_letters_is_the_same_product(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target()
    engine.send(product("a1", name="Vite"))
    engine.send(product("A1", name="Dado"))
    assert [each["name"] for each in shop.catalogue.products.values()] == ["Dado"]


def test_sku_with_slashes_and_commas_is_found_and_deleted(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target(deleted="delete")
    engine.send(product("1/2, zinc"), product("B"))
    engine.send(product("1/2, zinc", name="Dado"))
    assert item(shop, "1/2, zinc")["name"] == "Dado"
    engine.send(message("product", "1/2, zinc"))
    assert list(shop.catalogue.products) == ["b"]


def test_deleted_product_is_disabled_unless_said_otherwise(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target()
    engine.send(product("A1"))
    assert engine.send(message("product", "A1"))["A1"].accepted
    assert item(shop, "A1")["status"] == 2


def test_hundred_products_are_looked_up_in_two_questions(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    open_target().send(*(product(f"A{number}") for number in range(100)))
    assert shop.calls.count("GET products") == 2
    assert shop.calls.count("POST products") == 100


def test_too_long_sku_is_refused_before_it_is_sent(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    sku = "A" * 65
    refusal = open_target().send(product(sku))[sku]
    assert refusal.code == "SA-5401"
    assert shop.calls == []


def test_tax_codes_and_further_attributes_are_translated(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target(
        tax_classes={"22": 2},
        attributes={"ean": "ean", "attributes.materiale": "material"},
        websites=[1, 3],
    )
    engine.send(product("A1", vat_code="22", ean="8001", attributes={"materiale": "zinco"}))
    made = item(shop, "A1")
    assert custom(made, "tax_class_id") == "2"
    assert (custom(made, "ean"), custom(made, "material")) == ("8001", "zinco")
    assert made["extension_attributes"]["website_ids"] == [1, 3]
    assert engine.send(product("A2", vat_code="4"))["A2"].code == "SA-5413"


# Variants


def test_variants_of_a_parent_go_with_their_options_in_one_call(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target()
    engine.send(product("P"))
    shop.calls.clear()
    red = variant("P-R", "P", ("Colore", "Rosso"), ("Taglia", "M"))
    blue = variant("P-B", "P", ("Colore", "Blu"), ("Taglia", "M"))
    assert all(each.accepted for each in engine.send(red, blue).values())
    parent = item(shop, "P")
    above = parent["extension_attributes"]
    assert parent["type_id"] == "configurable"
    assert above["configurable_product_links"] == [item(shop, s)["id"] for s in ("P-R", "P-B")]
    sizes = [len(each["values"]) for each in above["configurable_product_options"]]
    assert sizes == [2, 1]
    assert item(shop, "P-R")["visibility"] == 1
    assert shop.calls.count("POST products") == 3


def test_variant_that_comes_later_leaves_the_others_in_place(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target()
    engine.send(product("P"), variant("P-R", "P", ("Colore", "Rosso")))
    engine.send(variant("P-B", "P", ("Colore", "Blu")))
    assert len(item(shop, "P")["extension_attributes"]["configurable_product_links"]) == 2
    shop.calls.clear()
    engine.send(variant("P-B", "P", ("Colore", "Blu"), weight="2"))
    assert shop.calls.count("POST products") == 1  # the parent has it already


def test_change_of_the_parent_keeps_its_variants(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target()
    engine.send(product("P"), variant("P-R", "P", ("Colore", "Rosso")))
    engine.send(product("P", name="Maglia"))
    assert item(shop, "P")["type_id"] == "configurable"
    assert item(shop, "P")["extension_attributes"]["configurable_product_links"]


def test_value_is_added_once_though_magento_would_take_it_twice(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target()
    engine.send(product("P"), product("Q"))
    engine.send(
        variant("P-R", "P", ("Colore", "Rosso")),
        variant("Q-R", "Q", ("Colore", "ROSSO")),
    )
    labels = [each["label"] for each in shop.catalogue.attributes["colore"]["options"]]
    assert labels == [" ", "Rosso"]


@pytest.mark.parametrize("name", ["Materiale", "Note"])
def test_option_without_a_fitting_attribute_is_refused(
    shop: MagentoShop, open_target: OpenTarget, name: str
) -> None:
    engine = open_target(options={"Note": "note"})
    engine.send(product("P"))
    refusal = engine.send(variant("P-1", "P", (name, "x")))["P-1"]
    assert refusal.code == "SA-5463"
    assert name in refusal.reason
    assert "p-1" not in shop.catalogue.products


def test_two_variants_of_the_same_choice_are_refused_in_magentos_words(
    open_target: OpenTarget,
) -> None:
    engine = open_target()
    engine.send(product("P"), variant("P-1", "P", ("Colore", "Rosso")))
    refusal = engine.send(variant("P-2", "P", ("Colore", "Rosso")))["P-2"]
    assert "same set of attribute values" in refusal.reason


# Categories


def test_categories_come_in_any_order_and_products_wait_for_theirs(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target()
    assert engine.send(product("A1", category="VIT"))["A1"].waits
    receipts = engine.send(category("VIT", "FER"), category("FER"))
    assert all(each.accepted for each in receipts.values())
    below = shop.catalogue.categories[int(receipts["VIT"].reference)]
    assert below["parent_id"] == int(receipts["FER"].reference)
    engine.send(product("A1", category="VIT", categories=["FER"]))
    links = item(shop, "A1")["extension_attributes"]["category_links"]
    assert [each["category_id"] for each in links] == [
        receipts["VIT"].reference,
        receipts["FER"].reference,
    ]


def test_category_whose_answer_got_lost_is_found_by_its_address(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target()
    first = engine.send(category("VIT"))["VIT"].reference
    engine.bound.clear()
    assert engine.send(category("VIT", name="Viti"))["VIT"].reference == first
    assert [each["name"] for each in shop.catalogue.categories.values()] == ["Root", "Viti"]


def test_category_moves_and_is_hidden_but_never_deleted(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target(deleted="delete")
    engine.send(category("FER"), category("UTE"), category("VIT", "FER"))
    moved = engine.send(category("VIT", "UTE"))["VIT"]
    held = shop.catalogue.categories[int(moved.reference)]
    assert held["parent_id"] == int(engine.bound["category", "UTE"])
    engine.send(message("category", "VIT"))
    assert held["is_active"] is False


def test_category_of_an_unknown_parent_waits(open_target: OpenTarget) -> None:
    receipt = open_target().send(category("VIT", "FER"))["VIT"]
    assert receipt.waits
    assert "FER" in receipt.reason


# Pictures


def test_pictures_are_fetched_sent_and_left_alone_where_they_are_there(
    shop: MagentoShop, open_target: OpenTarget, pictures: Peer
) -> None:
    engine = open_target(images_from=f"{pictures.url}/foto")
    engine.send(product("A1", images=["a1_1.jpg", "a1_2.jpg"]))
    main = ["image", "small_image", "thumbnail"]
    assert shown(shop, "A1") == [("/a/1/a1_1.jpg", 1, main), ("/a/1/a1_2.jpg", 2, [])]
    assert pictures.questions == ["/foto/a1_1.jpg", "/foto/a1_2.jpg"]
    engine.send(product("A1", name="Dado", images=["a1_1.jpg", "a1_2.jpg"]))
    assert len(pictures.asked) == 2
    assert not [call for call in shop.calls if call.startswith("PUT")]


def test_pictures_change_places_and_go_without_being_sent_again(
    shop: MagentoShop, open_target: OpenTarget, pictures: Peer
) -> None:
    engine = open_target(images_from=pictures.url)
    engine.send(product("A1", images=["a.jpg", "b.jpg", "c.jpg"]))
    engine.send(product("A1", images=["c.jpg", "a.jpg"]))
    assert [file for file, _, _ in shown(shop, "A1")] == ["/c/_/c.jpg", "/a/_/a.jpg"]
    assert shown(shop, "A1")[0][2] == ["image", "small_image", "thumbnail"]
    assert len(pictures.asked) == 3


def test_picture_that_magento_numbered_is_recognised(
    shop: MagentoShop, open_target: OpenTarget, pictures: Peer
) -> None:
    engine = open_target(images_from=pictures.url)
    engine.send(product("A1", images=["vite.jpg"]), product("A2", images=["vite.jpg"]))
    assert shown(shop, "A2")[0][0] == "/v/i/vite_1.jpg"
    engine.send(product("A2", name="Dado", images=["vite.jpg"]))
    assert len(pictures.asked) == 2


@pytest.mark.parametrize("image", ["missing.jpg", "vite.webp", "https://other.example.com/a.jpg"])
def test_picture_that_cannot_be_had_is_refused_with_its_address(
    open_target: OpenTarget, pictures: Peer, image: str
) -> None:
    engine = open_target(images_from=pictures.url)
    refusal = engine.send(product("A1", images=[image]))["A1"]
    assert refusal.code == "SA-5464"
    assert image in refusal.reason


def test_record_that_says_nothing_of_pictures_leaves_them_alone(
    shop: MagentoShop, open_target: OpenTarget, pictures: Peer
) -> None:
    engine = open_target(images_from=pictures.url)
    engine.send(product("A1", images=["a.jpg"]))
    engine.send(product("A1"))
    assert len(shown(shop, "A1")) == 1
    engine.send(product("A1", images=[]))
    assert shown(shop, "A1") == []
