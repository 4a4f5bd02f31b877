"""Products and variants: written once, and nothing of anybody else's is lost."""

import pytest

from agent.errors import Unavailable
from tests.peers.shopify.server import ShopServer
from tests.peers.shopify.shop import Record
from tests.shopify.sending import Sending


def test_new_product_is_created_with_all_its_fields(sending: Sending) -> None:
    receipt = sending.send(
        sending.product(
            "A-1",
            description="Due\nrighe & più",
            brand="Rossi",
            ean="8001234567890",
            weight="0.1250",
            active=True,
            images=["https://img.example.com/a.png"],
        )
    )["A-1"]
    product, variant = sending.holds("Product", "A-1"), sending.holds("ProductVariant", "A-1")
    assert receipt.reference.split("/") == [
        each.rpartition("/")[2] for each in (product["id"], variant["id"], variant["item"])
    ]
    assert product["title"] == "Vite"
    assert product["descriptionHtml"] == "Due<br>\nrighe &amp; più"
    assert (product["vendor"], product["status"]) == ("Rossi", "ACTIVE")
    assert product["media"] == ["https://img.example.com/a.png"]
    assert (variant["sku"], variant["barcode"]) == ("A-1", "8001234567890")
    assert variant["weight"] == {"value": 0.125, "unit": "KILOGRAMS"}


def test_change_keeps_what_a_merchandiser_added(sending: Sending) -> None:
    sending.send(sending.message("category", "VIT", {"code": "VIT", "name": "Viti"}))
    sending.send(sending.product("A-1", images=["https://a/1.png"], category="VIT"))
    product = sending.holds("Product", "A-1")
    spring = sending.shop.add("Collection", title="Primavera")["id"]
    product["collections"].append(spring)
    product["media"].append("https://merchandiser/better.png")
    product["tags"] = ["sale"]
    sending.send(sending.product("A-1", "Vite M6", images=["https://a/1.png", "https://a/2.png"]))
    assert product["title"] == "Vite M6"
    assert product["tags"] == ["sale"]
    assert product["collections"] == [spring], "ours is left, theirs stays"
    assert product["media"] == [
        "https://a/1.png", "https://merchandiser/better.png", "https://a/2.png",
    ]  # fmt: skip


def test_field_that_the_record_does_not_say_stays_as_it_is(sending: Sending) -> None:
    sending.send(sending.product("A-1", description="Lungo"))
    sending.holds("Product", "A-1")["descriptionHtml"] = "<p>written by hand</p>"
    sending.send(sending.product("A-1", "Vite M6"))
    assert sending.holds("Product", "A-1")["descriptionHtml"] == "<p>written by hand</p>"


def test_parent_and_variants_of_one_delivery_are_one_product(sending: Sending) -> None:
    receipts = sending.send(
        sending.variant("M-R", "M", "Rosso", images=["https://a/red.png"]),
        sending.product("M", "Maglia", images=["https://a/m.png"]),
        sending.variant("M-B", "M", "Blu"),
    )
    assert all(receipt.accepted for receipt in receipts.values())
    assert sending.done() == ["productSet"]
    product = sending.holds("Product", "M")
    assert product["options"] == ["Colore"]
    assert product["media"] == ["https://a/m.png", "https://a/red.png"]
    assert [sending.shop.get(v)["sku"] for v in product["variants"]] == ["M-R", "M-B"]
    assert receipts["M"].reference == product["id"].rpartition("/")[2]
    assert receipts["M-B"].reference.count("/") == 2


def test_later_variant_joins_its_sisters(sending: Sending) -> None:
    sending.send(sending.product("M"), sending.variant("M-R", "M", "Rosso"))
    sisters = list(sending.holds("Product", "M")["variants"])
    assert sending.send(sending.variant("M-B", "M", "Blu"))["M-B"].accepted
    variants = sending.holds("Product", "M")["variants"]
    assert variants[:1] == sisters
    assert len(variants) == 2


