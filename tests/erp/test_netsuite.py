"""The kind `netsuite` and its presets, against an account that runs the queries on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.config import Config
from agent.contract import Kind
from agent.errors import Misconfigured, Unavailable
from connectors.netsuite import KIND
from connectors.netsuite.options import NetSuiteOptions
from tests.contract.source_suite import Row, SourceSuite
from tests.erp.following import configured, page_example, presets_of, run, run_keys
from tests.erp.suiteql import SECRETS, SuiteQL
from tests.peers.http_server import Peer, answering

EARLY, LATE = "2026-03-01 09:00:00", "2026-03-01 10:00:01"


def an_item(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "itemid": f"A{number:04}",
        "displayname": f"Vite {number}",
        "class": 3,
        "saleunit": 1,
        "weight": 0.25,
        "isinactive": "F",
        "itemtype": "InvtPart",
        "lastmodifieddate": "2026-03-01 10:00:00",
        "custitem_brand": "Fischer",
    }


@pytest.fixture
def account() -> Iterator[SuiteQL]:
    account = SuiteQL()
    account.put("item", *(an_item(number) for number in range(1, 46)))
    account.put("item", {"id": 99, "itemid": "Z", "itemtype": "Service", "isinactive": "F"})
    account.put("inventoryitemlocations", {"item": 1, "location": 2, "quantityavailable": 12.5})
    account.put("inventoryitemlocations", {"item": 2, "location": 2, "quantityonorder": 5})
    account.put("pricing", {"item": 1, "pricelevel": 1, "quantity": 0, "unitprice": 9.5})
    account.put("pricing", {"item": 1, "pricelevel": 1, "quantity": 10, "unitprice": 8.75})
    account.put(
        "entityaddress", {"nkey": 8, "addr1": "Via Roma 1", "city": "Roma", "country": "IT"}
    )
    customer = {
        "id": 7,
        "companyname": "Rossi S.r.l.",
        "vatregnumber": "IT01234567890",
        "creditlimit": 10000,
        "isinactive": "F",
        "isperson": "F",
        "defaultbillingaddress": 8,
        "lastmodifieddate": EARLY,
    }
    account.put("customer", customer, {**customer, "id": 9, "defaultbillingaddress": None})
    account.put("currency", {"id": 1, "symbol": "EUR"})
    invoice = {
        "id": 501,
        "tranid": "INV501",
        "type": "CustInvc",
        "entity": 7,
        "trandate": "2026-02-01 00:00:00",
        "currency": 1,
        "foreigntotal": 122,
        "foreignamountunpaid": 22,
        "lastmodifieddate": EARLY,
    }
    account.put("transaction", invoice, {**invoice, "id": 502, "type": "CustCred"})
    account.put("transaction", {**invoice, "id": 503, "type": "SalesOrd"})
    with closing(account.database):
        yield account


@pytest.fixture
def peer(account: SuiteQL, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    monkeypatch.setenv("SYNC_TEST_CONSUMER", SECRETS[0])
    monkeypatch.setenv("SYNC_TEST_TOKEN", SECRETS[1])
    with answering(account) as peer:
        yield peer


@pytest.fixture
def config(peer: Peer, tmp_path: Path) -> Config:
    return configured(tmp_path, presets_of("netsuite", connection(peer), *KIND.presets))


def connection(peer: Peer) -> dict[str, Any]:
    return {
        "url": peer.url,
        "account": "1234567_SB1",
        "consumer_key": "6a1f",
        "consumer_secret": "env:SYNC_TEST_CONSUMER",
        "token_id": "9c2e",
        "token_secret": "env:SYNC_TEST_TOKEN",
    }


@dataclass
class AccountBench:
    peer: Peer
    account: SuiteQL
    kind: Kind = KIND

    @property
    def connection(self) -> dict[str, Any]:
        return connection(self.peer)

    @property
    def options(self) -> dict[str, Any]:
        return {
            "select": {"sku": "article.sku", "name": "article.name", "price": "article.price"},
            "tables": "article",
            "key": ["sku"],
            "page_size": 60,
            "changes": {"expression": "article.lastmodifieddate"},
        }

    def put(self, rows: list[Row]) -> None:
        database = self.account.database
        known = {
            row[0]: row
            for row in database.execute("SELECT sku, name, price, lastmodifieddate FROM article")
        }
        stamp = LATE if known else EARLY
        database.execute("DELETE FROM article")
        for sku, name, price in rows:
            new = (sku, name, str(price))
            old = known.get(sku)
            self.account.put(
                "article",
                {
                    "sku": sku,
                    "name": name,
                    "price": str(price),
                    "lastmodifieddate": old[3] if old and old[:3] == new else stamp,
                },
            )


class TestNetSuiteSource(SourceSuite):
    @pytest.fixture
    def bench(self, peer: Peer, account: SuiteQL) -> AccountBench:
        return AccountBench(peer, account)


def test_example_of_the_page_reads_products_and_stock(peer: Peer, tmp_path: Path) -> None:
    said = page_example("netsuite.md")
    said["connections"]["erp"] |= connection(peer)
    said["connections"]["shop"] = {"kind": "memory"}
    for flow in said["flows"].values():
        flow["target"]["receiver"] = "shop"
    config = configured(tmp_path, said)
    products = run(config, "products")
    assert (len(products.records), products.complete) == (45, True)
    assert products.records[0]["brand"] == "Fischer"
    assert run(config, "stock").records[0]["quantity"] == "12.5"


def test_products_follow_their_preset(config: Config) -> None:
    seen = run(config, "products")
    assert (len(seen.records), seen.refused, seen.complete) == (45, [], True)
    assert seen.records[0] == {
        "sku": "A0001",
        "name": "Vite 1",
        "description": None,
        "category": "3",
        "ean": None,
        "unit": "1",
        "weight": "0.25",
        "active": True,
    }


def test_stock_counts_what_is_left_out_as_nothing(config: Config) -> None:
    first, second = run(config, "stock").records
    assert (first["sku"], first["warehouse"], first["quantity"]) == ("A0001", "2", "12.5")
    assert (second["quantity"], second["incoming"]) == ("0", "5")


def test_each_quantity_of_a_price_level_is_a_record(config: Config) -> None:
    found = [(each["min_quantity"], each["price"]) for each in run(config, "prices").records]
    assert found == [("0", "9.5"), ("10", "8.75")]
    assert run_keys(config, "prices", "A0001|1|10").records[0]["price"] == "8.75"


def test_customers_come_with_and_without_an_address(config: Config) -> None:
    first, second = run(config, "customers").records
    assert (first["code"], first["address"]["city"]) == ("7", "Roma")
    assert (second["code"], second["address"]) == ("9", None)


def test_invoices_and_credit_memos_are_documents(config: Config) -> None:
    invoice, memo = run(config, "documents").records
    assert invoice == {
        "number": "INV501",
        "kind": "invoice",
        "customer": "7",
        "issued_on": "2026-02-01",
        "due_on": None,
        "currency": "EUR",
        "total": "122",
        "open_amount": "22",
    }
    assert memo["kind"] == "credit_note"


def test_only_what_changed_is_read(config: Config, account: SuiteQL) -> None:
    first = run(config, "products")
    account.database.execute("UPDATE item SET lastmodifieddate = ?", (EARLY,))
    account.database.execute("UPDATE item SET lastmodifieddate = ? WHERE id = 5", (LATE,))
    seen = run(config, "products", first.cursor)
    assert [each["sku"] for each in seen.records] == ["A0005"]
    since = "item.lastmodifieddate >= TO_DATE('2026-03-01 09:55:00', 'YYYY-MM-DD HH24:MI:SS')"
    assert since in account.queries[-1]


def test_pages_are_asked_for_to_the_end_in_the_order_of_the_key(
    config: Config, account: SuiteQL, peer: Peer
) -> None:
    account.put("item", *(an_item(number) for number in range(1000, 3100)))
    seen = run(config, "products")
    assert (len(seen.records), seen.complete) == (2145, True)
    assert [each.query["offset"] for each in peer.asked] == ["0", "1000", "2000"]
    assert account.queries[0].endswith("ORDER BY item.itemid")


def test_key_with_a_quote_is_a_text_and_nothing_more(config: Config, account: SuiteQL) -> None:
    account.put("item", {**an_item(50), "itemid": "O'Brien"})
    assert [each["sku"] for each in run_keys(config, "products", "O'Brien").records] == ["O'Brien"]
    assert run_keys(config, "products", "' OR 'a' = 'a").records == []


def test_query_of_more_rows_than_netsuite_gives_out_is_refused_at_once(
    config: Config, account: SuiteQL
) -> None:
    account.announced = 100_001
    with pytest.raises(Misconfigured) as too_many:
        run(config, "products")
    assert too_many.value.code == "SA-2431"
    assert len(account.queries) == 1


def test_wrong_token_halts_the_flow_after_one_attempt(
    config: Config, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNC_TEST_TOKEN", "wrong")
    with pytest.raises(Misconfigured, match="env:SYNC_TEST_TOKEN") as refused:
        run(config, "products")
    assert refused.value.code == "SA-5220"
    assert len(peer.asked) == 1


def test_limit_of_requests_is_waited_for(config: Config, account: SuiteQL) -> None:
    account.throttled = 1
    with pytest.raises(Unavailable) as slower:
        run(config, "products")
    assert slower.value.code == "SA-5211"


def test_query_that_is_wrong_halts_the_flow(config: Config, account: SuiteQL) -> None:
    account.database.execute("DROP TABLE pricing")
    with pytest.raises(Misconfigured, match="no such table: pricing"):
        run(config, "prices")


def test_address_is_made_of_the_account(peer: Peer) -> None:
    said = connection(peer)
    del said["url"]
    options = NetSuiteOptions.model_validate(said)
    assert options.at_the_account().url == "https://1234567-sb1.suitetalk.api.netsuite.com"
