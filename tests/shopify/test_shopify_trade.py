"""Prices, stock, customers and the status of orders."""

from typing import Any

import pytest

from agent.errors import Unavailable
from agent.model import Message, Receipt
from tests.peers.shopify.shop import Record
from tests.shopify.sending import Sending

ADDRESS = {
    "street": "Via Roma 1",
    "city": "Milano",
    "postal_code": "20121",
    "province": "MI",
    "country": "IT",
}


def price(
    sending: Sending, sku: str, amount: str, price_list: str = "BASE", **more: Any
) -> Message:
    data = {"sku": sku, "price_list": price_list, "price": amount, "currency": "EUR", **more}
    return sending.message("price", f"{sku}|{price_list}", data)


def stock(sending: Sending, sku: str, quantity: str, warehouse: str = "Milano") -> Message:
    data = {"sku": sku, "warehouse": warehouse, "quantity": quantity}
    return sending.message("stock", f"{sku}|{warehouse}", data)


def dealers(sending: Sending, currency: str = "EUR") -> Record:
    """The price list of the dealers, which the flow calls 2."""
    sending.reopen(price_lists={"2": "Rivenditori"})
    return sending.shop.add("PriceList", name="Rivenditori", currency=currency, prices={})


def only(receipts: dict[str, Receipt]) -> Receipt:
    (receipt,) = receipts.values()
    return receipt


def test_price_with_the_price_before(sending: Sending) -> None:
    sending.send(sending.product("A-1"))
    attributes = {"compare_at_price": "15"}
    assert only(sending.send(price(sending, "A-1", "12.50", attributes=attributes))).accepted
    variant = sending.holds("ProductVariant", "A-1")
    assert (variant["price"], variant["compareAtPrice"]) == ("12.5", "15")
    sending.send(price(sending, "A-1", "12", attributes={"compare_at_price": None}))
    assert (variant["price"], variant["compareAtPrice"]) == ("12", None)


def test_prices_of_sisters_share_a_call_and_one_refusal_is_of_one(sending: Sending) -> None:
    sending.send(
        sending.product("M"),
        *(sending.variant(f"M-{n}", "M", f"Rosso {n}") for n in range(30)),
    )
    before = len(sending.server.requests)
    receipts = sending.send(*(price(sending, f"M-{n}", str(n + 1)) for n in range(30)))
    assert all(receipt.accepted for receipt in receipts.values())
    assert len(sending.server.requests) == before + 2  # the currency, and all prices


def test_prices_by_quantity_in_a_price_list(sending: Sending) -> None:
    prices = dealers(sending)["prices"]
    sending.send(sending.product("A-1"), sending.product("A-2"))
    tiers = [{"min_quantity": "1", "price": "10"}, {"min_quantity": "12", "price": "9"}]
    sending.send(price(sending, "A-1", "10", "2", tiers=tiers), price(sending, "A-2", "20", "2"))
    one, two = (sending.holds("ProductVariant", sku)["id"] for sku in ("A-1", "A-2"))
    assert prices[one]["price"] == {"amount": "10", "currencyCode": "EUR"}
    assert list(prices[one]["breaks"]) == [12]
    assert prices[two]["breaks"] == {}
    tiers = [{"min_quantity": "24", "price": "8"}]
    sending.send(price(sending, "A-1", "10", "2", tiers=tiers))
    assert list(prices[one]["breaks"]) == [24], "tiers of one record are all of them"


def test_tiers_that_are_records_of_their_own_come_and_go_alone(sending: Sending) -> None:
    prices = dealers(sending)["prices"]
    sending.send(sending.product("A-1"))
    records = [
        sending.message(
            "price",
            f"A-1|2|{least}",
            {
                "sku": "A-1",
                "price_list": "2",
                "price": amount,
                "currency": "EUR",
                "min_quantity": least,
            },
        )
        for least, amount in (("1", "10"), ("12", "9"), ("24", "8"))
    ]
    sending.send(*records)
    (held,) = prices.values()
    assert list(held["breaks"]) == [12, 24]
    sending.send(sending.message("price", "A-1|2|12"))
    assert list(held["breaks"]) == [24]
    sending.send(sending.message("price", "A-1|2|1"))
    assert prices == {}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"price_list": "9"}, "price_list: the shop has no price list '9'"),
        ({"currency": "USD"}, "currency: USD, and prices there are in EUR"),
        ({"customer": "C-1"}, "customer: a price of one customer"),
        ({"tiers": [{"min_quantity": "10", "price": "9"}]}, "tiers: a variant has one price"),
    ],
)
def test_price_that_has_no_place_says_why(
    sending: Sending, fields: dict[str, Any], words: str
) -> None:
    sending.send(sending.product("A-1"))
    receipt = only(sending.send(price(sending, "A-1", "1", **fields)))
    assert receipt.code == "SA-5447"
    assert words in receipt.reason


