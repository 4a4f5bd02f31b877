"""What a record does not say stays as the shop's people left it; what was cut off is completed."""

from __future__ import annotations

from tests.peers.bigcommerce import BigStore
from tests.peers.engine import taken
from tests.peers.woocommerce import WooShop
from tests.platforms.conftest import OpenTarget
from tests.platforms.messages import ADDRESS, message, order_status
from tests.platforms.test_bigcommerce_people import an_order

MAIL = {"code": "C1", "name": "Rossi", "email": "a@rossi.it"}


def test_address_and_telephone_of_an_account_stay_where_the_record_has_none(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    engine = open_woo()
    engine.send(message("customer", "C1", {**MAIL, "address": ADDRESS, "phone": "02 1"}))
    assert taken(engine.send(message("customer", "C1", {**MAIL, "name": "Rossi & Figli"})))
    (account,) = woo.accounts.items.values()
    assert account["billing"]["company"] == "Rossi & Figli"
    assert (account["billing"]["address_1"], account["billing"]["phone"]) == ("Via Roma 1", "02 1")


def test_telephone_of_a_customer_stays_where_the_record_has_none(
    big: BigStore, open_big: OpenTarget
) -> None:
    engine = open_big()
    engine.send(message("customer", "C1", {**MAIL, "phone": "02 1"}))
    assert taken(engine.send(message("customer", "C1", {**MAIL, "name": "Rossi & Figli"})))
    (customer,) = big.people.customers.values()
    assert (customer["company"], customer["phone"]) == ("Rossi & Figli", "02 1")


def test_parcel_to_a_second_address_is_made_after_the_first_ones_answer_got_lost(
    big: BigStore, open_big: OpenTarget
) -> None:
    order = an_order(501)
    (line,) = order["lines"]
    second = {**line, "id": 5012, "order_address_id": 5, "quantity": 1, "quantity_shipped": 0}
    big.people.orders[501] = {**order, "lines": [line, second]}
    # The parcel to the first address is there; what was to follow never came.
    big.people.ship(
        501,
        {
            "order_address_id": 4,
            "tracking_number": "1Z",
            "items": [{"order_product_id": 5010, "quantity": 2}],
        },
    )
    for _ in range(2):
        assert taken(open_big().send(order_status("501", "Shipped", tracking_number="1Z")))
    assert [each["order_address_id"] for each in big.people.shipments[501]] == [4, 5]
