"""Customers and states of orders in a shop of WooCommerce; log-in and check."""

from __future__ import annotations

from typing import Any

import pytest

from agent.contract import Finding
from agent.errors import Misconfigured
from agent.secrets import Secret
from connectors._http import Request
from connectors.woocommerce.checking import ENDS, VERSION
from connectors.woocommerce.keys import KeyInHeader, KeyInQuery, SignedQuery
from connectors.woocommerce.options import WooCommerceOptions
from tests.peers.engine import taken
from tests.peers.woocommerce import WooShop
from tests.peers.woocommerce.accounts import Accounts
from tests.platforms.conftest import OpenTarget
from tests.platforms.messages import ADDRESS, customer, message, order_status
from tests.platforms.woocommerce_shops import VARIABLE


def only(accounts: Accounts) -> dict[str, Any]:
    (found,) = accounts.items.values()
    return found


def findings(found: list[Finding]) -> dict[str, Finding]:
    return {each.subject: each for each in found}


# Customers


def test_customer_becomes_an_account_with_the_company_in_its_address(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    engine = open_woo(meta_data={"vat_number": "_vat"})
    ship = {**ADDRESS, "kind": "shipping", "street": "Via Po 2"}
    mark = customer(
        "C1", "Info@Rossi.it", phone="02 1", vat_number="IT012", addresses=[ship], name="Rossi"
    )
    (receipt,) = engine.send(mark).values()
    account = only(woo.accounts)
    assert receipt.reference == str(account["id"])
    assert account["email"] == "info@rossi.it"
    assert account["billing"]["company"] == "Rossi"
    assert account["billing"]["address_1"] == "Via Roma 1"
    assert account["billing"]["postcode"] == "20121"
    assert account["shipping"]["address_1"] == "Via Po 2"
    assert {"_syncagent_key", "_vat"} == {each["key"] for each in account["meta_data"]}
    assert woo.calls == ["POST /customers/batch"]


def test_account_that_was_there_before_us_is_taken_over(woo: WooShop, open_woo: OpenTarget) -> None:
    there = woo.accounts.create({"email": "a@rossi.it", "password": "x"})
    engine = open_woo()
    (receipt,) = engine.send(customer("C1", "a@rossi.it")).values()
    assert receipt.reference == str(there["id"])
    engine.bound.clear()
    assert taken(engine.send(customer("C1", "a@rossi.it", name="Neu")))
    assert only(woo.accounts)["billing"]["company"] == "Neu"


def test_account_of_another_customer_or_of_staff_is_not_taken_over(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    engine = open_woo()
    engine.send(customer("C1", "a@rossi.it"))
    woo.accounts.create({"email": "boss@shop.it", "password": "x", "role": "administrator"})
    receipts = engine.send(
        customer("C2", "a@rossi.it"), customer("C3", "boss@shop.it"), customer("C4", None)
    )
    assert [each.code for each in receipts.values()] == ["SA-5406"] * 3
    assert "customer C1" in receipts["C2"].reason
    assert "administrator" in receipts["C3"].reason


def test_account_that_somebody_deleted_is_made_anew(woo: WooShop, open_woo: OpenTarget) -> None:
    engine = open_woo()
    engine.send(customer("C1", "a@rossi.it"))
    woo.accounts.items.clear()
    assert taken(engine.send(customer("C1", "a@rossi.it")))
    assert only(woo.accounts)["email"] == "a@rossi.it"


def test_deleted_customer_keeps_the_account_unless_the_flow_wants_it_gone(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    kept, gone = open_woo(), open_woo(deleted="delete")
    kept.send(customer("C1", "a@rossi.it"))
    assert taken(kept.send(message("customer", "C1")))
    assert only(woo.accounts)
    gone.bound = kept.bound
    assert taken(gone.send(message("customer", "C1"), message("customer", "never")))
    assert woo.accounts.items == {}


def test_customer_is_read_back(open_woo: OpenTarget) -> None:
    engine = open_woo()
    engine.send(customer("C1", "a@rossi.it", phone="02 1"))
    (record,) = engine.target.read_back("customer", ["C1", "C2"])
    assert record.data["email"] == "a@rossi.it"
    assert record.data["address"]["street"] == "Via Roma 1"


# Orders


def test_state_tracking_and_numbers_of_the_erp_reach_the_order(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    woo.orders.items[501] = {"id": 501, "status": "processing"}
    engine = open_woo(statuses={"spedito": "completed"}, meta_data={"attributes.erp": "_erp"})
    told = order_status(
        "501", "spedito", tracking_number="1Z", carrier="UPS", attributes={"erp": "OV/7"}
    )
    assert taken(engine.send(told)) == {"501"}
    order = woo.orders.items[501]
    assert order["status"] == "completed"
    assert {each["key"]: each["value"] for each in order["meta_data"]} == {
        "_syncagent_key": "501",
        "_tracking_number": "1Z",
        "_tracking_carrier": "UPS",
        "_erp": "OV/7",
    }
    assert woo.orders.notes == {}


def test_unknown_state_is_not_sent_for_the_shop_would_make_it_pending(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    woo.orders.items[501] = {"id": 501, "status": "processing"}
    receipts = open_woo().send(
        order_status("501", "spedito"),
        order_status("502", "completed"),
        order_status("WEB-7", "completed"),
    )
    codes = {key: each.code for key, each in receipts.items()}
    assert codes == {"501": "SA-5411", "502": "SA-5407", "WEB-7": "SA-5407"}
    assert woo.orders.items[501]["status"] == "processing"


def test_customer_is_told_of_a_parcel_once_however_often_we_send(
    woo: WooShop, open_woo: OpenTarget
) -> None:
    woo.orders.items[501] = {"id": 501, "status": "processing"}
    engine = open_woo(notify_customers="true")
    for _ in range(2):
        engine.send(order_status("501", "completed", tracking_number="1Z", carrier="UPS"))
    assert [each["note"] for each in woo.orders.notes[501]] == ["UPS 1Z"]
    assert woo.orders.notes[501][0]["customer_note"] is True


# Log-in and check


def test_wrong_secret_halts_after_one_attempt(
    woo: WooShop, open_woo: OpenTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "cs_wrong")
    with pytest.raises(Misconfigured, match="Invalid signature"):
        open_woo().send(customer("C1", "a@rossi.it"))
    assert len(woo.calls) == 1


def test_key_goes_with_the_request_as_the_host_allows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "cs_1")
    said = {"url": "https://shop.example.com", "consumer_key": "ck_1"}
    said["consumer_secret"] = f"env:{VARIABLE}"
    by_header = WooCommerceOptions.model_validate(said).authorization()
    by_query = WooCommerceOptions.model_validate({**said, "key_in": "query"}).authorization()
    plain = {**said, "url": "http://shop.lan", "unencrypted": "true"}
    signed = WooCommerceOptions.model_validate(plain).authorization()
    assert isinstance(by_header, KeyInHeader)
    assert isinstance(signed, SignedQuery)
    asked = Request("GET", "https://shop.example.com/wp-json/wc/v3/orders?page=1")
    by_query.sign(asked, lambda _: pytest.fail("nothing to ask for"))
    assert asked.url.endswith("?page=1&consumer_key=ck_1&consumer_secret=cs_1")
    assert isinstance(by_query, KeyInQuery)
    asked = Request("GET", "http://shop.lan/wp-json/wc/v3/orders?page=1")
    signed.sign(asked, lambda _: pytest.fail("nothing to ask for"))
    assert "cs_1" not in asked.url
    assert "oauth_signature=" in asked.url


def test_check_compares_the_settings_of_the_shop(woo: WooShop, open_woo: OpenTarget) -> None:
    found = findings(list(open_woo().target.check()))
    assert found["WooCommerce"].detail == "9.8.5"
    assert found["currency"].detail == "EUR"
    assert [each.subject for each in found.values() if each.warning] == []
    assert woo.products.items == {}


def test_check_warns_of_what_will_go_wrong(woo: WooShop, open_woo: OpenTarget) -> None:
    woo.version = "5.7.1"
    woo.settings["products/woocommerce_weight_unit"] = "lbs"
    woo.settings["products/woocommerce_manage_stock"] = "no"
    found = findings(list(open_woo().target.check()))
    assert {each.subject for each in found.values() if each.warning} == {
        "WooCommerce",
        "weight",
        "stock",
    }


def test_key_that_may_only_read_is_found_out_by_check(woo: WooShop, open_woo: OpenTarget) -> None:
    woo.readonly = True
    with pytest.raises(Misconfigured, match="write permissions"):
        list(open_woo().target.check())


def test_version_that_is_spoken_has_a_line_in_the_table_of_ends() -> None:
    assert VERSION in ENDS


def test_secret_is_never_part_of_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "cs_1")
    assert "cs_1" not in repr(KeyInHeader("ck_1", Secret(f"env:{VARIABLE}")).__dict__)
