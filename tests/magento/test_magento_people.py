"""Customers, and the state of orders, as Magento gets them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.magento.conftest import OpenTarget
from tests.peers.magento import MagentoShop
from tests.platforms.messages import ADDRESS, customer, message, order_status

STATUSES = {"P": "processing", "S": "complete", "A": "canceled", "F": "holded", "-": ""}
IN_ITALY = {**ADDRESS, "province": "MI"}


def an_order(shop: MagentoShop, number: int = 7) -> dict[str, Any]:
    """Three screws, a shirt in red as Magento writes it, and a voucher."""
    order = {
        "entity_id": number,
        "state": "processing",
        "status": "processing",
        "items": [
            {"item_id": 1, "sku": "A1", "qty_ordered": 3, "product_type": "simple"},
            {"item_id": 2, "sku": "P-R", "qty_ordered": 1, "product_type": "configurable"},
            {"item_id": 3, "sku": "P-R", "qty_ordered": 1, "parent_item_id": 2},
            {"item_id": 4, "sku": "BUONO", "qty_ordered": 1, "product_type": "virtual"},
        ],
    }
    shop.people.orders[number] = order
    return order


def test_customer_is_made_with_address_region_and_group(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target(customer_groups={"RIV": 3})
    said = customer("C1", "A@Rossi.it", price_list="RIV", address=IN_ITALY, vat_number="IT1")
    receipts = engine.send(said)
    (held,) = shop.people.customers.values()
    assert receipts["C1"].reference == str(held["id"])
    assert (held["email"], held["group_id"], held["taxvat"]) == ("a@rossi.it", 3, "IT1")
    assert (held["firstname"], held["lastname"]) == ("Rossi C1", "C1")
    (address,) = held["addresses"]
    assert address["region"] == {"region_code": "MI", "region": "Milano", "region_id": 614}
    assert address["telephone"] == "-"


def test_change_keeps_the_group_and_the_addresses_that_the_customer_entered(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target()
    engine.send(customer("C1", "a@rossi.it", address=IN_ITALY))
    (held,) = shop.people.customers.values()
    held["group_id"] = 4
    held["addresses"].append({**held["addresses"][0], "id": 99, "street": ["Via Verdi 2"]})
    del held["addresses"][0]["default_billing"]
    engine.send(customer("C1", "a@rossi.it", address=IN_ITALY, name="Bianchi"))
    (held,) = shop.people.customers.values()
    assert (held["firstname"], held["group_id"]) == ("Bianchi", 4)
    assert [each["street"] for each in held["addresses"]] == [["Via Roma 1"], ["Via Verdi 2"]]
    assert [bool(each.get("default_billing")) for each in held["addresses"]] == [False, True]


def test_customer_is_found_by_the_address_and_follows_a_new_one(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target()
    first = engine.send(customer("C1", "a@rossi.it", address=IN_ITALY))["C1"].reference
    engine.bound.clear()
    again = engine.send(customer("C1", "a@rossi.it", address=IN_ITALY))["C1"].reference
    moved = engine.send(customer("C1", "b@rossi.it", address=IN_ITALY))["C1"].reference
    assert first == again == moved
    assert [each["email"] for each in shop.people.customers.values()] == ["b@rossi.it"]


def test_customer_that_somebody_deleted_is_made_anew(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    engine = open_target()
    engine.send(customer("C1", "a@rossi.it", address=IN_ITALY))
    shop.people.customers.clear()
    assert engine.send(customer("C1", "a@rossi.it", address=IN_ITALY))["C1"].accepted
    assert len(shop.people.customers) == 1


def test_name_loses_what_magento_allows_in_none(shop: MagentoShop, open_target: OpenTarget) -> None:
    engine = open_target()
    said = customer("C/1", "a@rossi.it", name="Rossi & C. (Milano) S.r.l.", address=IN_ITALY)
    assert engine.send(said)["C/1"].accepted
    (held,) = shop.people.customers.values()
    assert (held["firstname"], held["lastname"]) == ("Rossi & C. Milano S.r.l.", "C 1")


@pytest.mark.parametrize(
    ("more", "code"),
    [({"email": ""}, "SA-5406"), ({"price_list": "X"}, "SA-5466")],
)
def test_customer_who_cannot_have_an_account_is_refused(
    open_target: OpenTarget, more: dict[str, Any], code: str
) -> None:
    engine = open_target(customer_groups={"RIV": 3})
    said = {"code": "C1", "name": "Rossi", "email": "a@rossi.it", "price_list": "RIV", **more}
    assert engine.send(message("customer", "C1", said))["C1"].code == code


def test_two_customers_with_one_address_are_one_and_a_refusal(open_target: OpenTarget) -> None:
    engine = open_target()
    receipts = engine.send(
        customer("C1", "a@rossi.it", address=IN_ITALY),
        customer("C2", "A@rossi.it", address=IN_ITALY),
    )
    assert receipts["C1"].accepted
    assert (receipts["C2"].code, "C1" in receipts["C2"].reason) == ("SA-5406", True)


def test_refusal_of_an_address_is_told_in_magentos_words(open_target: OpenTarget) -> None:
    refusal = open_target().send(customer("C1", "a@rossi.it", address=ADDRESS))["C1"]
    assert '"regionId" is required' in refusal.reason


@pytest.mark.parametrize(("deleted", "left"), [("hide", 1), ("delete", 0)])
def test_deleted_customer_stays_unless_said_otherwise(
    shop: MagentoShop, open_target: OpenTarget, deleted: str, left: int
) -> None:
    engine = open_target(deleted=deleted)
    engine.send(customer("C1", "a@rossi.it", address=IN_ITALY))
    assert engine.send(message("customer", "C1"))["C1"].accepted
    assert len(shop.people.customers) == left


# Orders


def test_parcel_invoice_comment_and_status_are_told_once(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    order = an_order(shop)
    engine = open_target(
        statuses=STATUSES, order_number="attributes.document", invoice=True, notify_customers=True
    )
    more = {"tracking_number": "1Z9", "carrier": "GLS", "invoice": "F12"}
    for _ in range(2):
        told = order_status("7", "S", attributes={"document": "4711"}, **more)
        assert engine.send(told)["7"].accepted
    (shipment,) = shop.people.shipments
    assert shipment["items"] == [
        {"order_item_id": 1, "qty": 3},
        {"order_item_id": 2, "qty": 1},
    ]
    assert [each["title"] for each in shipment["tracks"]] == ["GLS"]
    assert len(shop.people.invoices) == 1
    assert [each["comment"] for each in order["status_histories"]] == ["ERP: 4711"]
    assert order["status"] == "complete"


def test_lost_answers_make_no_second_parcel(shop: MagentoShop, open_target: OpenTarget) -> None:
    an_order(shop)
    engine = open_target(statuses=STATUSES)
    told = order_status("7", "S", tracking_number="1Z9")
    shop.lost.append(3)  # order, shipments, and the parcel itself
    with pytest.raises(Exception, match="504"):
        engine.send(told)
    assert engine.send(told)["7"].accepted
    assert len(shop.people.shipments) == 1


def test_parcel_takes_what_the_lines_say_is_shipped_so_far(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    an_order(shop)
    engine = open_target(statuses=STATUSES)
    for so_far, tracking in (("1", "T1"), ("3", "T2"), ("3", "T3")):
        lines = [{"line": 1, "quantity_shipped": so_far}]
        engine.send(order_status("7", "P", tracking_number=tracking, lines=lines))
    sent = [[each["qty"] for each in shipment["items"]] for shipment in shop.people.shipments]
    assert sent == [[1], [2]]
    tracks = [each["track_number"] for each in shop.people.shipments[-1]["tracks"]]
    assert tracks == ["T2", "T3"]  # nothing was left: the number goes to the last parcel


@pytest.mark.parametrize(
    ("status", "call", "state"), [("A", "cancel", "canceled"), ("F", "hold", "holded")]
)
def test_order_is_cancelled_or_held_as_the_shop_does_it(
    shop: MagentoShop, open_target: OpenTarget, status: str, call: str, state: str
) -> None:
    order = an_order(shop)
    engine = open_target(statuses=STATUSES)
    for _ in range(2):
        engine.send(order_status("7", status))
    assert order["status"] == state
    assert [each for each in shop.calls if each.startswith("POST")] == [f"POST orders/7/{call}"]


def test_parcel_leaves_the_source_that_is_named(shop: MagentoShop, open_target: OpenTarget) -> None:
    an_order(shop)
    engine = open_target(statuses=STATUSES, ship_from="milano")
    engine.send(order_status("7", "-", tracking_number="1Z9"))
    assert shop.people.shipments[0]["source"] == "milano"


def test_status_that_is_left_alone_costs_one_question(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    an_order(shop)
    open_target(statuses=STATUSES).send(order_status("7", "-"))
    assert shop.calls == ["GET orders/7"]


@pytest.mark.parametrize(
    ("number", "status", "code"),
    [("8", "S", "SA-5407"), ("WEB-7", "S", "SA-5407"), ("7", "spedito", "SA-5467")],
)
def test_order_or_status_that_magento_does_not_know_is_refused(
    shop: MagentoShop, open_target: OpenTarget, number: str, status: str, code: str
) -> None:
    an_order(shop)
    receipts = open_target(statuses=STATUSES).send(order_status(number, status))
    assert receipts[number].code == code


def test_price_that_is_not_read_back_is_not_taken_for_absent(open_target: OpenTarget) -> None:
    target = open_target().target
    assert [target.reads_back(entity) for entity in ("product", "stock", "price")] == [
        True,
        True,
        False,
    ]


def test_what_is_there_is_read_back(shop: MagentoShop, open_target: OpenTarget) -> None:
    an_order(shop)
    engine = open_target(statuses=STATUSES)
    engine.send(customer("C1", "a@rossi.it", address=IN_ITALY, vat_number="IT1"))
    engine.send(order_status("7", "S"))
    (held,) = engine.target.read_back("customer", ["C1", "C2"])
    assert held.data == {"code": "C1", "email": "a@rossi.it", "vat_number": "IT1"}
    (held,) = engine.target.read_back("order_status", ["7"])
    assert held.data == {"number": "7", "status": "complete"}
