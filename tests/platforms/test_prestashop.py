"""PrestaShop as a target and a source, against a stand-in that validates and traps like the shop.

With `SYNCAGENT_TEST_PRESTASHOP_URL` and `_KEY` the test at the end runs against a real one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from starlette.responses import Response

from agent.errors import Misconfigured, Rejected, Unavailable
from connectors.prestashop import KIND
from connectors.prestashop.entities import entities, read, written
from connectors.prestashop.versions import ENDS, can_patch, findings
from tests.erp.following import configured, page_example, presets_of, run
from tests.peers.engine import Engine, message
from tests.peers.http_server import Peer, answering
from tests.peers.prestashop import PrestaShop

ADDRESS = {
    "street": "Via Roma 1",
    "city": "Roma",
    "postal_code": "00184",
    "province": "RM",
    "country": "IT",
}


@pytest.fixture
def shop() -> PrestaShop:
    shop = PrestaShop()
    shop.put("currencies", name="Euro", iso_code="EUR", active="1")
    italy = shop.put("countries", iso_code="IT", active="1", name="Italia")
    shop.put("states", id_country=italy, iso_code="RM", name="Roma", active="1")
    shop.put("groups", price_display_method="1", name="Rivenditori")
    shop.put("order_states", name="Pagato")
    shop.put("order_states", name="Spedito")
    return shop


@pytest.fixture
def peer(shop: PrestaShop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    monkeypatch.setenv("SYNC_TEST_KEY", "RIGHTKEY")
    with answering(shop) as peer:
        yield peer


def engine_of(peer: Peer, shop: PrestaShop, **options: Any) -> Engine:
    connection = KIND.connection.model_validate({"url": peer.url, "key": "env:SYNC_TEST_KEY"})
    given = {"root_category": shop.root, "tax_rules": {"22": "7"}, **options}
    assert KIND.target
    return Engine(KIND.target(connection, KIND.target_options.model_validate(given)))


@pytest.fixture(params=["1.7.8.11", "8.1.6"])
def engine(peer: Peer, shop: PrestaShop, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A version that knows PUT alone, and one that knows PATCH."""
    shop.version = request.param
    states = {"paid": state_named(shop, "Pagato"), "shipped": state_named(shop, "Spedito")}
    engine = engine_of(peer, shop, states=states)
    with closing(engine.target):
        yield engine


def state_named(shop: PrestaShop, name: str) -> str:
    return next(str(each["id"]) for each in shop.all("order_states") if each["name"][1] == name)


def put_product(engine: Engine, sku: str, **further: Any) -> Any:
    return engine.put("product", sku, sku=sku, **{"name": f"Vite {sku}", **further})


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


def test_product_that_is_gone_is_switched_off(engine: Engine, shop: PrestaShop) -> None:
    put_product(engine, "A1", active=True)
    assert engine.drop("product", "A1").accepted
    assert shop.all("products")[0]["active"] == "0"
    assert engine.drop("product", "never sent").accepted


# Variants


def put_variant(engine: Engine, sku: str, **options: str) -> Any:
    chosen = [{"name": name, "value": value} for name, value in options.items()]
    return put_product(engine, sku, parent="P", options=chosen)


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


# Stock


def put_stock(engine: Engine, quantity: str, sku: str = "A1") -> Any:
    return engine.put("stock", f"{sku}|M", sku=sku, warehouse="M", quantity=quantity)


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


def test_product_without_a_row_of_stock_says_so(engine: Engine, shop: PrestaShop) -> None:
    put_product(engine, "A1")
    shop.records["stock_availables"].clear()
    assert put_stock(engine, "5").code == "SA-5426"


# Prices


def put_price(engine: Engine, key: str = "A1|L", **further: Any) -> Any:
    record = {"sku": "A1", "price_list": "Rivenditori", "price": "9.90", "currency": "EUR"}
    return engine.put("price", key, **{**record, **further})


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


# Customers


def put_customer(engine: Engine, **further: Any) -> Any:
    record = {"code": "C1", "name": "Rossi & Figli S.r.l. 2000", "email": "info@rossi.example"}
    return engine.put("customer", "C1", **{**record, **further})


def test_customer_is_made_with_address_and_group(engine: Engine, shop: PrestaShop) -> None:
    receipt = put_customer(
        engine, vat_number="IT01234567890", price_list="Rivenditori", address=ADDRESS
    )
    (customer,) = shop.all("customers")
    (address,) = shop.all("addresses")
    assert receipt.reference == customer["id"]
    assert (customer["company"], customer["lastname"]) == (
        "Rossi & Figli S.r.l. 2000",
        "Rossi & Figli S r l",
    )
    assert len(customer["passwd"]) > 20
    assert customer["id_default_group"] == shop.all("groups")[0]["id"]
    assert (address["vat_number"], address["postcode"]) == ("IT01234567890", "00184")
    assert address["id_state"] == shop.all("states")[0]["id"]


