"""The kind `business_central` and its presets, against an API written from Microsoft's pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.config import Config
from agent.contract import Kind
from agent.errors import Misconfigured, Unavailable
from connectors.business_central import KIND
from tests.contract.source_suite import Row, SourceSuite
from tests.erp.central import COMPANY, TENANT, Central
from tests.erp.following import (
    configured,
    page_example,
    presets_of,
    read_keys_of,
    run,
    run_keys,
)
from tests.peers.http_server import Peer, answering


def an_item(number: int, **further: Any) -> dict[str, Any]:
    return {
        "id": f"00000000-0000-0000-0000-{number:012}",
        "number": f"A{number:03}",
        "displayName": f"Vite {number}",
        "type": "Inventory",
        "itemCategoryCode": "VITI",
        "gtin": "8001234567890",
        "baseUnitOfMeasureCode": "PCS",
        "taxGroupCode": "IVA22",
        "blocked": False,
        "inventory": 12.5,
        "unitPrice": 9.5,
        "priceIncludesTax": False,
        "lastModifiedDateTime": "2026-03-01T10:00:00.123Z",
    } | further


CUSTOMER: dict[str, Any] = {
    "id": "c1",
    "number": "C0001",
    "displayName": "Rossi S.r.l.",
    "type": "Company",
    "addressLine1": "Via Roma 1",
    "addressLine2": "",
    "city": "Roma",
    "state": "RM",
    "country": "IT",
    "postalCode": "00184",
    "phoneNumber": "",
    "email": "ordini@rossi.example",
    "taxRegistrationNumber": "IT01234567890",
    "creditLimit": 10000,
    "salespersonCode": "PS",
    "blocked": " ",
    "lastModifiedDateTime": "2026-03-01T10:00:00Z",
}

INVOICE: dict[str, Any] = {
    "id": "i1",
    "number": "103001",
    "customerNumber": "C0001",
    "invoiceDate": "2026-02-01",
    "dueDate": "0001-01-01",
    "currencyCode": "",
    "orderNumber": "S-77",
    "totalAmountIncludingTax": 122,
    "remainingAmount": 22,
    "status": "Open",
    "lastModifiedDateTime": "2026-03-01T10:00:00Z",
}


@pytest.fixture
def central() -> Central:
    draft = {**INVOICE, "id": "i2", "number": "D1", "status": "Draft"}
    cancelled = {**INVOICE, "id": "i3", "number": "103002", "status": "Canceled"}
    memo = {**INVOICE, "creditMemoDate": "2026-02-02", "number": "104001"}
    return Central(
        {
            "items": [an_item(number) for number in range(1, 46)],
            "customers": [CUSTOMER, {**CUSTOMER, "id": "c2", "number": "C0002", "blocked": "All"}],
            "salesInvoices": [INVOICE, draft, cancelled],
            "salesCreditMemos": [memo],
        }
    )


@pytest.fixture
def peer(central: Central, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    monkeypatch.setenv("SYNC_TEST_SECRET", "right")
    with answering(central) as peer:
        central.url = peer.url
        yield peer


@pytest.fixture
def config(peer: Peer, tmp_path: Path) -> Config:
    return configured(tmp_path, presets_of("business_central", connection(peer), *KIND.presets))


def connection(peer: Peer, company: str = "Rossi S.r.l.") -> dict[str, Any]:
    return {
        "url": f"{peer.url}/v2.0",
        "login_url": peer.url,
        "tenant": TENANT,
        "company": company,
        "client_id": "app-1",
        "client_secret": "env:SYNC_TEST_SECRET",
    }


@dataclass
class CentralBench:
    peer: Peer
    central: Central
    kind: Kind = KIND

    @property
    def connection(self) -> dict[str, Any]:
        return connection(self.peer)

    @property
    def options(self) -> dict[str, Any]:
        return {
            "entity_set": "articles",
            "key": ["sku"],
            "columns": ["name", "price"],
            "page_size": 60,
            "changes": {},
        }

    def put(self, rows: list[Row]) -> None:
        known = {each["sku"]: each for each in self.central.sets.get("articles", [])}
        day = "2026-03-02" if known else "2026-03-01"
        made = [
            {"id": sku, "sku": sku, "name": name, "price": float(price)}
            for sku, name, price in rows
        ]
        self.central.sets["articles"] = [
            found
            if (found := known.get(each["sku"])) and found.items() >= each.items()
            else {**each, "lastModifiedDateTime": f"{day}T10:00:00Z"}
            for each in made
        ]


class TestBusinessCentralSource(SourceSuite):
    @pytest.fixture
    def bench(self, peer: Peer, central: Central) -> CentralBench:
        return CentralBench(peer, central)


def test_example_of_the_page_reads_products_stock_and_customers(peer: Peer, tmp_path: Path) -> None:
    said = page_example("business_central.md")
    said["connections"]["erp"] |= connection(peer)
    said["connections"]["shop"] = {"kind": "memory"}
    for flow in said["flows"].values():
        flow["target"]["receiver"] = "shop"
    config = configured(tmp_path, said)
    assert len(run(config, "products").records) == 45
    assert run(config, "stock").records[0]["warehouse"] == "MILANO"
    assert run(config, "customers").records[0]["address"]["city"] == "Roma"


def test_products_follow_their_preset(config: Config) -> None:
    seen = run(config, "products")
    assert (len(seen.records), seen.refused, seen.complete) == (45, [], True)
    assert seen.records[0] == {
        "sku": "A001",
        "name": "Vite 1",
        "category": "VITI",
        "ean": "8001234567890",
        "unit": "PCS",
        "vat_code": "IVA22",
        "active": True,
        "updated_at": "2026-03-01T10:00:00.123000+00:00",
    }


def test_stock_is_that_of_inventory_items(config: Config, central: Central) -> None:
    central.sets["items"][0]["type"] = "Service"
    seen = run(config, "stock")
    assert len(seen.records) == 44
    assert seen.records[0] == {"sku": "A002", "warehouse": "MAIN", "quantity": "12.5"}
    assert seen.cursor == ""


def test_prices_above_zero_are_read(config: Config, central: Central) -> None:
    central.sets["items"][0]["unitPrice"] = 0
    seen = run(config, "prices")
    assert len(seen.records) == 44
    assert seen.records[0] == {
        "sku": "A002",
        "price_list": "BASE",
        "price": "9.5",
        "currency": "EUR",
        "vat_included": False,
    }


def test_customers_follow_their_preset(config: Config) -> None:
    first, second = run(config, "customers").records
    assert (first["active"], second["active"]) == (True, False)
    assert first["address"] == {
        "street": "Via Roma 1",
        "city": "Roma",
        "postal_code": "00184",
        "province": "RM",
        "country": "IT",
    }


def test_posted_invoices_come_and_cancelled_ones_go(config: Config) -> None:
    seen = run(config, "documents")
    assert seen.deleted == 1
    assert seen.records == [
        {
            "number": "103001",
            "kind": "invoice",
            "customer": "C0001",
            "issued_on": "2026-02-01",
            "due_on": None,
            "currency": "EUR",
            "total": "122",
            "open_amount": "22",
            "order": "S-77",
        }
    ]
    (memo,) = run(config, "credit_notes").records
    assert (memo["kind"], memo["issued_on"]) == ("credit_note", "2026-02-02")


def test_credit_memo_and_invoice_of_one_number_are_two_documents(
    config: Config, central: Central
) -> None:
    central.sets["salesCreditMemos"][0]["number"] = "103001"
    assert read_keys_of(config, "documents") == ["103001", "103002"]
    assert read_keys_of(config, "credit_notes") == ["salesCreditMemos|103001"]
    (record,) = run_keys(config, "credit_notes", "salesCreditMemos|103001").records
    assert record["kind"] == "credit_note"


def test_only_what_changed_is_read(config: Config, central: Central) -> None:
    first = run(config, "products")
    for each in central.sets["items"]:
        each["lastModifiedDateTime"] = "2026-03-01T09:00:00Z"
    central.sets["items"][4] |= {
        "displayName": "Dado",
        "lastModifiedDateTime": "2026-03-01T10:00:01Z",
    }
    seen = run(config, "products", first.cursor)
    assert [each["name"] for each in seen.records] == ["Dado"]


def test_single_item_is_read_by_its_number(config: Config, peer: Peer) -> None:
    (record,) = run_keys(config, "products", "A007").records
    assert record["sku"] == "A007"
    assert run_keys(config, "products", "O'Brien").records == []
    assert peer.asked[-1].query["$filter"] == "number eq 'O''Brien'"


# Company and log-in


def test_company_may_be_named_by_its_id(peer: Peer, tmp_path: Path) -> None:
    said = presets_of("business_central", connection(peer, COMPANY), "products")
    assert len(run(configured(tmp_path, said), "products").records) == 45
    assert not any(each.path.endswith("/companies") for each in peer.asked)


def test_company_that_is_not_there_is_told_with_those_that_are(peer: Peer, tmp_path: Path) -> None:
    said = presets_of("business_central", connection(peer, "Rosi"), "products")
    with pytest.raises(Misconfigured, match="has no company 'Rosi'") as missing:
        run(configured(tmp_path, said), "products")
    assert missing.value.code == "SA-2430"
    assert "CRONUS IT, Rossi S.r.l." in missing.value.hint


def test_one_token_serves_all_flows(config: Config, central: Central) -> None:
    for flow in ("products", "stock", "prices", "customers"):
        run(config, flow)
    assert central.tokens == 1


def test_token_that_ends_early_is_fetched_anew_at_the_next_run(
    config: Config, central: Central
) -> None:
    run(config, "products")
    central.ended = True
    with pytest.raises(Unavailable) as ended:
        run(config, "products")
    assert ended.value.code == "SA-5214"
    assert len(run(config, "products").records) == 45
    assert central.tokens == 2


def test_wrong_secret_halts_the_flow(config: Config, central: Central) -> None:
    central.secret = "another"
    with pytest.raises(Misconfigured, match="invalid_client") as refused:
        run(config, "products")
    assert refused.value.code == "SA-5224"


def test_throttled_run_waits_as_long_as_it_is_told(config: Config, central: Central) -> None:
    central.throttled = 1
    with pytest.raises(Unavailable) as slower:
        run(config, "products")
    assert (slower.value.code, slower.value.retry_after) == ("SA-5211", 11)


def test_throttling_between_two_pages_leaves_no_complete_pass(
    config: Config, central: Central, peer: Peer
) -> None:
    central.sets["items"] = [an_item(number) for number in range(1, 1202)]

    def answer(asked: Any) -> Any:
        if "$skiptoken" in asked.query:
            central.throttled = 1
        return central(asked)

    peer.answer = answer
    with pytest.raises(Unavailable):
        run(config, "products")
    peer.answer = central
    central.throttled = 0
    seen = run(config, "products")
    assert (len(seen.records), seen.complete) == (1201, True)