def test_first_variant_takes_the_place_of_what_shopify_made_for_the_parent(
    sending: Sending,
) -> None:
    sending.send(sending.product("M"))
    sending.send(sending.variant("M-R", "M", "Rosso"), sending.variant("M-B", "M", "Blu"))
    product = sending.holds("Product", "M")
    assert [sending.shop.get(v)["sku"] for v in product["variants"]] == ["M-R", "M-B"]


def test_options_made_by_a_delivery_that_broke_off_are_gone_on_from(sending: Sending) -> None:
    sending.send(sending.product("M"))
    message = sending.variant("M-R", "M", "Rosso")
    for _ in range(4):  # the SKU, the parent, its variants, the options
        sending.server.pass_next()
    sending.server.fail_next()
    with pytest.raises(Unavailable):
        sending.send(message)
    assert sending.done()[-1] == "productOptionsCreate"
    assert sending.send(message)["M-R"].accepted
    product = sending.holds("Product", "M")
    assert [sending.shop.get(v)["sku"] for v in product["variants"]] == ["M-R"]


def test_variant_that_a_merchandiser_made_with_these_options_is_taken_over(
    sending: Sending,
) -> None:
    sending.send(sending.product("M"), sending.variant("M-R", "M", "Rosso"))
    product = sending.holds("Product", "M")
    blue = sending.server.catalogue.variants_create(
        product["id"],
        [{"optionValues": [{"optionName": "Colore", "name": "Blu"}]}],
        "PRESERVE_STANDALONE_VARIANT",
    )["productVariants"][0]
    receipt = sending.send(sending.variant("M-B", "M", "Blu"))["M-B"]
    assert receipt.reference.split("/")[1] == blue["id"].rpartition("/")[2]
    assert sending.shop.get(blue["id"])["sku"] == "M-B"


def test_two_records_with_the_same_options_are_not_one_variant(sending: Sending) -> None:
    sending.send(sending.product("M"), sending.variant("M-R", "M", "Rosso"))
    receipt = sending.send(sending.variant("M-X", "M", "Rosso"))["M-X"]
    assert (receipt.accepted, receipt.code) == (False, "SA-5454")
    assert "M-R" in receipt.reason


def test_variant_waits_for_its_product(sending: Sending) -> None:
    variant = sending.variant("M-R", "M", "Rosso")
    receipt = sending.send(variant)["M-R"]
    assert (receipt.accepted, receipt.waits) == (False, True)
    sending.send(sending.product("M"))
    assert sending.send(variant)["M-R"].accepted


def test_refused_variant_names_the_field_and_its_sisters_pass(sending: Sending) -> None:
    sending.send(sending.product("M"), sending.variant("M-R", "M", "Rosso"))
    sending.shop.refused["M-B"] = "is not a SKU"
    receipts = sending.send(
        sending.variant("M-R", "M", "Rosso", ean="800"),
        sending.variant("M-B", "M", "Blu"),
        sending.variant("M-V", "M", "Verde"),
    )
    assert receipts["M-R"].accepted
    assert receipts["M-V"].accepted
    assert not receipts["M-B"].accepted
    assert "inventoryItem.sku: is not a SKU (INVALID), sent 'M-B'" in receipts["M-B"].reason


def test_refused_member_of_a_new_family_does_not_blame_the_others(sending: Sending) -> None:
    sending.shop.refused["M-B"] = "is not a SKU"
    family = [
        sending.product("M"),
        sending.variant("M-R", "M", "Rosso"),
        sending.variant("M-B", "M", "Blu"),
    ]
    receipts = sending.send(*family)
    assert not receipts["M-B"].waits
    assert receipts["M"].waits
    assert receipts["M-R"].waits
    assert all(receipt.accepted for receipt in sending.send(*family[:2]).values())


def test_product_with_the_same_sku_is_taken_over_and_its_pictures_stay(sending: Sending) -> None:
    theirs = theirs_in(sending.server, "A-1")
    theirs["media"] = ["https://merchandiser/1.png"]
    receipt = sending.send(sending.product("A-1", "Vite M6", images=["https://a/1.png"]))["A-1"]
    assert receipt.reference.startswith(theirs["id"].rpartition("/")[2])
    assert theirs["title"] == "Vite M6"
    assert theirs["media"] == ["https://merchandiser/1.png"]
    assert len(sending.shop.all("Product")) == 1
    sending.forget()
    assert sending.send(sending.product("A-1", "Vite M8"))["A-1"].accepted
    assert len(sending.shop.all("Product")) == 1