def test_customer_who_is_there_is_found_by_e_mail(engine: Engine, shop: PrestaShop) -> None:
    put_customer(engine, address=ADDRESS)
    engine.bound.clear()
    password = shop.all("customers")[0]["passwd"]
    assert put_customer(engine, name="Rossi", address={**ADDRESS, "city": "Milano"}).accepted
    (customer,) = shop.all("customers")
    assert (customer["company"], customer["passwd"]) == ("Rossi", password)
    assert [each["city"] for each in shop.all("addresses")] == ["Milano"]
    assert engine.drop("customer", "C1").accepted
    assert customer["active"] == "0"


def test_what_a_customer_does_not_say_stays_as_people_left_it(
    engine: Engine, shop: PrestaShop
) -> None:
    shop.put("groups", price_display_method="1", name="Grossisti")
    first, second = (each["id"] for each in shop.all("groups")[:2])
    put_customer(engine, price_list="Rivenditori", vat_number="IT01", phone="06 1", address=ADDRESS)
    (customer,) = shop.all("customers")
    (address,) = shop.all("addresses")
    customer["active"] = "0"
    customer["associations"]["groups"].append({"id": "77"})
    assert put_customer(engine, price_list="Grossisti", address=ADDRESS).accepted
    assert customer["active"] == "0"
    assert customer["id_default_group"] == second != first
    assert [each["id"] for each in customer["associations"]["groups"]] == [second, "77"]
    assert (address["vat_number"], address["phone"]) == ("IT01", "06 1")


def test_customer_without_e_mail_is_refused(engine: Engine) -> None:
    assert put_customer(engine, email="").code == "SA-5424"


# Status of orders


def an_order(shop: PrestaShop, **further: Any) -> str:
    return shop.put(
        "orders",
        **{
            "reference": "XKBKNABJK",
            "current_state": state_named(shop, "Pagato"),
            "id_customer": "77",
            "payment": "Bonifico",
            "date_add": "2026-03-01 10:00:00",
            "date_upd": "2026-03-01 10:00:00",
            "total_paid_tax_incl": "36.234000",
            "total_paid_tax_excl": "29.700000",
            "total_shipping_tax_excl": "5.000000",
            **further,
        },
    )


def test_status_is_a_line_in_the_history_once(engine: Engine, shop: PrestaShop) -> None:
    order = an_order(shop)
    shop.put("order_carriers", id_order=order, id_carrier="1")
    for _ in range(2):
        receipt = engine.put(
            "order_status", order, number=order, status="shipped", tracking_number="1Z999"
        )
        assert (receipt.accepted, receipt.reference) == (True, order)
    assert shop.all("orders")[0]["current_state"] == state_named(shop, "Spedito")
    assert len(shop.all("order_histories")) == 1
    assert shop.all("order_carriers")[0]["tracking_number"] == "1Z999"
    assert shop.mails == []


def test_order_is_found_by_its_reference_unless_it_was_split(
    engine: Engine, shop: PrestaShop
) -> None:
    an_order(shop)
    assert engine.put("order_status", "1", number="XKBKNABJK", status="shipped").accepted
    an_order(shop)
    assert engine.put("order_status", "2", number="XKBKNABJK", status="paid").code == "SA-5425"
    assert engine.put("order_status", "3", number="999", status="paid").code == "SA-5428"
    assert engine.put("order_status", "3", number="999", status="lost").code == "SA-5427"


def test_customer_is_told_where_that_is_wanted(peer: Peer, shop: PrestaShop) -> None:
    engine = engine_of(peer, shop, states={"shipped": "99"}, send_mail="yes")
    with closing(engine.target):
        order = an_order(shop)
        engine.put("order_status", order, number=order, status="shipped")
        assert shop.mails == [order]


# The rest of the target


def test_entity_that_the_shop_has_no_place_for_is_refused(engine: Engine) -> None:
    assert engine.put("document", "1", number="1").code == "SA-5409"


def test_wrong_key_halts(engine: Engine, shop: PrestaShop) -> None:
    shop.key = "ANOTHER"
    with pytest.raises(Misconfigured) as refused:
        put_product(engine, "A1")
    assert refused.value.code == "SA-5220"


def test_method_that_the_key_may_not_use_halts(peer: Peer, shop: PrestaShop) -> None:
    shop.version = "1.7.8.11"
    engine = engine_of(peer, shop, update="patch")
    with closing(engine.target):
        put_product(engine, "A1")
        with pytest.raises(Misconfigured) as refused:
            put_product(engine, "A1", weight="2")
    assert refused.value.code == "SA-5421"


@pytest.mark.parametrize(
    "body",
    [
        b"<html>maintenance</html>",
        b"Notice: Undefined index in /var/www <prestashop/>",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><prestashop>&b;</prestashop>",
        b"\xff",
    ],
)
def test_answer_that_is_no_web_service_is_waited_out(
    engine: Engine, peer: Peer, body: bytes
) -> None:
    peer.answer = lambda _: Response(body, media_type="text/xml")
    with pytest.raises(Unavailable) as odd:
        put_product(engine, "A1")
    assert odd.value.code == "SA-5422"


