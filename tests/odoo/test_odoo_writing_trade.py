"""Customers and orders in Odoo, over both protocols."""

from __future__ import annotations

from contextlib import closing

import pytest

from agent.errors import Unavailable
from tests.odoo.putting import (
    ADDRESS,
    an_order,
    engine_of,
    put_customer,
    put_order,
    put_product,
)
from tests.peers.engine import Engine, message
from tests.peers.http_server import Peer
from tests.peers.odoo import Database, OdooServer

# Customers


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


def test_order_that_changed_after_it_was_written_is_left_to_a_person(
    stocked: Engine, server: OdooServer
) -> None:
    name = put_order(stocked).reference.partition("/")[2]
    receipt = put_order(stocked, attributes={"status": "cancelled"})
    assert (receipt.accepted, receipt.code) == (False, "SA-5351")
    assert receipt.reason == f"the order changed in the shop after it became {name}"
    assert server.database.all("sale.order")[0]["state"] == "draft"


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
