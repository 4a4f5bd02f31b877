"""Odoo as a target, over both protocols, against a stand-in that keeps Odoo's ways.

With `SYNCAGENT_TEST_ODOO_URL`, `_DATABASE`, `_KEY` (and `_USER` for XML-RPC) the tests at the end
run against a real one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from agent.errors import Misconfigured, Unavailable
from connectors.odoo import KIND
from connectors.odoo.versions import SUPPORTED_UNTIL, XML_RPC_ENDS, findings
from tests.peers.engine import Engine, message
from tests.peers.http_server import Peer, answering
from tests.peers.odoo import Database, OdooServer

ADDRESS = {
    "street": "Via Roma 1",
    "city": "Roma",
    "postal_code": "00184",
    "province": "RM",
    "country": "IT",
}


@pytest.fixture
def server() -> OdooServer:
    server = OdooServer()
    put = server.database.put
    euro = put("res.currency", name="EUR")
    put("res.currency", name="USD")
    italy = put("res.country", name="Italia", code="IT")
    put("res.country.state", name="Roma", code="RM", country_id=italy)
    put("res.lang", name="Italiano", code="it_IT")
    put("account.payment.term", name="30 giorni")
    put("product.pricelist", name="Rivenditori", currency_id=euro)
    place = put("stock.location", name="WH/Stock")
    put("stock.warehouse", name="Milano", code="WH", lot_stock_id=place)
    return server


@pytest.fixture
def database(server: OdooServer) -> Database:
    return server.database


@pytest.fixture(params=["json2", "xmlrpc"])
def protocol(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def peer(server: OdooServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    monkeypatch.setenv("SYNC_TEST_KEY", "right")
    with answering(server) as peer:
        yield peer


def engine_of(peer: Peer, protocol: str, **options: Any) -> Engine:
    user = {"user": "sync@rossi.example"} if protocol == "xmlrpc" else {}
    connection = KIND.connection.model_validate(
        {
            "url": peer.url,
            "database": "rossi",
            "protocol": protocol,
            "api_key": "env:SYNC_TEST_KEY",
            **user,
        }
    )
    assert KIND.target
    return Engine(KIND.target(connection, KIND.target_options.model_validate(options)))


@pytest.fixture
def engine(peer: Peer, protocol: str) -> Iterator[Engine]:
    engine = engine_of(peer, protocol, warehouses={"MILANO": "WH"})
    with closing(engine.target):
        yield engine


def put_product(engine: Engine, sku: str, **further: Any) -> Any:
    return engine.put("product", sku, sku=sku, name=f"Vite {sku}", **further)


# Products


def test_product_is_made_with_what_it_says(engine: Engine, database: Database) -> None:
    receipt = put_product(
        engine, "A1", ean="8001234567890", weight="0.1250", description="Zincata", active=True
    )
    assert receipt.accepted
    (variant,) = database.all("product.product")
    (template,) = database.all("product.template")
    assert receipt.reference == f"{template['id']}/{variant['id']}"
    assert (variant["default_code"], variant["barcode"]) == ("A1", "8001234567890")
    assert variant["weight"] == 0.125
    assert (template["name"], template["description_sale"]) == ("Vite A1", "Zincata")
    assert (template["is_published"], template["is_storable"]) == (True, True)
    assert template["list_price"] == 0.0


def test_five_hundred_products_are_three_calls(engine: Engine, server: OdooServer) -> None:
    messages = [message("product", f"A{n}", sku=f"A{n}", name="Vite") for n in range(500)]
    assert all(receipt.accepted for receipt in engine.deliver(messages))
    assert len(server.database.all("product.product")) == 500
    assert [call for call in server.calls if call[1] != "fields_get"] == [
        ("product.product", "search_read"),
        ("product.product", "create"),
        ("product.product", "search_read"),
    ]
    assert engine.passed == len(server.calls) - 1


def test_product_that_is_refused_is_found_among_many(engine: Engine, server: OdooServer) -> None:
    server.database.refuses = lambda _, values: (
        "Barcode 42 is not valid" if values.get("barcode") == "42" else ""
    )
    messages = [
        message("product", f"A{n}", sku=f"A{n}", name="Vite", ean="42" if n == 7 else "")
        for n in range(50)
    ]
    receipts = engine.deliver(messages)
    (refused,) = [receipt for receipt in receipts if not receipt.accepted]
    assert refused.message_id == messages[7].id
    assert refused.code == "SA-5380"
    assert "Barcode 42 is not valid" in refused.reason
    assert len(server.database.all("product.product")) == 49


def test_product_that_odoo_has_already_is_taken_by_its_code(
    engine: Engine, database: Database
) -> None:
    put_product(engine, "A1")
    engine.bound.clear()
    assert put_product(engine, "A1", weight="2").accepted
    (only,) = database.all("product.product")
    assert only["weight"] == 2.0


def test_product_is_not_made_twice_when_the_answer_got_lost(
    engine: Engine, server: OdooServer
) -> None:
    server.loses_answer_of = "create"
    with pytest.raises(Unavailable) as lost:
        put_product(engine, "A1")
    assert lost.value.retry_after == 120, "Odoo may still be at work on it"
    assert put_product(engine, "A1").reference
    assert len(server.database.all("product.product")) == 1


def test_code_that_odoo_has_twice_is_left_to_a_person(engine: Engine, database: Database) -> None:
    database.call("product.product", "create", [], {"vals_list": [a_new("A1"), a_new("A1")]})
    receipt = put_product(engine, "A1")
    assert (receipt.accepted, receipt.code) == (False, "SA-5382")
    assert len(database.all("product.product")) == 2


def a_new(code: str) -> dict[str, Any]:
    return {"name": "Vite", "default_code": code, "is_storable": True}


def test_same_product_again_writes_nothing(engine: Engine, server: OdooServer) -> None:
    for _ in range(2):
        put_product(engine, "A1", weight="0.1250", ean="800", active=True)
    assert server.count("product.product", "write") == 0


def test_deleted_product_is_gone_where_that_is_wanted(
    peer: Peer, protocol: str, database: Database
) -> None:
    engine = engine_of(peer, protocol, deleted="delete")
    with closing(engine.target):
        put_product(engine, "A1")
        assert engine.drop("product", "A1").accepted
    assert database.all("product.product") == []


def test_product_whose_code_changed_keeps_its_place(engine: Engine, database: Database) -> None:
    first = engine.put("product", "42", sku="OLD", name="Vite")
    assert engine.put("product", "42", sku="NEW", name="Vite").reference == first.reference
    (only,) = database.all("product.product")
    assert only["default_code"] == "NEW"


def test_product_that_is_gone_is_archived_and_comes_back(
    engine: Engine, database: Database
) -> None:
    put_product(engine, "A1")
    assert engine.drop("product", "A1").accepted
    (only,) = database.all("product.product")
    assert only["active"] is False
    assert put_product(engine, "A1").accepted
    assert only["id"] == database.all("product.product")[0]["id"]
    assert database.all("product.product")[0]["active"] is True


def test_nothing_is_overwritten_where_that_is_not_wanted(
    peer: Peer, protocol: str, database: Database
) -> None:
    engine = engine_of(peer, protocol, overwrite="no")
    with closing(engine.target):
        put_product(engine, "A1", weight="1")
        put_product(engine, "A1", weight="2")
    assert database.all("product.product")[0]["weight"] == 1.0


def test_two_records_of_one_code_make_one_product(engine: Engine, database: Database) -> None:
    messages = [message("product", key, sku="A1", name="Vite") for key in ("1", "2")]
    first, second = engine.deliver(messages)
    assert first.accepted
    assert second.waits
    assert engine.deliver(messages[1:])[0].reference == first.reference
    assert len(database.all("product.product")) == 1


# Variants


def put_variant(engine: Engine, sku: str, **options: str) -> Any:
    chosen = [{"name": name, "value": value} for name, value in options.items()]
    return put_product(engine, sku, parent="P", options=chosen)


def test_variants_stand_below_their_product_and_no_others_are_made(
    engine: Engine, database: Database
) -> None:
    put_product(engine, "P")
    red, blue = put_variant(engine, "R", Colore="Rosso"), put_variant(engine, "B", Colore="Blu")
    assert (red.accepted, blue.accepted) == (True, True)
    assert [each["default_code"] for each in database.all("product.product")] == ["R", "B"]
    assert len(database.all("product.template")) == 1
    assert len(database.all("product.attribute")) == 1
    assert database.all("product.attribute")[0]["create_variant"] == "dynamic"
    # The product itself has no variant of its own any more, and is still known.
    again = engine.put("product", "P", sku="P", name="Vite, tutti i colori")
    assert again.reference == f"{database.all('product.template')[0]['id']}/"
    assert red.reference == f"/{database.all('product.product')[0]['id']}"
    assert database.all("product.template")[0]["name"] == "Vite, tutti i colori"


@pytest.mark.parametrize("deleted", ["archive", "delete"])
def test_variant_that_is_gone_takes_neither_sisters_nor_product_along(
    peer: Peer, protocol: str, database: Database, deleted: str
) -> None:
    engine = engine_of(peer, protocol, deleted=deleted)
    with closing(engine.target):
        put_product(engine, "P")
        for sku, colour in (("R", "Rosso"), ("B", "Blu"), ("G", "Giallo")):
            put_variant(engine, sku, Colore=colour)
        red, blue, _ = database.all("product.product")
        assert engine.drop("product", "R").accepted
        # Somebody deleted the blue one in Odoo meanwhile.
        del database.records["product.product"][blue["id"]]
        assert engine.drop("product", "B").accepted
        left = [each["default_code"] for each in database.all("product.product") if each["active"]]
        assert left == ["G"]
        assert (red["id"] in database.records["product.product"]) == (deleted == "archive")
        (template,) = database.all("product.template")
        assert template["active"]
        assert engine.drop("product", "P").accepted
        assert not any(each["active"] for each in database.all("product.template"))


def test_variant_waits_for_its_product(engine: Engine) -> None:
    receipt = put_variant(engine, "R", Colore="Rosso")
    assert (receipt.accepted, receipt.waits, receipt.code) == (False, True, "SA-5006")


def test_variant_that_was_made_is_taken_again_after_a_lost_answer(
    engine: Engine, server: OdooServer
) -> None:
    put_product(engine, "P")
    put_variant(engine, "B", Colore="Blu")
    server.loses_answer_of = "create"
    with pytest.raises(Unavailable):
        put_variant(engine, "R", Colore="Rosso")
    assert put_variant(engine, "R", Colore="Rosso").accepted
    assert len(server.database.all("product.product")) == 2
    assert len(server.database.all("product.attribute.value")) == 2


def test_options_of_another_variant_are_refused(engine: Engine) -> None:
    put_product(engine, "P")
    put_variant(engine, "R", Colore="Rosso")
    receipt = put_variant(engine, "R2", Colore="Rosso")
    assert (receipt.code, "'R'" in receipt.reason) == ("SA-5382", True)


# Categories


def test_categories_make_a_tree_and_products_hang_in_it(engine: Engine, database: Database) -> None:
    categories = [
        message("category", "VIT", code="VIT", name="Viti", parent="FER", position=2),
        message("category", "FER", code="FER", name="Ferramenta", position=1),
    ]
    child, top = engine.deliver(categories)
    assert (child.waits, top.accepted) == (True, True)
    (child,) = engine.deliver(categories[:1])
    made = database.records["product.public.category"][int(child.reference)]
    assert (made["parent_id"], made["sequence"]) == (int(top.reference), 2)
    put_product(engine, "A1", category="VIT", categories=["FER"])
    (template,) = database.all("product.template")
    assert template["public_categ_ids"] == sorted((int(top.reference), int(child.reference)))


def test_product_waits_for_its_category(engine: Engine) -> None:
    assert put_product(engine, "A1", category="VIT").waits


def test_category_that_is_there_by_name_is_taken(engine: Engine, database: Database) -> None:
    there = database.put("product.public.category", name="Viti")
    receipt = engine.put("category", "VIT", code="VIT", name="Viti")
    assert receipt.reference == str(there)


def test_odoo_without_a_shop_on_its_website_says_what_to_do(
    peer: Peer, server: OdooServer, protocol: str
) -> None:
    server.database.apps_missing.add("product.public.category")
    engine = engine_of(peer, protocol)
    with closing(engine.target), pytest.raises(Misconfigured) as missing:
        engine.put("category", "VIT", code="VIT", name="Viti", position=1)
    assert missing.value.code == "SA-5383"


# Prices


def put_price(engine: Engine, **further: Any) -> Any:
    return engine.put("price", "A1|L", **a_price("A1", **further))


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


def a_price(sku: str, **further: Any) -> dict[str, Any]:
    record = {"sku": sku, "price_list": "Rivenditori", "price": "9.90", "currency": "EUR"}
    return {**record, **further}


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


def put_stock(engine: Engine, quantity: str, sku: str = "A1", warehouse: str = "MILANO") -> Any:
    return engine.put("stock", f"{sku}|M", sku=sku, warehouse=warehouse, quantity=quantity)


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


# Customers


def put_customer(engine: Engine, key: str = "C1", **further: Any) -> Any:
    return engine.put("customer", key, code=key, name="Rossi S.r.l.", **further)


def test_customer_is_made_with_numbers_and_address(engine: Engine, database: Database) -> None:
    receipt = put_customer(
        engine,
        vat_number="IT01234567890",
        tax_code="01234567890",
        sdi_code="ABCDEFG",
        language="it",
        price_list="Rivenditori",
        payment_terms="30 giorni",
        address=ADDRESS,
        addresses=[{**ADDRESS, "kind": "shipping", "street": "Via Po 2", "name": "Magazzino"}],
    )
    partner, contact = database.all("res.partner")
    assert receipt.reference == str(partner["id"])
    assert (partner["vat"], partner["l10n_it_pa_index"]) == ("IT01234567890", "ABCDEFG")
    assert (partner["lang"], partner["zip"], partner["customer_rank"]) == ("it_IT", "00184", 1)
    assert partner["property_payment_term_id"]
    assert (contact["parent_id"], contact["type"], contact["street"]) == (
        partner["id"],
        "delivery",
        "Via Po 2",
    )


@pytest.mark.parametrize(
    "mark",
    [
        {"vat": "IT01234567890"},
        {"vat": "01234567890"},
        {"l10n_it_codice_fiscale": "RSSMRA80A01H501U"},
        {"ref": "C1"},
        {"email": "info@rossi.example"},
    ],
)
def test_customer_who_is_there_is_found_by_number_or_address(
    engine: Engine, database: Database, mark: dict[str, str]
) -> None:
    there = database.put("res.partner", name="ROSSI SRL", **mark)
    receipt = put_customer(
        engine,
        vat_number="01234567890",
        tax_code="RSSMRA80A01H501U",
        email="info@rossi.example",
    )
    assert receipt.reference == str(there)
    assert len(database.all("res.partner")) == 1
    if "vat" in mark:
        assert database.all("res.partner")[0]["vat"] == mark["vat"]


def test_customer_who_fits_two_partners_is_left_to_a_person(
    engine: Engine, database: Database
) -> None:
    for _ in range(2):
        database.put("res.partner", name="Rossi", vat="IT01234567890")
    assert put_customer(engine, vat_number="IT01234567890").code == "SA-5382"
    assert len(database.all("res.partner")) == 2


def test_same_customer_again_writes_nothing(engine: Engine, server: OdooServer) -> None:
    for _ in range(2):
        put_customer(engine, vat_number="IT01234567890", address=ADDRESS, addresses=[ADDRESS])
    assert server.count("res.partner", "write") == 0
    assert len(server.database.all("res.partner")) == 2


# Orders


def an_order(number: str = "W1", customer: str = "C1", **further: Any) -> dict[str, Any]:
    return {
        "number": number,
        "customer": customer,
        "placed_at": "2026-03-01T10:00:00+01:00",
        "lines": [
            {"line": 1, "sku": "A1", "quantity": "3", "price": "9.90", "discount": "10"},
            {"line": 2, "sku": "A1", "quantity": "1", "price": "1.00", "description": "Campione"},
        ],
        **further,
    }


def put_order(engine: Engine, number: str = "W1", **further: Any) -> Any:
    return engine.put("order", number, **an_order(number, **further))


@pytest.fixture
def stocked(engine: Engine) -> Engine:
    put_product(engine, "A1")
    put_customer(engine)
    return engine


def test_order_becomes_a_quotation_with_the_shops_number(
    stocked: Engine, database: Database
) -> None:
    receipt = put_order(stocked, note="Suonare <forte>", shipping_address=ADDRESS)
    (order,) = database.all("sale.order")
    assert receipt.reference == f"{order['id']}/{order['name']}"
    assert (order["client_order_ref"], order["state"]) == ("W1", "draft")
    assert order["date_order"] == "2026-03-01 09:00:00"
    assert order["note"] == "Suonare &lt;forte&gt;"
    assert order["amount_untaxed"] == pytest.approx(27.73)
    lines = database.all("sale.order.line")
    assert [(each["product_uom_qty"], each["discount"]) for each in lines] == [(3, 10), (1, 0)]
    assert database.records["res.partner"][order["partner_shipping_id"]]["type"] == "delivery"


def test_order_read_twice_is_written_once(stocked: Engine, database: Database) -> None:
    first = put_order(stocked)
    stocked.bound.pop(("order", "W1"))
    assert put_order(stocked).reference == first.reference
    assert len(database.all("sale.order")) == 1


def test_order_whose_answer_got_lost_is_written_once(stocked: Engine, server: OdooServer) -> None:
    server.loses_answer_of = "create"
    with pytest.raises(Unavailable):
        put_order(stocked)
    assert put_order(stocked).accepted
    assert len(server.database.all("sale.order")) == 1


def test_order_with_the_same_number_of_another_customer_is_another_order(
    stocked: Engine, database: Database
) -> None:
    other = database.put("res.partner", name="Bianchi")
    database.put("sale.order", partner_id=other, client_order_ref="W1")
    assert put_order(stocked).accepted
    assert len(database.all("sale.order")) == 2


def test_order_waits_for_its_customer_and_its_articles(engine: Engine, database: Database) -> None:
    assert "customer C1" in put_order(engine).reason
    put_customer(engine)
    receipt = put_order(engine)
    assert (receipt.waits, "product A1" in receipt.reason) == (True, True)
    put_product(engine, "A1")
    assert put_order(engine).accepted
    assert len(database.all("sale.order")) == 1


def test_order_is_confirmed_where_that_is_asked(
    peer: Peer, protocol: str, database: Database
) -> None:
    engine = engine_of(peer, protocol, confirm="yes")
    with closing(engine.target):
        put_product(engine, "A1")
        put_customer(engine)
        database.refuses = lambda model, _: "Credit limit reached" if model == "confirm" else ""
        receipt = put_order(engine)
        assert (receipt.code, "Credit limit reached" in receipt.reason) == ("SA-5384", True)
        database.refuses = lambda *_: ""
        assert put_order(engine).accepted
    (order,) = database.all("sale.order")
    assert order["state"] == "sale"


def test_order_that_is_refused_is_found_among_many(stocked: Engine, database: Database) -> None:
    database.refuses = lambda model, values: (
        "no" if model == "sale.order" and values.get("client_order_ref") == "W3" else ""
    )
    receipts = stocked.deliver([message("order", f"W{n}", **an_order(f"W{n}")) for n in range(9)])
    assert [receipt.accepted for receipt in receipts] == [n != 3 for n in range(9)]
    assert len(database.all("sale.order")) == 8


# The rest


def test_entity_that_odoo_has_no_place_for_is_refused(engine: Engine) -> None:
    receipt = engine.put("order_status", "W1", number="W1", status="shipped")
    assert (receipt.accepted, receipt.code) == (False, "SA-5409")


def test_used_up_allowance_is_waited_out(engine: Engine, server: OdooServer) -> None:
    server.busy = True
    with pytest.raises(Unavailable) as busy:
        put_product(engine, "A1")
    assert busy.value.retry_after == 7


def test_what_odoo_holds_is_read_back(stocked: Engine) -> None:
    put_stock(stocked, "5")
    put_order(stocked)
    target = stocked.target
    (product,) = target.read_back("product", ["A1", "never sent"])
    assert (product.key, product.data["sku"], product.data["name"]) == ("A1", "A1", "Vite A1")
    (stock,) = target.read_back("stock", ["A1|M"])
    assert (stock.data["sku"], stock.data["quantity"]) == ("A1", "5")
    (order,) = target.read_back("order", ["W1"])
    assert (order.data["number"], order.data["total_net"]) == ("W1", "27.73")
    assert list(target.read_back("media", ["A1"])) == []


def test_check_tells_version_rights_and_the_end_of_the_key(
    engine: Engine, database: Database
) -> None:
    soon = date.today() + timedelta(days=3)  # noqa: DTZ011 - a key ends on a day
    database.put("res.users.apikeys", name="sync", expiration_date=f"{soon} 00:00:00")
    told = {finding.subject: finding for finding in engine.target.check()}
    assert told["version"].detail.startswith("Odoo 19.0, supported until")
    assert told["stock: stock.quant"].warning
    assert not told["order: sale.order"].warning
    assert told["API key"].warning
    assert str(soon) in told["API key"].detail


def test_wrong_key_halts(engine: Engine, server: OdooServer) -> None:
    server.key = "another"
    with pytest.raises(Misconfigured) as refused:
        put_product(engine, "A1")
    assert refused.value.code == "SA-5220"


def test_versions_end_in_their_order() -> None:
    ends = list(SUPPORTED_UNTIL.values())
    assert ends == sorted(ends)
    assert list(SUPPORTED_UNTIL) == list(range(15, 15 + len(ends)))


@pytest.mark.parametrize(
    ("version", "protocol", "today", "warned"),
    [
        ("19.0", "json2", date(2026, 1, 1), set()),
        ("16.0", "xmlrpc", date(2026, 1, 1), {"version"}),
        ("19.0", "xmlrpc", date(2026, 1, 1), {"protocol"}),
        ("saas~18.2", "xmlrpc", XML_RPC_ENDS - timedelta(days=30), {"version", "API version"}),
        ("12.0", "xmlrpc", date(2026, 1, 1), {"version"}),
        ("", "json2", date(2026, 1, 1), set()),
    ],
)
def test_version_that_ends_is_warned_of(
    version: str, protocol: str, today: date, warned: set[str]
) -> None:
    found = list(findings(version, protocol, today))
    assert {finding.subject for finding in found if finding.warning} == warned


# A real one


@pytest.fixture
def real() -> Iterator[Engine]:
    url = os.environ.get("SYNCAGENT_TEST_ODOO_URL")
    if not url:
        pytest.skip("SYNCAGENT_TEST_ODOO_URL names no Odoo")
    user = os.environ.get("SYNCAGENT_TEST_ODOO_USER", "")
    connection = KIND.connection.model_validate(
        {
            "url": url,
            "database": os.environ["SYNCAGENT_TEST_ODOO_DATABASE"],
            "protocol": "xmlrpc" if user else "json2",
            "api_key": "env:SYNCAGENT_TEST_ODOO_KEY",
            **({"user": user} if user else {}),
        }
    )
    assert KIND.target
    options = KIND.target_options.model_validate({"categories": "none"})
    engine = Engine(KIND.target(connection, options))
    with closing(engine.target):
        yield engine


def test_real_odoo_takes_product_customer_and_order_once(real: Engine) -> None:
    mark = uuid4().hex[:8]
    sku, customer, number = f"SYNC-{mark}", f"C-{mark}", f"W-{mark}"
    assert list(real.target.check())
    assert real.put("product", sku, sku=sku, name="Prova").accepted
    assert real.put("customer", customer, code=customer, name="Prova").accepted
    order = an_order(number, customer)
    for line in order["lines"]:
        line["sku"] = sku
    first = real.put("order", number, **order)
    real.bound.pop(("order", number))
    assert real.put("order", number, **order).reference == first.reference
    assert real.drop("product", sku).accepted
