"""Customers and states of orders in a store of BigCommerce; what is read from it; check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.config import Config
from agent.errors import Misconfigured
from connectors.bigcommerce import KIND
from tests.erp.following import configured, page_example, presets_of, run, run_keys
from tests.peers.bigcommerce import BigStore
from tests.peers.engine import taken
from tests.platforms.bigcommerce_stores import VARIABLE
from tests.platforms.conftest import OpenTarget
from tests.platforms.messages import ADDRESS, customer, message, order_status

EARLY, LATE = "Sun, 01 Mar 2026 09:00:00 +0000", "Sun, 01 Mar 2026 10:00:01 +0000"


def an_order(number: int, **more: Any) -> dict[str, Any]:
    line = {
        "id": number * 10,
        "order_id": number,
        "order_address_id": 4,
        "name": "Vite",
        "sku": "A1",
        "quantity": 3,
        "quantity_shipped": 1,
        "price_ex_tax": "10.0000",
        "total_ex_tax": "30.0000",
    }
    address = {
        "company": "Rossi S.r.l.",
        "first_name": "Anna",
        "last_name": "Rossi",
        "street_1": "Via Roma 1",
        "street_2": "",
        "city": "Milano",
        "zip": "20121",
        "state": "MI",
        "country_iso2": "IT",
        "phone": "02 1",
        "email": "a@rossi.it",
    }
    download = {"line_items": [{**line, "id": number * 10 + 1, "sku": "PDF"}]}
    return {
        "id": number,
        "status_id": 11,
        "status": "Awaiting Fulfillment",
        "date_created": EARLY,
        "date_modified": EARLY,
        "customer_id": 7,
        "currency_code": "EUR",
        "payment_method": "Bonifico",
        "customer_message": "",
        "subtotal_ex_tax": "60.0000",
        "total_ex_tax": "60.0000",
        "total_tax": "13.2000",
        "total_inc_tax": "73.2000",
        "shipping_cost_ex_tax": "0.0000",
        "refunded_amount": "0.0000",
        "billing_address": address,
        "lines": [line],
        "consignments": {
            "shipping": [{**address, "street_1": "Via Po 2", "line_items": [line]}],
            "downloads": [download],
            "pickups": [],
            "email": {"gift_certificates": []},
        },
    } | more


@pytest.fixture
def config(big_connection: dict[str, Any], tmp_path: Path) -> Config:
    return configured(tmp_path, presets_of("bigcommerce", big_connection, *KIND.presets))


# Customers


def test_customers_are_looked_up_together_and_made_ten_at_a_time(
    big: BigStore, open_big: OpenTarget
) -> None:
    engine = open_big(customer_groups={"RIV": 4})
    many = [customer(f"C{n}", f"a{n}@rossi.it", price_list="RIV") for n in range(12)]
    assert len(taken(engine.send(*many))) == 12
    assert big.calls == ["GET /v3/customers"] + ["POST /v3/customers"] * 2
    first = next(iter(big.people.customers.values()))
    assert (first["company"], first["last_name"]) == ("Rossi C0", "C0")
    assert first["customer_group_id"] == 4
    assert len(big.people.addresses) == 12


def test_customer_that_was_there_is_taken_over_and_gets_what_it_lacks(
    big: BigStore, open_big: OpenTarget
) -> None:
    (there,) = big.people.make([{"email": "a@rossi.it", "first_name": "A", "last_name": "R"}])
    engine = open_big()
    ship = {**ADDRESS, "kind": "shipping", "street": "Via Po 2"}
    (receipt,) = engine.send(customer("C1", "A@rossi.it", addresses=[ship])).values()
    assert receipt.reference == str(there["id"])
    assert len(big.people.addresses) == 2
    engine.send(customer("C1", "a@rossi.it", addresses=[ship], phone="02 1"))
    assert len(big.people.addresses) == 2
    assert big.people.customers[there["id"]]["phone"] == "02 1"


def test_customer_that_somebody_deleted_is_made_anew(big: BigStore, open_big: OpenTarget) -> None:
    engine = open_big()
    engine.send(customer("C1", "a@rossi.it"), customer("C2", "b@rossi.it"))
    big.people.customers.clear()
    assert len(taken(engine.send(customer("C1", "a@rossi.it"), customer("C2", "b@neri.it")))) == 2
    assert [each["email"] for each in big.people.customers.values()] == ["a@rossi.it", "b@neri.it"]


def test_customers_that_share_an_address_or_have_none_are_refused(open_big: OpenTarget) -> None:
    receipts = open_big(customer_groups={"RIV": 4}).send(
        customer("C1", "a@rossi.it"),
        customer("C2", "a@rossi.it"),
        customer("C3", ""),
        customer("C4", "d@rossi.it", price_list="X"),
    )
    refused = {key: each.code for key, each in receipts.items() if not each.accepted}
    assert refused == {"C2": "SA-5406", "C3": "SA-5406", "C4": "SA-5486"}


def test_deleted_customer_stays_unless_the_flow_wants_it_gone(
    big: BigStore, open_big: OpenTarget
) -> None:
    kept, gone = open_big(), open_big(deleted="delete")
    kept.send(customer("C1", "a@rossi.it"))
    kept.send(message("customer", "C1"))
    assert big.people.customers
    gone.bound = kept.bound
    gone.send(message("customer", "C1"), message("customer", "never"))
    assert big.people.customers == {}


# Orders


def test_parcel_is_told_once_and_holds_what_was_left(big: BigStore, open_big: OpenTarget) -> None:
    big.people.orders[501] = an_order(501)
    engine = open_big(statuses={"S": "Completed"}, order_number="attributes.document")
    told = order_status(
        "501", "S", tracking_number="1Z", carrier="UPS", attributes={"document": "OV/7"}
    )
    for _ in range(2):
        assert taken(engine.send(told)) == {"501"}
    (parcel,) = big.people.shipments[501]
    assert parcel["items"] == [{"order_product_id": 5010, "quantity": 2}]
    assert (parcel["order_address_id"], parcel["tracking_number"]) == (4, "1Z")
    assert big.people.orders[501]["status_id"] == 10
    assert big.people.orders[501]["external_order_id"] == "OV/7"
    (record,) = engine.target.read_back("order_status", ["501"])
    assert record.data["status"] == "completed"


def test_unknown_state_and_unknown_order_are_refused(big: BigStore, open_big: OpenTarget) -> None:
    big.people.orders[501] = an_order(501)
    receipts = open_big().send(
        order_status("501", "spedito"),
        order_status("502", "Shipped"),
        order_status("WEB-7", "Shipped"),
    )
    assert {key: each.code for key, each in receipts.items()} == {
        "501": "SA-5485",
        "502": "SA-5407",
        "WEB-7": "SA-5407",
    }


def test_order_becomes_an_order_with_the_lines_of_all_consignments(
    big: BigStore, config: Config
) -> None:
    big.people.orders[501] = an_order(501)
    big.people.orders[502] = an_order(502, status_id=0)
    seen = run(config, "orders")
    assert seen.refused == []
    (order,) = seen.records
    assert (order["number"], order["customer"]) == ("501", "7")
    assert order["placed_at"] == "2026-03-01T09:00:00+00:00"
    assert (order["total_net"], order["total_vat"], order["total"]) == ("60.00", "13.20", "73.20")
    assert order["billing_address"]["street"] == "Via Roma 1"
    assert order["shipping_address"]["street"] == "Via Po 2"
    assert [(line["line"], line["sku"], line["price"]) for line in order["lines"]] == [
        (5010, "A1", "10.0000"),
        (5011, "PDF", "10.0000"),
    ]
    assert not seen.complete


def test_order_that_changed_comes_again(big: BigStore, config: Config) -> None:
    for number in range(1, 121):
        big.people.orders[number] = an_order(number)
    first = run(config, "orders")
    assert len(first.records) == 120
    big.people.orders[7]["date_modified"] = LATE
    second = run(config, "orders", first.cursor)
    assert "7" in {each["number"] for each in second.records}
    third = run(config, "orders", second.cursor)
    assert [each["number"] for each in third.records] == ["7"]


def test_single_order_is_read_by_its_number(big: BigStore, config: Config) -> None:
    big.people.orders[501] = an_order(501)
    seen = run_keys(config, "orders", "501", "999")
    assert [each["number"] for each in seen.records] == ["501"]
    assert len(seen.records[0]["lines"]) == 2


def test_customer_becomes_a_customer_with_its_first_address(
    big: BigStore, config: Config, open_big: OpenTarget
) -> None:
    open_big().send(customer("C1", "a@rossi.it"))
    big.people.make([{"email": "b@neri.it", "first_name": "Bruno", "last_name": "Neri"}])
    for each in big.people.customers.values():
        each.setdefault("company", "")
        each.setdefault("phone", "")
    seen = run(config, "customers")
    assert seen.refused == []
    by_mail = {each["email"]: each for each in seen.records}
    assert by_mail["a@rossi.it"]["address"]["city"] == "Milano"
    assert by_mail["b@neri.it"]["name"] == "Bruno Neri"
    assert seen.complete


# Log-in and check


def test_wrong_token_halts_after_one_attempt(
    big: BigStore, open_big: OpenTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "wrong")
    with pytest.raises(Misconfigured, match="not authorized"):
        open_big().send(customer("C1", "a@rossi.it"))
    assert len(big.calls) == 1


def test_check_compares_currency_price_lists_and_units(big: BigStore, open_big: OpenTarget) -> None:
    found = {each.subject: each for each in open_big(price_lists={"R": "list:3"}).target.check()}
    assert found["price lists"].detail == "Rivenditori"
    assert [each.subject for each in found.values() if each.warning] == []
    big.information["weight_units"] = "Ounces"
    found = {each.subject: each for each in open_big().target.check()}
    assert found["weight"].warning
    with pytest.raises(Misconfigured, match="no price list 9"):
        list(open_big(price_lists={"R": "list:9"}).target.check())
    with pytest.raises(Misconfigured, match="sells in EUR"):
        list(open_big(currency="USD").target.check())
    assert big.catalogue.products == {}


def test_example_on_the_page_is_a_configuration(tmp_path: Path) -> None:
    config = configured(tmp_path, page_example("bigcommerce.md"))
    assert {flow.entity for flow in config.flows.values()} >= {"product", "order"}