def test_overloaded_shop_is_waited_out(engine: Engine, peer: Peer) -> None:
    peer.answer = lambda _: Response(status_code=503, headers={"retry-after": "7"})
    with pytest.raises(Unavailable) as busy:
        put_product(engine, "A1")
    assert busy.value.retry_after == 7


def test_shop_is_named_in_every_call(peer: Peer) -> None:
    connection = {"url": peer.url, "key": "env:SYNC_TEST_KEY", "shop": "3"}
    assert KIND.target
    target = KIND.target(
        KIND.connection.model_validate(connection), KIND.target_options.model_validate({})
    )
    with closing(target):
        Engine(target).put("product", "A1", sku="A1", name="Vite")
    assert {each.query["id_shop"] for each in peer.asked} == {"3"}


def test_what_the_shop_holds_is_read_back(engine: Engine) -> None:
    put_product(engine, "P", weight="0.1250", active=True)
    put_variant(engine, "R", Colore="Rosso")
    put_stock(engine, "5", "R")
    target = engine.target
    product, variant = target.read_back("product", ["P", "R", "never sent"])
    assert product.data == {
        "sku": "P",
        "name": "Vite P",
        "description": None,
        "ean": None,
        "weight": "0.125",
        "active": True,
    }
    assert variant.data == {"sku": "R", "ean": None}
    (stock,) = target.read_back("stock", ["R|M"])
    assert stock.data == {"quantity": "5"}
    assert list(target.read_back("order", ["1"])) == []


def test_check_tells_version_and_what_is_missing(peer: Peer, shop: PrestaShop) -> None:
    engine = engine_of(peer, shop, root_category="999", language="de", states={"lost": "998"})
    with closing(engine.target):
        told = {finding.subject: finding for finding in engine.target.check()}
    assert told["API version"].detail.startswith("PrestaShop 8.1.6")
    assert told["languages"].detail == "it, en"
    assert {subject for subject, finding in told.items() if finding.warning} == {
        "language",
        "category 999",
        "states of orders",
    }


@pytest.mark.parametrize(
    ("version", "patch", "warned"),
    [
        ("1.7.8.11", False, True),
        ("1.6.1.24", False, True),
        ("8.1.6", True, False),
        ("9.0.0", True, False),
        ("10.0.0", True, False),
        ("", False, False),
    ],
)
def test_version_that_ended_is_warned_of(version: str, patch: bool, warned: bool) -> None:
    (finding,) = findings(version, date(2026, 1, 1))
    assert (can_patch(version), finding.warning) == (patch, warned)


def test_versions_end_in_their_order() -> None:
    ends = [day for day in ENDS.values() if day]
    assert ends == sorted(ends)


def test_entity_is_read_as_it_was_written() -> None:
    entity = {
        "id": "7",
        "reference": "<A&1>",
        "name": {1: "Più €", 2: "]]>"},
        "associations": {"categories": [{"id": "2"}, {"id": "3"}]},
    }
    (found,) = entities(read(written("product", entity), "shop"))
    assert found == entity
    with pytest.raises(Rejected):
        written("product", {"name": "\x00"})


def test_example_of_the_page_loads(peer: Peer, tmp_path: Path) -> None:
    said = page_example("prestashop.md")
    said["connections"]["shop"] |= {"url": peer.url, "key": "env:SYNC_TEST_KEY"}
    flows = configured(tmp_path, said).flows
    assert {flow.entity for flow in flows.values()} == {
        "category",
        "product",
        "price",
        "stock",
        "customer",
        "order",
        "order_status",
    }


# A real one


def test_real_shop_takes_a_product_and_its_stock_once(tmp_path: Path) -> None:
    url = os.environ.get("SYNCAGENT_TEST_PRESTASHOP_URL")
    if not url:
        pytest.skip("SYNCAGENT_TEST_PRESTASHOP_URL names no shop")
    connection = {"url": url, "key": "env:SYNCAGENT_TEST_PRESTASHOP_KEY"}
    assert KIND.target
    target = KIND.target(
        KIND.connection.model_validate(connection), KIND.target_options.model_validate({})
    )
    sku = f"SYNC-{uuid4().hex[:8]}"
    with closing(target):
        engine = Engine(target)
        assert list(target.check())
        first = engine.put("product", sku, sku=sku, name="Prova", active=False)
        assert first.accepted
        engine.bound.clear()
        assert engine.put("product", sku, sku=sku, name="Prova", weight="1").accepted
        assert engine.bound["product", sku] == first.reference
        assert put_stock(engine, "3", sku).accepted
        assert put_stock(engine, "4", sku).accepted
        assert engine.drop("product", sku).accepted
    said = presets_of("prestashop", connection, *KIND.presets)
    for preset in KIND.presets:
        assert run(configured(tmp_path, said), preset).refused == []