def test_price_in_a_list_of_another_currency_is_refused(sending: Sending) -> None:
    dealers(sending, currency="CHF")
    sending.send(sending.product("A-1"))
    assert "CHF" in only(sending.send(price(sending, "A-1", "1", "2"))).reason


def test_variant_cannot_lose_its_price(sending: Sending) -> None:
    sending.send(sending.product("A-1"))
    sending.send(price(sending, "A-1", "1"))
    assert only(sending.send(sending.message("price", "A-1|BASE"))).code == "SA-5448"


def levels(sending: Sending, sku: str) -> dict[str, int]:
    """Name of a location → quantity there."""
    item = sending.shop.get(sending.holds("ProductVariant", sku)["item"])
    return {sending.shop.get(place)["name"]: n for place, n in item["levels"].items()}


def test_stock_of_a_location_that_did_not_have_the_article(sending: Sending) -> None:
    sending.send(sending.product("A-1"), sending.product("A-2"))
    sending.send(stock(sending, "A-1", "7.9"), stock(sending, "A-2", "3", "Roma"))
    assert (levels(sending, "A-1"), levels(sending, "A-2")) == ({"Milano": 7}, {"Roma": 3})
    sending.send(stock(sending, "A-1", "-2"), stock(sending, "A-1", "5", "Roma"))
    assert levels(sending, "A-1") == {"Milano": -2, "Roma": 5}
    sending.send(sending.message("stock", "A-1|Roma"))
    assert levels(sending, "A-1") == {"Milano": -2, "Roma": 0}


def test_stock_sent_twice_is_one_effect_with_one_key(sending: Sending) -> None:
    sending.send(sending.product("A-1"))
    sending.send(stock(sending, "A-1", "1"))
    message = stock(sending, "A-1", "7")
    sending.server.lose_next_answer()
    with pytest.raises(Unavailable):
        sending.send(message)
    assert sending.asked(message) == {}
    assert sending.send(message)["A-1|Milano"].accepted
    assert sending.done().count("inventorySetQuantities") == 1
    assert levels(sending, "A-1") == {"Milano": 7}


def test_a_thousand_quantities_are_four_requests(sending: Sending) -> None:
    item = sending.shop.add("InventoryItem", levels={})
    milano = next(e["id"] for e in sending.shop.all("Location") if e["name"] == "Milano")
    for number in range(1000):
        item = sending.shop.add("InventoryItem", levels={milano: 0})
        digits = item["id"].rpartition("/")[2]
        sending.kept.references["product", f"A-{number}"] = f"1/2/{digits}"
    sending.send(*(stock(sending, f"A-{number}", "5") for number in range(1000)))
    assert len(sending.server.requests) == 1 + 4  # the locations, once
    sending.send(*(stock(sending, f"A-{number}", "6") for number in range(1000)))
    assert len(sending.server.requests) == 1 + 4 + 4


def test_stock_of_one_article_that_is_gone_does_not_hold_up_the_others(sending: Sending) -> None:
    sending.send(sending.product("A-1"))
    sending.send(stock(sending, "A-1", "1"))
    sending.kept.references["product", "A-2"] = "1/2/999"
    receipts = sending.send(stock(sending, "A-1", "7"), stock(sending, "A-2", "7"))
    assert receipts["A-1|Milano"].accepted
    assert "INVALID_INVENTORY_ITEM" in receipts["A-2|Milano"].reason
    assert levels(sending, "A-1") == {"Milano": 7}


def test_warehouse_that_is_no_location_is_refused(sending: Sending) -> None:
    sending.send(sending.product("A-1"))
    receipt = only(sending.send(stock(sending, "A-1", "7", "Napoli")))
    assert receipt.code == "SA-5447"
    assert "Napoli" in receipt.reason


