"""Orders and customers into NetSuite, against an account that keeps to Oracle's types.

With SYNCAGENT_TEST_NETSUITE_ACCOUNT (and _CONSUMER_KEY, _CONSUMER_SECRET, _TOKEN_ID, _TOKEN_SECRET,
_CUSTOMER, an internal id, and _ITEMS, two item names parted by a comma) the suite runs against a
sandbox of your own.
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
from connectors._rest.api import Api
from connectors._rest.questions import Question
from connectors.netsuite import KIND
from connectors.netsuite.options import PATH, NetSuiteOptions
from tests.erp.following import configured, page_example
from tests.erp.order_suite import Bench, Held, OrderSuite, Site, halted
from tests.erp.suite_records import ROOT, SuiteRecords
from tests.erp.suiteql import SECRETS
from tests.peers.http_server import Peer, answering

PREFIX = "SYNCAGENT_TEST_NETSUITE_"


@dataclass
class NetSuiteBench:
    """An account, asked by ourselves for what it holds."""

    connection: dict[str, Any]
    customer: str
    items: tuple[str, str]
    account: SuiteRecords | None = None
    kind: Kind = KIND
    requests_an_order: int = 2

    @property
    def options(self) -> dict[str, Any]:
        return {"time_zone": "Europe/Rome"}

    @property
    def standin(self) -> bool:
        return self.account is not None

    @property
    def records(self) -> SuiteRecords:
        assert self.account
        return self.account

    def documents(self, reference: str) -> list[Held]:
        found = self._asked(
            "SELECT id, tranid, entity, status FROM transaction "
            f"WHERE type = 'SalesOrd' AND externalid = '{reference}'"
        )
        return [
            Held(
                each["tranid"],
                each["entity"],
                list(self._lines(each["id"])),
                each["status"] == "C",
            )
            for each in found
        ]

    def _lines(self, number: str) -> Iterator[tuple[str, str, str]]:
        if self.account:
            lines = self.account.bodies.get(int(number), {}).get("item", {}).get("items", [])
            for line in lines:
                (item,) = self._asked(f"SELECT itemid FROM item WHERE id = {line['item']['id']}")
                yield item["itemid"], key_text(line["quantity"]), key_text(line["rate"])
            return
        rows = self._asked(
            "SELECT item.itemid, -line.quantity AS quantity, line.rate FROM transactionline line "
            f"JOIN item ON item.id = line.item WHERE line.transaction = {number} "
            "AND line.mainline = 'F' AND line.taxline = 'F' ORDER BY line.linesequencenumber"
        )
        for row in rows:
            yield row["itemid"], row["quantity"], row["rate"]

    def customers(self, name: str) -> list[str]:
        found = self._asked(f"SELECT id FROM customer WHERE companyname = '{name}'")
        return [each["id"] for each in found]

    def enter_by_hand(self, reference: str, customer: str) -> str:
        number = self.records.next_id()
        row = {"id": number, "tranid": f"SO{number}", "type": "SalesOrd", "status": "B"}
        self.records.put("transaction", row | {"entity": customer, "externalid": reference})
        return f"SO{number}"

    def admit(self, name: str, vat_number: str = "", email: str = "") -> str:
        number = self.records.next_id()
        row = {"id": number, "companyname": name, "isinactive": "F", "isperson": "F"}
        self.records.put("customer", row | {"vatregnumber": vat_number, "email": email})
        return str(number)

    def block(self, customer: str) -> None:
        self.records.on_hold.add(customer)

    def fail(self, *faults: str) -> None:
        self.records.faults.extend(faults)

    def _asked(self, query: str) -> list[dict[str, Any]]:
        connection = NetSuiteOptions.model_validate(self.connection)
        with closing(Api(connection.at_the_account(), connection.authorization())) as api:
            paging = {"limit": 1000, "offset": 0}
            headers = {"prefer": "transient"}
            question = Question(api.url + PATH, "POST", paging, headers, {"q": query})
            rows: list[dict[str, Any]] = api.read(question.request()).value["items"]
        return rows


@pytest.fixture
def account() -> Iterator[SuiteRecords]:
    account = SuiteRecords()
    items = [(1, "A001", "8001"), (2, "A002", "8002"), (3, "FREIGHT", None)]
    for number, name, code in items:
        account.put("item", {"id": number, "itemid": name, "upccode": code, "isinactive": "F"})
    account.put("currency", {"id": 1, "symbol": "EUR"})
    with closing(account.database):
        yield account


@pytest.fixture
def peer(account: SuiteRecords, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    monkeypatch.setenv("SYNC_TEST_CONSUMER", SECRETS[0])
    monkeypatch.setenv("SYNC_TEST_TOKEN", SECRETS[1])
    with answering(account) as peer:
        yield peer


@pytest.fixture
def standin(peer: Peer, account: SuiteRecords) -> NetSuiteBench:
    connection = {
        "url": peer.url,
        "account": "1234567_SB1",
        "consumer_key": "6a1f",
        "consumer_secret": "env:SYNC_TEST_CONSUMER",
        "token_id": "9c2e",
        "token_secret": "env:SYNC_TEST_TOKEN",
    }
    bench = NetSuiteBench(connection, "", ("A001", "A002"), account)
    bench.customer = bench.admit("Rossi")
    return bench


def real() -> NetSuiteBench:
    connection = {
        "account": os.environ[PREFIX + "ACCOUNT"],
        "consumer_key": os.environ[PREFIX + "CONSUMER_KEY"],
        "consumer_secret": f"env:{PREFIX}CONSUMER_SECRET",
        "token_id": os.environ[PREFIX + "TOKEN_ID"],
        "token_secret": f"env:{PREFIX}TOKEN_SECRET",
    }
    first, second = os.environ[PREFIX + "ITEMS"].split(",")
    return NetSuiteBench(connection, os.environ[PREFIX + "CUSTOMER"], (first, second))


class TestOrdersIntoNetSuite(OrderSuite):
    @pytest.fixture
    def bench(self, request: pytest.FixtureRequest) -> NetSuiteBench:
        if os.environ.get(PREFIX + "ACCOUNT"):
            return real()
        found: NetSuiteBench = request.getfixturevalue("standin")
        return found

    def item_number(self, bench: Bench) -> str:
        assert isinstance(bench, NetSuiteBench)
        (item,) = bench._asked(f"SELECT id FROM item WHERE itemid = '{bench.items[0]}'")
        return str(item["id"])


# What is NetSuite's own


def test_example_of_the_page_brings_a_customer_and_his_order(
    standin: NetSuiteBench, account: SuiteRecords, tmp_path: Path
) -> None:
    said = page_example("netsuite.md", 4)
    said["connections"]["erp"] |= standin.connection
    said["connections"]["shop"]["token"] = "env:SYNC_TEST_TOKEN"
    config = configured(tmp_path, said)
    site = Site(standin, {})
    with closing(config.build_target("registrations")) as target:
        (receipt,) = target.deliver([site.registration("1", vat_number="IT01234567890")])
    assert account.bodies[int(receipt.reference)]["subsidiary"] == {"id": "2"}
    site.bound.numbers["customer", site.key("1")] = receipt.reference
    with closing(config.build_target("web_orders")) as target:
        target.equip(site.bound, site.gate)
        order = site.order("2", customer=site.key("1"), attributes={"freight": "4.90"})
        (receipt,) = target.deliver([order])
    assert receipt.accepted, receipt
    held = account.bodies[int(receipt.reference.removeprefix("SO"))]
    assert (held["shippingCost"], held["custbody_channel"]) == (4.9, "web")
    line = held["item"]["items"][0]
    assert (line["taxCode"], line["location"]) == ({"id": "11"}, {"id": "4"})


def test_document_holds_what_the_order_says(standin: NetSuiteBench, account: SuiteRecords) -> None:
    site = Site(standin, {"further_lines": [{"item": {"id": "3"}, "rate": "{{ 5.5 }}"}]})
    line = {"line": 1, "sku": "A001", "quantity": "2.5", "price": "9.99", "discount": "10"}
    billing = {"name": "Bianchi", "street": "Via Po 3", "city": "Torino", "country": "IT"}
    further = {"customer_reference": "PO 77", "payment_terms": "3", "billing_address": billing}
    (receipt,) = site.deliver(
        site.order("1", lines=[line], delivery_on="2026-03-09", note="blu", **further)
    )
    assert receipt.accepted, receipt
    assert account.bodies[int(receipt.reference.removeprefix("SO"))] == {
        "entity": {"id": standin.customer},
        "tranDate": "2026-03-02",
        "shipDate": "2026-03-09",
        "otherRefNum": "PO 77",
        "memo": "blu",
        "currency": {"id": "1"},
        "terms": {"id": "3"},
        "shippingAddress": {
            "addr1": "Via Po 3",
            "city": "Torino",
            "zip": "10121",
            "country": {"id": "IT"},
        },
        "billingAddress": {
            "addressee": "Bianchi",
            "addr1": "Via Po 3",
            "city": "Torino",
            "country": {"id": "IT"},
        },
        "item": {
            "items": [
                {"item": {"id": "1"}, "quantity": 2.5, "price": {"id": "-1"}, "rate": 8.991},
                {"item": {"id": "3"}, "rate": 5.5},
            ]
        },
    }
    assert account.writes == ["PUT salesOrder"]


def test_article_without_a_price_costs_what_netsuite_says(
    standin: NetSuiteBench, account: SuiteRecords
) -> None:
    site = Site(standin, {})
    lines = [{"line": 1, "sku": "A001", "quantity": "1"}]
    (receipt,) = site.deliver(site.order("1", lines=lines))
    held = account.bodies[int(receipt.reference.removeprefix("SO"))]
    assert held["item"]["items"] == [{"item": {"id": "1"}, "quantity": 1}]


def test_reference_is_escaped_in_the_address(standin: NetSuiteBench) -> None:
    site = Site(standin, {"reference": "WEB/{{ key }} è'1"})
    order = site.order("1")
    (receipt,) = site.deliver(order)
    assert receipt.accepted, receipt
    site.bound.numbers.clear()
    assert [each.reference for each in site.again(order)] == [receipt.reference]


def test_field_that_netsuite_does_not_know_is_refused_and_not_passed_over(
    standin: NetSuiteBench,
) -> None:
    (receipt,) = Site(standin, {"fields": {"memmo": "x"}}).deliver(Site(standin, {}).order("1"))
    assert (receipt.accepted, receipt.code) == (False, "SA-5350")
    assert "memmo" in receipt.reason
    assert "INVALID_CONTENT" in receipt.reason


def test_currency_that_is_not_there_is_refused(standin: NetSuiteBench) -> None:
    (receipt,) = Site(standin, {}).deliver(Site(standin, {}).order("1", currency="USD"))
    assert (receipt.accepted, receipt.code) == (False, "SA-5357")


def test_fulfilled_order_is_not_changed_and_says_so(
    standin: NetSuiteBench, account: SuiteRecords
) -> None:
    site = Site(standin, {"changed": "update"})
    (receipt,) = site.deliver(site.order("1"))
    account.fulfilled.add(int(receipt.reference.removeprefix("SO")))
    (refused,) = site.deliver(site.order("1", note="later"))
    assert refused.reason.startswith("This record is already fulfilled")


def test_customer_of_whom_nothing_is_known_is_found_by_his_external_id(
    standin: NetSuiteBench,
) -> None:
    site = Site(standin, {})
    newcomer = site.registration("1")
    standin.fail("lost")
    with pytest.raises(Unavailable):
        site.deliver(newcomer)
    (receipt,) = site.again(newcomer)
    assert standin.customers(f"Bianchi {site.key('1')}") == [receipt.reference]


def test_tax_code_is_found_in_a_field_of_ones_own(
    standin: NetSuiteBench, account: SuiteRecords
) -> None:
    account.database.execute("ALTER TABLE customer ADD COLUMN custentity_cf")
    number = standin.admit("Verdi")
    account.database.execute(
        "UPDATE customer SET custentity_cf = 'VRDGPP80A01H501K' WHERE id = ?", [number]
    )
    site = Site(standin, {"tax_code_field": "custentity_cf"})
    (receipt,) = site.deliver(site.registration("1", tax_code="VRDGPP80A01H501K"))
    assert receipt.reference == number


def test_estimate_is_written_where_the_flow_wants_one(
    standin: NetSuiteBench, account: SuiteRecords
) -> None:
    site = Site(standin, {"document": "quotation"})
    order = site.order("1")
    (receipt,) = site.deliver(order)
    assert (receipt.accepted, account.writes) == (True, ["PUT estimate"])


def test_limit_of_requests_leaves_nothing_in_doubt(
    standin: NetSuiteBench, account: SuiteRecords
) -> None:
    account.throttled = 1
    with pytest.raises(Unavailable) as slower:
        Site(standin, {}).deliver(Site(standin, {}).order("1"))
    assert (slower.value.code, slower.value.untouched) == ("SA-5211", True)


def test_limit_that_hits_between_the_order_and_its_number_leaves_doubt(
    standin: NetSuiteBench,
) -> None:
    site = Site(standin, {})
    order = site.order("1")
    standin.fail("busy")
    with pytest.raises(Unavailable) as slower:
        site.deliver(order)
    assert (slower.value.code, slower.value.untouched) == ("SA-5211", False)
    (receipt,) = site.again(order)
    assert (receipt.accepted, len(site.documents("1"))) == (True, 1)


def test_check_tells_of_a_column_that_is_not_there(standin: NetSuiteBench) -> None:
    wrong = halted(Site(standin, {"item_field": "custitem_skku"}))
    assert (wrong.code, "custitem_skku" in wrong.reason) == ("SA-2401", True)


def test_lines_of_a_second_request_would_be_added_without_replace(
    standin: NetSuiteBench, account: SuiteRecords, peer: Peer
) -> None:
    site = Site(standin, {"changed": "update"})
    (receipt,) = site.deliver(site.order("1"))
    site.deliver(site.order("1", note="later"))
    puts = [each for each in peer.asked if each.path.startswith(ROOT)]
    assert [each.query for each in puts] == [{"replace": "item"}] * 2
    assert len(account.bodies[int(receipt.reference.removeprefix("SO"))]["item"]["items"]) == 2
