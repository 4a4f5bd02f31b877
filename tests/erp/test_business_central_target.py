"""Orders and customers into Business Central, against an API that keeps to Microsoft's types.

With SYNCAGENT_TEST_BUSINESS_CENTRAL_TENANT (and _ENVIRONMENT, _COMPANY, _CLIENT_ID, _CLIENT_SECRET,
_CUSTOMER, _ITEMS parted by a comma) the suite runs against a sandbox of your own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from agent.contract import Kind
from agent.errors import Misconfigured, Unavailable
from agent.model import key_text
from connectors._http import Request
from connectors._rest.api import Api
from connectors.business_central import KIND
from connectors.business_central.company import company_id
from connectors.business_central.options import BusinessCentralOptions
from tests.erp.central import TENANT
from tests.erp.central_writing import EMPTY, WritableCentral
from tests.erp.following import configured, page_example
from tests.erp.order_suite import Held, OrderSuite, Site, halted
from tests.peers.http_server import Peer, answering

PREFIX = "SYNCAGENT_TEST_BUSINESS_CENTRAL_"
MILANO = "bbbbbbbb-0000-0000-0000-000000000001"


@dataclass
class BusinessCentralBench:
    """A company, asked by ourselves for what it holds."""

    connection: dict[str, Any]
    customer: str
    items: tuple[str, str]
    central: WritableCentral | None = None
    kind: Kind = KIND
    requests_an_order: int = 1

    @property
    def options(self) -> dict[str, Any]:
        return {"time_zone": "Europe/Rome"}

    @property
    def standin(self) -> bool:
        return self.central is not None

    @property
    def company(self) -> WritableCentral:
        assert self.central
        return self.central

    def documents(self, reference: str) -> list[Held]:
        wanted = f"externalDocumentNumber eq '{reference.upper()}'"
        return [
            Held(
                each["number"],
                each["customerNumber"],
                [
                    (
                        line["lineObjectNumber"],
                        key_text(line["quantity"]),
                        key_text(line["unitPrice"]),
                    )
                    for line in self._asked(f"salesOrders({each['id']})/salesOrderLines")
                ],
                cancelled=False,
            )
            for each in self._asked(f"salesOrders?$filter={quote(wanted)}")
        ]

    def customers(self, name: str) -> list[str]:
        wanted = quote(f"displayName eq '{name}'")
        return [each["number"] for each in self._asked(f"customers?$filter={wanted}")]

    def enter_by_hand(self, reference: str, customer: str) -> str:
        made = {"id": self.company.new_id(), "number": f"S-ORD{9000 + len(reference)}"}
        made |= {"externalDocumentNumber": reference.upper(), "customerNumber": customer}
        self.company.sets["salesOrders"].append({**made, "salesOrderLines": []})
        return made["number"]

    def admit(self, name: str, vat_number: str = "", email: str = "") -> str:
        customers = self.company.sets["customers"]
        made = {"id": self.company.new_id(), "number": f"C{10000 + len(customers)}"}
        known = {"displayName": name, "taxRegistrationNumber": vat_number, "email": email}
        customers.append({**EMPTY, **made, **known})
        return made["number"]

    def block(self, customer: str) -> None:
        self.company.blocked.add(customer)

    def fail(self, *faults: str) -> None:
        self.company.faults.extend(faults)

    def _asked(self, question: str) -> list[dict[str, Any]]:
        connection = BusinessCentralOptions.model_validate(self.connection)
        with closing(Api(connection.at_the_api(), connection.authorization())) as api:
            companies = api.read(Request("GET", f"{api.url}/companies")).value["value"]
            where = f"{api.url}/companies({company_id(companies, connection)})/{question}"
            found: list[dict[str, Any]] = api.read(Request("GET", where)).value["value"]
        return found


@pytest.fixture
def central() -> WritableCentral:
    central = WritableCentral()
    central.sets["items"] = [
        {"id": central.new_id(), "number": number, "gtin": gtin}
        for number, gtin in [("A001", "8001"), ("A002", "8002"), ("FREIGHT", "")]
    ]
    central.sets["locations"] = [{"id": MILANO, "code": "MILANO"}]
    return central


@pytest.fixture
def peer(central: WritableCentral) -> Iterator[Peer]:
    with answering(central) as peer:
        central.url = peer.url
        yield peer


@pytest.fixture
def standin(
    peer: Peer, central: WritableCentral, monkeypatch: pytest.MonkeyPatch
) -> BusinessCentralBench:
    secret = (
        f"SYNC_TEST_{uuid4().hex}"  # so that no token of an earlier server on this port is used
    )
    monkeypatch.setenv(secret, "right")
    connection = {
        "url": f"{peer.url}/v2.0",
        "login_url": peer.url,
        "tenant": TENANT,
        "company": "Rossi S.r.l.",
        "client_id": "app-1",
        "client_secret": f"env:{secret}",
    }
    bench = BusinessCentralBench(connection, "", ("A001", "A002"), central)
    bench.customer = bench.admit("Rossi")
    return bench


def real() -> BusinessCentralBench:
    names = ("TENANT", "ENVIRONMENT", "COMPANY", "CLIENT_ID")
    connection = {name.lower(): os.environ[PREFIX + name] for name in names}
    connection["client_secret"] = f"env:{PREFIX}CLIENT_SECRET"
    first, second = os.environ[PREFIX + "ITEMS"].split(",")
    return BusinessCentralBench(connection, os.environ[PREFIX + "CUSTOMER"], (first, second))


class TestOrdersIntoBusinessCentral(OrderSuite):
    @pytest.fixture
    def bench(self, request: pytest.FixtureRequest) -> BusinessCentralBench:
        if os.environ.get(PREFIX + "TENANT"):
            return real()
        found: BusinessCentralBench = request.getfixturevalue("standin")
        return found


# What is Business Central's own


def test_example_of_the_page_brings_a_customer_and_his_order(
    standin: BusinessCentralBench, central: WritableCentral, tmp_path: Path
) -> None:
    said = page_example("business_central.md", 2)
    said["connections"]["erp"] |= standin.connection
    said["connections"]["shop"]["token"] = standin.connection["client_secret"]
    config = configured(tmp_path, said)
    site = Site(standin, {})
    with closing(config.build_target("registrations")) as target:
        (receipt,) = target.deliver([site.registration("1", vat_number="IT01234567890")])
        assert receipt.reference == "K20001"
    site.bound.numbers["customer", site.key("1")] = receipt.reference
    with closing(config.build_target("web_orders")) as target:
        target.equip(site.bound, site.gate)
        order = site.order("2", customer=site.key("1"), attributes={"freight": "4.90"})
        (receipt,) = target.deliver([order])
    assert (receipt.accepted, receipt.reference) == (True, "S-ORD101000")
    (held,) = central.sets["salesOrders"]
    assert held["externalDocumentNumber"] == f"WEB-{site.key('2')}"
    article, _, freight = held["salesOrderLines"]
    assert article["locationId"] == MILANO
    assert (freight["lineObjectNumber"], freight["unitPrice"]) == ("FREIGHT", 4.9)


def test_document_holds_what_the_order_says(
    standin: BusinessCentralBench, central: WritableCentral
) -> None:
    site = Site(
        standin,
        {
            "taxes": {"22": "IVA22"},
            "currencies": {"EUR": ""},
            "fields": {"salesperson": "WEB"},
            "further_lines": [{"lineType": "Comment", "description": "{{ record.note }}"}],
        },
    )
    line = {"line": 1, "sku": "a001", "quantity": "2.5", "price": "9.99", "discount": "10"}
    (receipt,) = site.deliver(
        site.order("1", lines=[line | {"vat_rate": "22"}], delivery_on="2026-03-09", note="blu")
    )
    assert receipt.accepted, receipt
    (held,) = central.sets["salesOrders"]
    lines = [
        {name: line[name] for name in line if name != "id"} for line in held["salesOrderLines"]
    ]
    assert {name: held[name] for name in held if name not in {"id", "salesOrderLines"}} == {
        "number": "S-ORD101000",
        "customerNumber": standin.customer,
        "externalDocumentNumber": site.key("1"),
        "orderDate": "2026-03-02",
        "requestedDeliveryDate": "2026-03-09",
        "currencyCode": "",
        "salesperson": "WEB",
        "shipToAddressLine1": "Via Po 3",
        "shipToCity": "Torino",
        "shipToPostCode": "10121",
        "shipToCountry": "IT",
    }
    assert lines == [
        {
            "lineType": "Item",
            "lineObjectNumber": "A001",
            "quantity": 2.5,
            "unitPrice": 9.99,
            "discountPercent": 10,
            "taxCode": "IVA22",
        },
        {"lineType": "Comment", "description": "blu"},
    ]
    assert central.writes == ["POST salesOrders"]


def test_reference_in_small_letters_is_found_in_capitals(standin: BusinessCentralBench) -> None:
    site = Site(standin, {}, mark="web-a")
    order = site.order("1")
    standin.fail("lost")
    with pytest.raises(Unavailable):
        site.deliver(order)
    (receipt,) = site.again(order)
    assert (receipt.accepted, len(site.documents("1"))) == (True, 1)


@pytest.mark.parametrize("options", [{"changed": "update"}, {"deleted": "cancel"}])
def test_order_that_was_posted_meanwhile_is_neither_written_again_nor_touched(
    options: dict[str, str], standin: BusinessCentralBench, central: WritableCentral
) -> None:
    site = Site(standin, options)
    order = site.order("1")
    (receipt,) = site.deliver(order)
    posted = central.sets["salesOrders"].pop()
    invoice = {**posted, "number": "103001", "orderNumber": posted["number"]}
    central.sets["salesInvoices"].append(invoice)
    further = site.order("1", note="?") if "changed" in options else None
    (refused,) = site.deliver(further or site.message("order", "1", None))
    assert (refused.accepted, "posted already" in refused.reason) == (False, True)
    site.bound.numbers.clear()
    assert site.again(order) == [receipt]
    assert central.sets["salesOrders"] == []


def test_change_is_one_batch_that_is_taken_whole_or_not(
    standin: BusinessCentralBench, central: WritableCentral
) -> None:
    site = Site(standin, {"changed": "update", "further_lines": [{"lineType": "Nonsense"}]})
    (refused,) = site.deliver(site.order("1"))
    assert (refused.code, "Nonsense" in refused.reason) == ("SA-5350", True)
    sound = Site(standin, {"changed": "update"}, mark=site.mark)
    sound.deliver(sound.order("1"))
    before = [dict(line) for line in central.sets["salesOrders"][0]["salesOrderLines"]]
    site.bound = sound.bound
    (refused,) = site.deliver(site.order("1", note="again"))
    assert refused.code == "SA-5350"
    assert central.sets["salesOrders"][0]["salesOrderLines"] == before


def test_released_order_is_not_changed_and_says_so(
    standin: BusinessCentralBench, central: WritableCentral
) -> None:
    site = Site(standin, {"changed": "update"})
    (receipt,) = site.deliver(site.order("1"))
    central.released.add(receipt.reference)
    (refused,) = site.deliver(site.order("1", note="later"))
    assert refused.reason == "Status must be equal to 'Open'. (Application_DialogException)"


def test_change_of_more_lines_than_a_batch_takes_is_refused(
    standin: BusinessCentralBench,
) -> None:
    site = Site(standin, {"changed": "update"})
    lines = [{"line": place, "sku": "A001", "quantity": "1"} for place in range(1, 61)]
    site.deliver(site.order("1", lines=lines))
    (refused,) = site.deliver(site.order("1", lines=lines, note="later"))
    assert (refused.code, "121 steps" in refused.reason) == ("SA-5350", True)


def test_quote_is_written_where_the_flow_wants_one(
    standin: BusinessCentralBench, central: WritableCentral
) -> None:
    site = Site(standin, {"document": "quotation"})
    assert [each.accepted for each in site.deliver(site.order("1"))] == [True]
    assert (central.writes, central.sets["salesOrders"]) == (["POST salesQuotes"], [])


def test_location_that_is_not_there_is_refused(standin: BusinessCentralBench) -> None:
    site = Site(standin, {"warehouses": {"": "ROMA"}})
    (receipt,) = site.deliver(site.order("1"))
    assert (receipt.code, "ROMA" in receipt.reason) == ("SA-5357", True)


def test_new_customer_may_bear_our_number(standin: BusinessCentralBench) -> None:
    site = Site(standin, {"customer_numbers": "reference", "reference": "w{{ record.code }}"})
    newcomer = site.registration("1", code="42")
    standin.fail("lost")
    with pytest.raises(Unavailable):
        site.deliver(newcomer)
    (receipt,) = site.again(newcomer)
    assert receipt.reference == "W42"
    assert standin.customers(f"Bianchi {site.key('1')}") == ["W42"]


def test_customer_numbered_by_a_series_must_be_one_to_find_again(
    standin: BusinessCentralBench,
) -> None:
    (nothing,) = Site(standin, {}).deliver(Site(standin, {}).registration("1", tax_code="RSS"))
    assert (nothing.accepted, nothing.code) == (False, "SA-5355")


def test_too_many_requests_leave_nothing_in_doubt(
    standin: BusinessCentralBench, central: WritableCentral
) -> None:
    central.throttled = 1
    with pytest.raises(Unavailable) as slower:
        Site(standin, {}).deliver(Site(standin, {}).order("1"))
    assert (slower.value.retry_after, slower.value.untouched) == (11, True)


def test_company_that_is_not_there_halts_and_leaves_nothing_in_doubt(
    standin: BusinessCentralBench,
) -> None:
    standin.connection["company"] = "Rosi"
    with pytest.raises(Misconfigured) as wrong:
        Site(standin, {}).deliver(Site(standin, {}).order("1"))
    assert (wrong.value.code, wrong.value.untouched) == ("SA-2430", True)


def test_check_names_the_companies_where_ours_is_not_among_them(
    standin: BusinessCentralBench,
) -> None:
    standin.connection["company"] = "Rosi"
    assert halted(Site(standin, {})).code == "SA-2430"