def customer(sending: Sending, code: str, **more: Any) -> Message:
    data = {"code": code, "name": "Rossi srl", "email": f"{code}@example.com", **more}
    return sending.message("customer", code, data)


def test_customer_keeps_the_addresses_that_are_their_own(sending: Sending) -> None:
    sending.send(customer(sending, "C-1", address=ADDRESS, language="it"))
    held = sending.holds("Customer", "C-1")
    assert (held["lastName"], held["locale"]) == ("Rossi srl", "it")
    own = sending.shop.add("MailingAddress", address1="Via Verdi 2")["id"]
    held["addresses"].append(own)
    sending.send(customer(sending, "C-1", address={**ADDRESS, "street": "Via Roma 2"}))
    streets = [sending.shop.get(each)["address1"] for each in held["addresses"]]
    assert streets == ["Via Roma 2", "Via Verdi 2"]


def test_customer_whose_mail_somebody_has_is_refused_in_shopifys_words(sending: Sending) -> None:
    sending.server.trade.customer_create({"email": "C-1@example.com"})
    receipt = only(sending.send(customer(sending, "C-1")))
    assert "input.email: Email has already been taken" in receipt.reason
    assert "sent 'C-1@example.com'" in receipt.reason


def test_customer_without_an_answer_is_not_made_twice(sending: Sending) -> None:
    sending.send(customer(sending, "first"))
    message = customer(sending, "C-1", address=ADDRESS)
    for request in range(2, 5):  # the customer, the address, the mark
        for _ in range(request - 1):
            sending.server.pass_next()
        sending.server.lose_next_answer()
        if request < 4:
            with pytest.raises(Unavailable):
                sending.send(message)
            assert sending.asked(message) == {}, "only the mark says that all is done"
    with pytest.raises(Unavailable):
        sending.send(message)
    assert sending.asked(message)["C-1"].accepted
    assert len(sending.shop.all("Customer")) == 2


def test_deleted_customer_is_gone(sending: Sending) -> None:
    sending.send(customer(sending, "C-1"))
    sending.send(sending.message("customer", "C-1"))
    assert sending.shop.all("Customer") == []


def test_company_with_one_location(sending: Sending) -> None:
    sending.reopen(companies=True)
    message = customer(sending, "C-1", address=ADDRESS, vat_number="IT01234567890")
    receipt = only(sending.send(message))
    (company,) = sending.shop.all("Company")
    assert receipt.reference.split("/") == [
        each.rpartition("/")[2] for each in (company["id"], company["locations"][0])
    ]
    location = sending.shop.get(company["locations"][0])
    assert location["taxRegistrationId"] == "IT01234567890"
    sending.forget()
    assert sending.asked(message)["C-1"].accepted
    sending.forget()
    sending.send(customer(sending, "C-1", address={**ADDRESS, "street": "Via Roma 2"}))
    assert location["shippingAddress"]["address1"] == "Via Roma 2"
    sending.send(sending.message("customer", "C-1"))
    assert sending.shop.all("Company") == []


def test_company_whose_code_a_location_of_another_one_bears_does_not_wait_for_ever(
    sending: Sending,
) -> None:
    sending.reopen(companies=True)
    sending.shop.add("CompanyLocation", name="Rossi Nord", externalId="C-1")
    receipt = only(sending.send(customer(sending, "C-1")))
    assert (receipt.accepted, receipt.waits, receipt.code) == (False, False, "SA-5440")
    assert "companyLocation.externalId" in receipt.reason


def ordered(sending: Sending, name: str = "#1001", **quantities: int) -> Record:
    """An order with these quantities by SKU, to be fulfilled from one place."""
    lines = [
        {
            "id": f"gid://shopify/FulfillmentOrderLineItem/{place}",
            "sku": sku,
            "totalQuantity": quantity,
            "remainingQuantity": quantity,
        }
        for place, (sku, quantity) in enumerate(quantities.items(), 1)
    ]
    order = sending.shop.add(
        "Order", name=name, fulfillments=[], fulfillmentOrders=[], lineItems=[], refunds=[]
    )
    part = sending.shop.add("FulfillmentOrder", status="OPEN", lines=lines, order=order["id"])
    order["fulfillmentOrders"] = [part["id"]]
    return order


