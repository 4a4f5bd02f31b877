"""Orders and customers into Business One, against a Service Layer that keeps to SAP's types.

With SYNCAGENT_TEST_BUSINESS_ONE_URL (and _COMPANY, _USER, _PASSWORD, _CUSTOMER, _ITEMS parted by a
comma) the suite runs against a company of your own: never a live one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.contract import Kind
from agent.errors import Unavailable
from agent.model import key_text
from connectors._http import Request
from connectors._rest.api import Api
from connectors.business_one import KIND
from connectors.business_one.options import ServiceLayerOptions
from tests.erp.following import configured, page_example
from tests.erp.order_suite import Held, OrderSuite, Site, halted
from tests.erp.service_layer_writing import NO_DATA, UNSET, WritableServiceLayer
from tests.peers.http_server import Peer, answering

ADDRESS = os.environ.get("SYNCAGENT_TEST_BUSINESS_ONE_URL", "")


@dataclass
class BusinessOneBench:
    """A company, asked by ourselves for what it holds."""

    connection: dict[str, Any]
    customer: str
    items: tuple[str, str]
    layer: WritableServiceLayer | None = None
    kind: Kind = KIND
    requests_an_order: int = 1

    @property
    def options(self) -> dict[str, Any]:
        return {"time_zone": "Europe/Rome"}

    @property
    def standin(self) -> bool:
        return self.layer is not None

    @property
    def company(self) -> WritableServiceLayer:
        assert self.layer
        return self.layer

    def documents(self, reference: str) -> list[Held]:
        return [
            Held(
                str(each["DocNum"]),
                each["CardCode"],
                [
                    (line["ItemCode"], key_text(line["Quantity"]), key_text(line["UnitPrice"]))
                    for line in each["DocumentLines"]
                ],
                each["Cancelled"] == "tYES",
            )
            for each in self._asked(f"Orders?$filter=NumAtCard eq '{reference}'&$orderby=DocEntry")
        ]

    def customers(self, name: str) -> list[str]:
        found = self._asked(f"BusinessPartners?$filter=CardName eq '{name}'")
        return [each["CardCode"] for each in found]

    def enter_by_hand(self, reference: str, customer: str) -> str:
        orders = self.company.sets["Orders"]
        numbers = {"DocEntry": 500 + len(orders), "DocNum": 9500 + len(orders)}
        orders.append({**UNSET, **numbers, "NumAtCard": reference, "CardCode": customer} | NO_LINES)
        return str(numbers["DocNum"])

    def admit(self, name: str, vat_number: str = "", email: str = "") -> str:
        partners = self.company.sets["BusinessPartners"]
        code = f"C{10000 + len(partners)}"
        known = {"FederalTaxID": vat_number or None, "EmailAddress": email or None}
        partners.append(
            {**NO_DATA, **known, "CardCode": code, "CardName": name, "CardType": "cCustomer"}
        )
        return code

    def block(self, customer: str) -> None:
        self.company.frozen.add(customer)

    def fail(self, *faults: str) -> None:
        self.company.faults.extend(faults)

    def _asked(self, question: str) -> list[dict[str, Any]]:
        connection = ServiceLayerOptions.model_validate(self.connection)
        with closing(Api(connection, connection.authorization())) as api:
            question = question.replace(" ", "%20").replace("'", "%27")
            answer = api.read(Request("GET", f"{connection.url}/{question}"))
        found: list[dict[str, Any]] = answer.value["value"]
        return found


NO_LINES: dict[str, Any] = {"DocumentLines": []}


@pytest.fixture
def layer() -> WritableServiceLayer:
    layer = WritableServiceLayer()
    layer.sets["Items"] = [
        {"ItemCode": "A001", "BarCode": "8001"},
        {"ItemCode": "A002", "BarCode": "8002"},
        {"ItemCode": "A003", "BarCode": "8002"},
    ]
    return layer


@pytest.fixture
def peer(layer: WritableServiceLayer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    monkeypatch.setenv("SYNC_TEST_PASSWORD", "right")
    with answering(layer) as peer:
        yield peer


@pytest.fixture
def standin(peer: Peer, layer: WritableServiceLayer) -> BusinessOneBench:
    connection = {
        "url": f"{peer.url}/b1s/v2",
        "company": "SBO_ROSSI",
        "user": "sync",
        "password": "env:SYNC_TEST_PASSWORD",
    }
    bench = BusinessOneBench(connection, "", ("A001", "A002"), layer)
    bench.customer = bench.admit("Rossi")
    return bench


def real() -> BusinessOneBench:
    said = {name: os.environ[f"SYNCAGENT_TEST_BUSINESS_ONE_{name}"] for name in ("USER", "COMPANY")}
    connection = {name.lower(): value for name, value in said.items()} | {
        "url": ADDRESS,
        "password": "env:SYNCAGENT_TEST_BUSINESS_ONE_PASSWORD",
    }
    first, second = os.environ["SYNCAGENT_TEST_BUSINESS_ONE_ITEMS"].split(",")
    return BusinessOneBench(
        connection, os.environ["SYNCAGENT_TEST_BUSINESS_ONE_CUSTOMER"], (first, second)
    )


class TestOrdersIntoBusinessOne(OrderSuite):
    @pytest.fixture
    def bench(self, request: pytest.FixtureRequest) -> BusinessOneBench:
        if ADDRESS:
            return real()
        found: BusinessOneBench = request.getfixturevalue("standin")
        return found


# What is Business One's own


def test_example_of_the_page_brings_a_customer_and_his_order(
    standin: BusinessOneBench, layer: WritableServiceLayer, tmp_path: Path
) -> None:
    said = page_example("business_one.md", 2)
    said["connections"]["erp"] |= standin.connection
    said["connections"]["shop"]["token"] = "env:SYNC_TEST_PASSWORD"
    config = configured(tmp_path, said)
    site = Site(standin, {})
    with closing(config.build_target("registrations")) as target:
        (receipt,) = target.deliver([site.registration("1", vat_number="IT01234567890")])
        assert receipt.reference == f"W{site.key('1')}"
    site.bound.numbers["customer", site.key("1")] = receipt.reference
    with closing(config.build_target("web_orders")) as target:
        target.equip(site.bound, site.gate)
        order = site.order("2", customer=site.key("1"), attributes={"freight": "4.90"})
        (receipt,) = target.deliver([order])
    assert (receipt.accepted, receipt.reference) == (True, "1070")
    (held,) = layer.sets["Orders"]
    assert (held["U_WebOrder"], held["Series"]) == (site.key("2"), 12)
    assert held["DocumentAdditionalExpenses"] == [{"ExpenseCode": 1, "LineTotal": 4.9}]
    line = held["DocumentLines"][0]
    assert (line["VatGroup"], line["WarehouseCode"], line["CostingCode"]) == ("C22", "01", "WEB")


def test_document_holds_what_the_order_says(
    standin: BusinessOneBench, layer: WritableServiceLayer
) -> None:
    site = Site(
        standin,
        {
            "reference_field": "U_WebOrder",
            "series": "12",
            "taxes": {"22.00": "C22"},
            "warehouses": {"MI": "01", "": "99"},
            "line": {"CostingCode": "{{ 'WEB-' ~ number }}"},
            "further_lines": [{"ItemCode": "A003", "Quantity": 1, "UnitPrice": "{{ 5.5 }}"}],
            "fields": {
                "SalesPersonCode": 7,
                "Comments": None,
                "AddressExtension": {"ShipToState": "TO"},
                "DocumentAdditionalExpenses": [{"ExpenseCode": 1, "LineTotal": "{{ 4.90 }}"}],
            },
        },
    )
    line = {"line": 1, "sku": "A001", "quantity": "2.5", "price": "9.99", "discount": "10"}
    line |= {"vat_rate": "22", "attributes": {"warehouse": "MI"}, "note": "blu"}
    billing = {"name": "Bianchi", "street": "Via Po 3", "city": "Torino", "country": "IT"}
    further = {"customer_reference": "PO 77", "payment_terms": "3", "billing_address": billing}
    (receipt,) = site.deliver(site.order("1", lines=[line], delivery_on="2026-03-09", **further))
    assert receipt.accepted, receipt
    (held,) = layer.sets["Orders"]
    assert held == {
        "DocEntry": 70,
        "DocNum": 1070,
        "Cancelled": "tNO",
        "CardCode": standin.customer,
        "U_WebOrder": site.key("1"),
        "NumAtCard": "PO 77",
        "Series": 12,
        "DocDate": "2026-03-02",
        "DocDueDate": "2026-03-09",
        "DocCurrency": "EUR",
        "PaymentGroupCode": 3,
        "SalesPersonCode": 7,
        "DocumentAdditionalExpenses": [{"ExpenseCode": 1, "LineTotal": 4.9}],
        "AddressExtension": {
            "ShipToStreet": "Via Po 3",
            "ShipToZipCode": "10121",
            "ShipToCity": "Torino",
            "ShipToState": "TO",
            "ShipToCountry": "IT",
            "BillToAddress2": "Bianchi",
            "BillToStreet": "Via Po 3",
            "BillToCity": "Torino",
            "BillToCountry": "IT",
        },
        "DocumentLines": [
            {
                "LineNum": 0,
                "ItemCode": "A001",
                "Quantity": 2.5,
                "UnitPrice": 9.99,
                "DiscountPercent": 10,
                "VatGroup": "C22",
                "WarehouseCode": "01",
                "FreeText": "blu",
                "CostingCode": "WEB-1",
            },
            {"LineNum": 1, "ItemCode": "A003", "Quantity": 1, "UnitPrice": 5.5},
        ],
    }
    assert layer.writes == ["POST Orders"]


def test_new_customer_holds_what_the_registration_says(
    standin: BusinessOneBench, layer: WritableServiceLayer
) -> None:
    site = Site(standin, {"reference": "W{{ record.code }}", "customer_fields": {"GroupCode": 104}})
    ship = {"kind": "shipping", "code": "MAG", "street": "Via Dora 1", "city": "Ivrea"}
    (receipt,) = site.deliver(
        site.registration(
            "1",
            code="42",
            vat_number="IT01234567890",
            tax_code="RSSMRA80A01H501U",
            addresses=[ship | {"country": "IT"}],
        )
    )
    assert receipt.reference == "W42"
    address = {"Street": "Via Po 3", "City": "Torino", "Country": "IT", "AddressName": "Via Po 3"}
    assert layer.sets["BusinessPartners"][-1] == {
        "CardCode": "W42",
        "CardName": f"Bianchi {site.key('1')}",
        "CardType": "cCustomer",
        "FederalTaxID": "IT01234567890",
        "AdditionalID": "RSSMRA80A01H501U",
        "EmailAddress": None,
        "Phone1": None,
        "GroupCode": 104,
        "BPAddresses": [
            address | {"AddressType": "bo_BillTo"},
            address | {"AddressType": "bo_ShipTo"},
            {"AddressName": "MAG", "AddressType": "bo_ShipTo", "Street": "Via Dora 1",
             "City": "Ivrea", "Country": "IT"},
        ],
    }  # fmt: skip


def test_quotation_is_written_where_the_flow_wants_one(
    standin: BusinessOneBench, layer: WritableServiceLayer
) -> None:
    site = Site(standin, {"document": "quotation"})
    assert [each.accepted for each in site.deliver(site.order("1"))] == [True]
    assert (layer.writes, len(layer.sets["Quotations"])) == (["POST Quotations"], 1)


def test_session_that_runs_out_between_two_orders_loses_and_doubles_none(
    standin: BusinessOneBench, layer: WritableServiceLayer
) -> None:
    layer.lasts = 5
    site = Site(standin, {})
    receipts = site.deliver(*[site.order(str(number)) for number in range(12)])
    assert [receipt.accepted for receipt in receipts] == [True] * 12
    assert len(layer.log_ins) > 2
    assert len(layer.sets["Orders"]) == 12


def test_reference_that_many_bear_is_seen_beyond_the_first_page(standin: BusinessOneBench) -> None:
    site = Site(standin, {})
    for _ in range(30):
        standin.enter_by_hand(site.key("1"), standin.customer)
    standin.enter_by_hand(site.key("2"), standin.customer)
    one, two = site.deliver(site.order("1"), site.order("2"))
    assert (one.code, two.code) == ("SA-5353", "SA-5353")


def test_article_is_found_by_another_property_unless_two_bear_it(
    standin: BusinessOneBench, layer: WritableServiceLayer
) -> None:
    site = Site(standin, {"item_field": "BarCode"})
    lines = [[{"line": 1, "sku": sku, "quantity": "1"}] for sku in ("8001", "8002")]
    found, unclear = site.deliver(*[site.order(str(n), lines=each) for n, each in enumerate(lines)])
    assert found.accepted
    assert layer.sets["Orders"][0]["DocumentLines"][0]["ItemCode"] == "A001"
    assert (unclear.accepted, unclear.code) == (False, "SA-5354")


def test_closed_document_is_not_changed_and_says_so(
    standin: BusinessOneBench, layer: WritableServiceLayer
) -> None:
    site = Site(standin, {"changed": "update"})
    site.deliver(site.order("1"))
    layer.closed.add(70)
    (receipt,) = site.deliver(site.order("1", note="later"))
    assert (receipt.accepted, receipt.code) == (False, "SA-5350")
    assert receipt.reason == "Cannot change a closed document (-5006)"


def test_code_of_a_new_customer_that_belongs_to_another_is_not_taken(
    standin: BusinessOneBench,
) -> None:
    other = standin.admit("Verdi")
    site = Site(standin, {"match": ["vat_number"], "reference": other})
    (receipt,) = site.deliver(site.registration("1"))
    assert (receipt.accepted, receipt.code) == (False, "SA-5354")


def test_customer_with_an_awkward_code_is_changed(standin: BusinessOneBench) -> None:
    site = Site(standin, {"changed": "update", "reference": "W O'K/1"})
    for name in ("Neri", "Bruni"):
        (receipt,) = site.deliver(site.registration("1", name=name))
        assert receipt.reference == "W O'K/1"
    assert standin.customers("Bruni") == ["W O'K/1"]


def test_customer_numbered_by_a_series_must_be_one_to_find_again(
    standin: BusinessOneBench,
) -> None:
    site = Site(standin, {"customer_series": "70"})
    nothing, known = site.deliver(
        site.registration("1"), site.registration("2", email="neri@neri.example")
    )
    assert (nothing.accepted, nothing.code) == (False, "SA-5355")
    assert (known.accepted, known.reference) == (True, "C90001")


def test_orders_of_guests_go_to_the_customer_whom_the_flow_names(
    standin: BusinessOneBench, layer: WritableServiceLayer
) -> None:
    site = Site(standin, {"customer": standin.customer, "match": ["email"]})
    assert [each.accepted for each in site.deliver(site.order("1", customer="guest"))] == [True]
    assert layer.sets["Orders"][0]["CardCode"] == standin.customer


def test_codes_that_are_the_shops_own_find_no_customer(standin: BusinessOneBench) -> None:
    site = Site(standin, {"match": ["vat_number"]})
    (receipt,) = site.deliver(site.order("1"))
    assert receipt.waits


def test_payment_terms_that_are_no_code_are_refused(standin: BusinessOneBench) -> None:
    site = Site(standin, {})
    (receipt,) = site.deliver(site.order("1", payment_terms="30 days"))
    assert (receipt.accepted, receipt.code) == (False, "SA-5357")


def test_version_1_is_written_to_as_well(
    standin: BusinessOneBench, layer: WritableServiceLayer
) -> None:
    layer.version = "v1"
    standin.connection["url"] = standin.connection["url"].replace("v2", "v1")
    site = Site(standin, {})
    assert [each.accepted for each in site.deliver(site.order("1"))] == [True]
    layer.frozen.add(standin.customer)
    (refused,) = site.deliver(site.order("2"))
    assert refused.reason == "Business partner is on hold [ORDR.CardCode] (-5002)"


def test_busy_service_layer_leaves_nothing_in_doubt(
    standin: BusinessOneBench, layer: WritableServiceLayer
) -> None:
    layer.throttled = 1
    site = Site(standin, {})
    with pytest.raises(Unavailable) as busy:
        site.deliver(site.order("1"))
    assert busy.value.untouched


def test_check_tells_of_a_field_that_is_not_there(
    standin: BusinessOneBench, layer: WritableServiceLayer
) -> None:
    layer.properties = {"Orders": {"DocEntry", "DocNum", "CardCode", "Cancelled", "NumAtCard"}}
    wrong = halted(Site(standin, {"reference_field": "U_WebOrdr"}))
    assert wrong.code == "SA-2401"
    assert "U_WebOrdr" in wrong.reason
