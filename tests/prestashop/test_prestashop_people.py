"""Customers and the status of orders in a shop of PrestaShop."""

from __future__ import annotations

from contextlib import closing

from tests.peers.engine import Engine
from tests.peers.http_server import Peer
from tests.peers.prestashop import PrestaShop
from tests.prestashop.putting import (
    ADDRESS,
    an_order,
    engine_of,
    put_customer,
    state_named,
)

# Customers


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
    engine = engine_of(peer, shop, statuses={"shipped": "99"}, notify_customers="yes")
    with closing(engine.target):
        order = an_order(shop)
        engine.put("order_status", order, number=order, status="shipped")
        assert shop.mails == [order]