def status(sending: Sending, number: str, what: str = "shipped", **more: Any) -> Message:
    return sending.message("order_status", number, {"number": number, "status": what, **more})


def left(sending: Sending, order: Record) -> dict[str, int]:
    """SKU → quantity that is still to be fulfilled."""
    (part,) = order["fulfillmentOrders"]
    return {e["sku"]: e["remainingQuantity"] for e in sending.shop.get(part)["lines"]}


def test_shipped_order_is_fulfilled_once_with_its_tracking(sending: Sending) -> None:
    order = ordered(sending, A1=2, A2=1)
    message = status(
        sending, "1001", tracking_number="BRT-1", carrier="BRT", invoice="F/7",
        attributes={"erp_number": "O-55"},
    )  # fmt: skip
    receipt = only(sending.send(message))
    assert receipt.reference == order["id"].rpartition("/")[2]
    assert left(sending, order) == {"A1": 0, "A2": 0}
    (made,) = order["fulfillments"]
    assert made["sent"]["trackingInfo"] == {"number": "BRT-1", "company": "BRT"}
    assert made["sent"]["notifyCustomer"] is False
    marks = {key: value for (_, key), value in order["metafields"].items()}
    assert (marks["status"], marks["invoice"], marks["erp_number"]) == ("shipped", "F/7", "O-55")
    sending.send(status(sending, "1001", tracking_number="BRT-1"))
    assert len(order["fulfillments"]) == 1


def test_what_was_shipped_in_parts_is_fulfilled_in_parts(sending: Sending) -> None:
    order = ordered(sending, A1=5, A2=1)
    for shipped in ("2", "2", "5"):
        lines = [{"line": 1, "sku": "A1", "quantity_shipped": shipped}]
        sending.send(status(sending, "#1001", lines=lines))
    assert left(sending, order) == {"A1": 0, "A2": 1}
    assert len(order["fulfillments"]) == 2


def test_lost_answer_to_a_shipment_ships_nothing_twice(sending: Sending) -> None:
    order = ordered(sending, A1=5)
    lines = [{"line": 1, "sku": "A1", "quantity_shipped": "2"}]
    message = status(sending, "1001", lines=lines)
    for _ in range(2):  # the order's id, the order
        sending.server.pass_next()
    sending.server.lose_next_answer()
    with pytest.raises(Unavailable):
        sending.send(message)
    assert only(sending.send(message)).accepted
    assert left(sending, order) == {"A1": 3}
    assert len(order["fulfillments"]) == 1


def test_tracking_number_that_comes_later_joins_the_shipment(sending: Sending) -> None:
    order = ordered(sending, A1=1)
    sending.send(status(sending, "1001"))
    sending.send(status(sending, "1001", tracking_number="BRT-1"))
    (made,) = order["fulfillments"]
    assert [each["number"] for each in made["trackingInfo"](None)] == ["BRT-1"]


def test_order_of_many_lines_is_shipped_to_the_last(sending: Sending) -> None:
    many = {f"A{number}": 1 for number in range(160)}
    order = ordered(sending, "#1001", **many)
    sending.send(status(sending, "1001"))
    assert set(left(sending, order).values()) == {0}


def test_status_that_ships_nothing_is_merely_told(sending: Sending) -> None:
    order = ordered(sending, A1=1)
    sending.send(status(sending, "1001", "confirmed"))
    assert left(sending, order) == {"A1": 1}
    assert order["metafields"]["syncagent", "status"] == "confirmed"


def test_order_is_found_by_its_exact_name_or_its_id(sending: Sending) -> None:
    ordered(sending, "#1001-B", A1=1)
    receipt = only(sending.send(status(sending, "1001")))
    assert receipt.code == "SA-5453"
    order = ordered(sending, "#1002", A1=1)
    assert only(sending.send(status(sending, order["id"]))).accepted


def test_entities_of_one_delivery_are_written_in_the_order_in_which_they_need_each_other(
    sending: Sending,
) -> None:
    receipts = sending.send(
        stock(sending, "A-1", "7"),
        sending.product("A-1", category="VIT"),
        sending.message("category", "VIT", {"code": "VIT", "name": "Viti"}),
    )
    assert all(receipt.accepted for receipt in receipts.values())