def theirs_in(server: ShopServer, *skus: str) -> Record:
    """A product that a merchandiser made, with variants of these SKUs."""
    values = [{"name": sku} for sku in skus] if len(skus) > 1 else [{"name": "Default Title"}]
    option = "Colore" if len(skus) > 1 else "Title"
    made = server.catalogue.product_set(
        {
            "title": "Made by hand",
            "productOptions": [{"name": option, "values": values}],
            "variants": [
                {
                    "optionValues": [{"optionName": option, "name": value["name"]}],
                    "inventoryItem": {"sku": sku},
                }
                for sku, value in zip(skus, values, strict=True)
            ],
        }
    )
    return server.shop.get(made["product"]["id"])


def test_product_put_together_by_hand_keeps_its_title(sending: Sending) -> None:
    theirs = theirs_in(sending.server, "A-1", "A-2")
    sending.send(sending.product("A-1", "Vite", ean="800"), sending.product("A-2", "Dado"))
    assert theirs["title"] == "Made by hand"
    assert sending.holds("ProductVariant", "A-1")["barcode"] == "800"
    assert len(sending.shop.all("Product")) == 1


def test_longer_sku_that_the_search_finds_too_is_another_article(sending: Sending) -> None:
    theirs_in(sending.server, "A-1-XL")
    sending.send(sending.product("A-1"))
    assert len(sending.shop.all("Product")) == 2


def test_sku_of_several_variants_is_refused_with_their_ids(sending: Sending) -> None:
    products = [theirs_in(sending.server, "A-1") for _ in range(2)]
    receipt = sending.send(sending.product("A-1"))["A-1"]
    assert receipt.code == "SA-5445"
    for each in products:
        assert str(each["variants"][0]).rpartition("/")[2] in receipt.reason


def test_lost_answer_to_a_creation_makes_no_second_product(sending: Sending) -> None:
    sending.send(sending.product("first"))  # from now on the keys are defined
    message = sending.product("A-1")
    sending.server.pass_next()  # the question for the SKU
    sending.server.lose_next_answer()
    with pytest.raises(Unavailable) as lost:
        sending.send(message)
    assert not lost.value.untouched
    assert sending.asked(message)["A-1"].accepted
    assert len(sending.shop.all("Product")) == 2


def test_even_unasked_our_key_keeps_a_second_product_out(sending: Sending) -> None:
    sending.reopen(adopt=False)
    sending.send(sending.product("A-1"))
    sending.forget()
    product = sending.holds("Product", "A-1")
    product["media"].append("https://merchandiser/1.png")
    assert sending.send(sending.product("A-1", "Vite M6"))["A-1"].accepted
    assert sending.shop.all("Product") == [product]
    assert product["title"] == "Vite M6"
    assert product["media"] == ["https://merchandiser/1.png"]


def test_lost_answer_to_a_change_is_known_by_the_version_left_behind(sending: Sending) -> None:
    sending.send(sending.product("A-1"))
    message = sending.product("A-1", "Vite M6")
    for _ in range(2):  # what is there, and the variant
        sending.server.pass_next()
    sending.server.lose_next_answer()
    with pytest.raises(Unavailable):
        sending.send(message)
    assert sending.asked(message)["A-1"].accepted
    later = sending.product("A-1", "Vite M8")
    assert sending.asked(later) == {}


def test_outage_while_only_questions_were_asked_leaves_nothing_in_doubt(sending: Sending) -> None:
    sending.server.fail_next()
    with pytest.raises(Unavailable) as failed:
        sending.send(sending.product("A-1"))
    assert failed.value.untouched


def test_product_removed_by_hand_is_made_again(sending: Sending) -> None:
    sending.send(sending.product("A-1"))
    sending.server.catalogue.product_delete({"id": sending.holds("Product", "A-1")["id"]})
    assert sending.send(sending.product("A-1"))["A-1"].accepted
    assert len(sending.shop.all("Product")) == 1


def test_product_waits_for_its_category_and_moves_with_it(sending: Sending) -> None:
    product = sending.product("A-1", category="VIT")
    receipt = sending.send(product)["A-1"]
    assert (receipt.accepted, receipt.waits) == (False, True)
    sending.send(
        sending.message("category", "VIT", {"code": "VIT", "name": "Viti"}),
        sending.message("category", "DAD", {"code": "DAD", "name": "Dadi"}),
    )
    sending.send(product)
    held = sending.holds("Product", "A-1")
    assert held["collections"] == [sending.holds("Collection", "VIT")["id"]]
    sending.send(sending.product("A-1", category="DAD"))
    assert held["collections"] == [sending.holds("Collection", "DAD")["id"]]


def test_category_that_is_never_sent_can_be_passed_over(sending: Sending) -> None:
    sending.reopen(unknown_categories="ignore")
    assert sending.send(sending.product("A-1", category="VIT"))["A-1"].accepted


def test_category_is_renamed_and_removed(sending: Sending) -> None:
    sending.send(sending.message("category", "VIT", {"code": "VIT", "name": "Viti"}))
    sending.send(sending.message("category", "VIT", {"code": "VIT", "name": "Viti e bulloni"}))
    assert [each["title"] for each in sending.shop.all("Collection")] == ["Viti e bulloni"]
    sending.send(sending.message("category", "VIT"))
    assert sending.shop.all("Collection") == []


@pytest.mark.parametrize(("policy", "status"), [("archive", "ARCHIVED"), ("draft", "DRAFT")])
def test_vanished_product_is_put_away_and_comes_back(
    sending: Sending, policy: str, status: str
) -> None:
    sending.reopen(deleted=policy)
    sending.send(sending.product("A-1"))
    sending.send(sending.message("product", "A-1"))
    assert sending.holds("Product", "A-1")["status"] == status
    sending.send(sending.product("A-1"))
    assert sending.holds("Product", "A-1")["status"] == "ACTIVE"


def test_vanished_product_is_deleted_where_the_flow_says_so(sending: Sending) -> None:
    sending.reopen(deleted="delete")
    sending.send(sending.product("A-1"))
    assert sending.send(sending.message("product", "A-1"))["A-1"].accepted
    assert sending.shop.all("Product") == []


def test_vanished_variant_goes_alone(sending: Sending) -> None:
    sending.send(
        sending.product("M"),
        sending.variant("M-R", "M", "Rosso"),
        sending.variant("M-B", "M", "Blu"),
    )
    sending.send(sending.message("product", "M-R"))
    variants = sending.holds("Product", "M")["variants"]
    assert [sending.shop.get(each)["sku"] for each in variants] == ["M-B"]
    assert sending.holds("Product", "M")["status"] == "ACTIVE"


def test_many_products_share_requests(sending: Sending) -> None:
    sending.send(*(sending.product(f"A-{number}") for number in range(100)))
    # the definitions; in 4 parts a question for 25 SKUs, and creations by ten
    assert len(sending.server.requests) == 1 + 4 * (1 + 3)
    assert sending.gate.passed == 16, "the engine passed it for the first"


def test_what_the_shop_holds_can_be_read_back(sending: Sending) -> None:
    sending.send(sending.message("category", "VIT", {"code": "VIT", "name": "Viti"}))
    sending.send(
        sending.product("A-1", weight="0.5", ean="800", category="VIT"),
        sending.product("M"),
        sending.variant("M-R", "M", "Rosso"),
    )
    held = {e.key: e.data for e in sending.target.read_back("product", ["A-1", "M", "M-R", "X"])}
    assert held["A-1"] == {
        "sku": "A-1", "name": "Vite", "active": True, "categories": ["VIT"], "ean": "800",
        "weight": "0.5",
    }  # fmt: skip
    assert held["M-R"] == {
        "sku": "M-R", "parent": "M", "options": [{"name": "Colore", "value": "Rosso"}],
    }  # fmt: skip
    assert held.keys() == {"A-1", "M", "M-R"}
