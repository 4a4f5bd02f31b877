"""The kind `business_one` and its presets, against a Service Layer written from SAP's manual."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.assembly import flow_plans
from agent.clock import SystemClock
from agent.config import Config
from agent.contract import Kind
from agent.errors import Misconfigured, Unavailable
from agent.intake import FlowPlan
from connectors.business_one import KIND
from tests.contract.source_suite import Row, SourceSuite
from tests.erp.following import (
    configured,
    page_example,
    presets_of,
    read_keys_of,
    run,
    run_keys,
)
from tests.erp.service_layer import ServiceLayer
from tests.intake.premises import Premises, premises
from tests.peers.http_server import Peer, answering

MIDNIGHT = {"v1": "", "v2": "T00:00:00Z"}


def an_item(number: int, version: str = "v2", **further: Any) -> dict[str, Any]:
    day = "2026-03-01" + MIDNIGHT[version]
    return {
        "ItemCode": f"A{number:03}",
        "ItemName": f"Vite {number}",
        "User_Text": None,
        "ItemsGroupCode": 100,
        "BarCode": "8001234567890",
        "SalesUnit": "PZ",
        "SalesUnitWeight": 0.25,
        "SalesVATGroup": "C22",
        "SalesItem": "tYES",
        "InventoryItem": "tYES",
        "Valid": "tYES",
        "Frozen": "tNO",
        "CreateDate": "2026-01-10" + MIDNIGHT[version],
        "UpdateDate": day,
        "UpdateTime": "10:00:00",
        "ItemPrices": [
            {"PriceList": 1, "Price": 9.5, "Currency": "EUR"},
            {"PriceList": 2, "Price": 0.0, "Currency": None},
        ],
        "ItemWarehouseInfoCollection": [
            {"WarehouseCode": "01", "InStock": 12.0, "Committed": 2.5, "Ordered": 100.0},
            {"WarehouseCode": "02", "InStock": 0.0, "Committed": 0.0, "Ordered": 0.0},
        ],
    } | further


CUSTOMER: dict[str, Any] = {
    "CardCode": "C20000",
    "CardName": "Rossi S.r.l.",
    "CardType": "cCustomer",
    "FederalTaxID": "IT01234567890",
    "EmailAddress": "ordini@rossi.example",
    "Phone1": None,
    "PriceListNum": 1,
    "PayTermsGrpCode": -1,
    "DiscountPercent": 5.0,
    "CreditLimit": 10000.0,
    "SalesPersonCode": 3,
    "Valid": "tYES",
    "Frozen": "tNO",
    "CreateDate": "2026-01-10T00:00:00Z",
    "UpdateDate": None,
    "UpdateTime": None,
    "BPAddresses": [
        {
            "AddressName": "Sede",
            "AddressType": "bo_BillTo",
            "Street": "Via Roma 1",
            "City": "Roma",
            "ZipCode": "00184",
            "State": "RM",
            "Country": "IT",
        }
    ],
}

INVOICE: dict[str, Any] = {
    "DocEntry": 77,
    "DocNum": 1001,
    "CardCode": "C20000",
    "DocDate": "2026-02-01T00:00:00Z",
    "DocDueDate": "2026-03-01T00:00:00Z",
    "DocCurrency": "EUR",
    "DocTotal": 122.0,
    "PaidToDate": 22.0,
    "Cancelled": "tNO",
    "CreationDate": "2026-02-01T00:00:00Z",
    "UpdateDate": "2026-02-01T00:00:00Z",
    "UpdateTime": "09:30:00",
}


@pytest.fixture
def layer() -> ServiceLayer:
    sets = {
        "Items": [an_item(number) for number in range(1, 46)],
        "BusinessPartners": [CUSTOMER, {**CUSTOMER, "CardCode": "V1", "CardType": "cSupplier"}],
        "Invoices": [INVOICE, {**INVOICE, "DocEntry": 78, "Cancelled": "tYES"}],
        "CreditNotes": [{**INVOICE, "DocEntry": 5, "DocNum": 300}],
    }
    keys = {
        "Items": "ItemCode",
        "BusinessPartners": "CardCode",
        "Invoices": "DocEntry",
        "CreditNotes": "DocEntry",
    }
    return ServiceLayer(sets, keys=keys)


@pytest.fixture
def peer(layer: ServiceLayer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    monkeypatch.setenv("SYNC_TEST_PASSWORD", "right")
    with answering(layer) as peer:
        yield peer


@pytest.fixture
def config(peer: Peer, layer: ServiceLayer, tmp_path: Path) -> Config:
    return configured(tmp_path, presets_of("business_one", connection(peer, layer), *KIND.presets))


def connection(peer: Peer, layer: ServiceLayer) -> dict[str, Any]:
    return {
        "url": f"{peer.url}/b1s/{layer.version}",
        "company": "SBO_ROSSI",
        "user": "sync",
        "password": "env:SYNC_TEST_PASSWORD",
    }


@dataclass
class ServiceLayerBench:
    peer: Peer
    layer: ServiceLayer
    kind: Kind = KIND

    @property
    def connection(self) -> dict[str, Any]:
        return connection(self.peer, self.layer)

    @property
    def options(self) -> dict[str, Any]:
        return {
            "entity_set": "Articles",
            "key": ["sku"],
            "columns": ["name", "price"],
            "page_size": 60,
            "changes": {},
        }

    def put(self, rows: list[Row]) -> None:
        known = {each["sku"]: each for each in self.layer.sets.get("Articles", [])}
        self.layer.keys["Articles"] = "sku"
        made = [{"sku": sku, "name": name, "price": float(price)} for sku, name, price in rows]
        self.layer.sets["Articles"] = [
            found
            if (found := known.get(each["sku"])) and found.items() >= each.items()
            else {**each, "CreateDate": "2026-01-01", "UpdateDate": day, "UpdateTime": "10:00:00"}
            for each in made
            for day in ["2026-03-02" if known else "2026-03-01"]
        ]


class TestBusinessOneSource(SourceSuite):
    @pytest.fixture
    def bench(self, peer: Peer, layer: ServiceLayer) -> ServiceLayerBench:
        return ServiceLayerBench(peer, layer)


def test_example_of_the_page_reads_products_stock_and_prices(
    peer: Peer, layer: ServiceLayer, tmp_path: Path
) -> None:
    said = page_example("business_one.md")
    del said["connections"]["erp"]["ca_file"]
    said["connections"]["erp"] |= connection(peer, layer)
    said["connections"]["shop"] = {"kind": "memory"}
    for flow in said["flows"].values():
        flow["target"]["receiver"] = "shop"
    for each in layer.sets["Items"]:
        each["U_Brand"] = "Fischer"
    config = configured(tmp_path, said)
    products = run(config, "products")
    assert products.complete
    assert len(products.records) == 45
    assert products.records[0]["brand"] == "Fischer"
    assert products.records[0]["weight"] == "0.25"
    assert run(config, "stock").records[0]["quantity"] == "9.5"
    assert len(run(config, "prices").records) == 45


def test_products_follow_their_preset(config: Config, layer: ServiceLayer) -> None:
    layer.sets["Items"][1] |= {"SalesItem": "tNO"}
    layer.sets["Items"][2] |= {"Frozen": "tYES"}
    seen = run(config, "products")
    assert (len(seen.records), seen.deleted, seen.refused) == (44, 1, [])
    assert seen.records[0] == {
        "sku": "A001",
        "name": "Vite 1",
        "description": None,
        "category": "100",
        "ean": "8001234567890",
        "unit": "PZ",
        "weight": "0.25",
        "vat_code": "C22",
        "active": True,
    }
    assert [each["sku"] for each in seen.records if not each["active"]] == ["A003"]


def test_each_warehouse_of_an_article_is_a_record(config: Config) -> None:
    seen = run(config, "stock")
    assert seen.complete
    assert len(seen.records) == 90
    assert seen.records[:2] == [
        {
            "sku": "A001",
            "warehouse": "01",
            "quantity": "9.5",
            "reserved": "2.5",
            "incoming": "100",
        },
        {"sku": "A001", "warehouse": "02", "quantity": "0", "reserved": "0", "incoming": "0"},
    ]


def test_single_warehouse_of_an_article_is_read_by_its_key(config: Config) -> None:
    (record,) = run_keys(config, "stock", "A007|02").records
    assert (record["sku"], record["warehouse"]) == ("A007", "02")
    assert run_keys(config, "stock", "A007|99", "A999|01").records == []


def test_price_of_a_list_that_has_none_is_left_out(config: Config) -> None:
    seen = run(config, "prices")
    assert len(seen.records) == 45
    assert seen.records[0] == {
        "sku": "A001", "price_list": "1", "price": "9.5", "currency": "EUR"
    }  # fmt: skip


def test_article_without_rows_counts_as_seen(config: Config, layer: ServiceLayer) -> None:
    layer.sets["Items"][3] |= {"ItemPrices": []}
    seen = run(config, "prices")
    assert (len(seen.records), seen.complete) == (44, True)


def test_pass_that_lost_an_article_between_pages_is_not_complete(
    config: Config, layer: ServiceLayer, peer: Peer
) -> None:
    layer.sets["Items"] = [an_item(number) for number in range(1, 1102)]

    def answer(asked: Any) -> Any:
        response = layer(asked)
        if asked.path.endswith("/Items") and "$skip" not in asked.query:
            layer.sets["Items"].pop(0)  # all behind it move up
        return response

    peer.answer = answer
    assert not run(config, "prices").complete
    peer.answer = layer
    assert run(config, "prices").complete


def test_customers_come_with_their_addresses_and_suppliers_do_not(config: Config) -> None:
    (record,) = run(config, "customers").records
    assert (record["code"], record["credit_limit"], record["price_list"]) == (
        "C20000",
        "10000",
        "1",
    )
    assert record["addresses"] == [
        {
            "code": "Sede",
            "kind": "billing",
            "street": "Via Roma 1",
            "city": "Roma",
            "postal_code": "00184",
            "province": "RM",
            "country": "IT",
        }
    ]


def test_invoices_tell_what_is_open_and_cancelled_ones_go(config: Config) -> None:
    seen = run(config, "documents")
    assert seen.deleted == 1
    assert seen.records == [
        {
            "number": "1001",
            "kind": "invoice",
            "customer": "C20000",
            "issued_on": "2026-02-01",
            "due_on": "2026-03-01",
            "currency": "EUR",
            "total": "122",
            "open_amount": "100",
        }
    ]
    assert [each["kind"] for each in run(config, "credit_notes").records] == ["credit_note"]
    assert run_keys(config, "documents", "77").records == seen.records


def test_credit_note_and_invoice_of_one_number_are_two_documents(
    config: Config, layer: ServiceLayer
) -> None:
    layer.sets["CreditNotes"][0]["DocEntry"] = 77
    assert read_keys_of(config, "documents") == ["77", "78"]
    assert read_keys_of(config, "credit_notes") == ["CreditNotes|77"]
    (record,) = run_keys(config, "credit_notes", "CreditNotes|77").records
    assert record["kind"] == "credit_note"


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_only_what_changed_or_was_made_since_is_read(
    version: str, peer: Peer, layer: ServiceLayer, tmp_path: Path
) -> None:
    layer.version = version
    layer.sets["Items"] = [an_item(number, version) for number in range(1, 46)]
    said = presets_of("business_one", connection(peer, layer), "products")
    config = configured(tmp_path, said)
    first = run(config, "products")
    assert (len(first.records), first.complete) == (45, True)
    items, end = layer.sets["Items"], MIDNIGHT[version]
    for each in items:
        each["UpdateTime"] = "09:00:00"  # an hour before the mark
    items[4] |= {"ItemName": "Dado", "UpdateTime": "10:00:01"}
    items[5] |= {"ItemName": "Rondella", "UpdateDate": "2026-03-02" + end}
    items[6] |= {"UpdateDate": None, "UpdateTime": None, "CreateDate": "2026-03-01" + end}
    seen = run(config, "products", first.cursor)
    assert [each["sku"] for each in seen.records] == ["A005", "A006", "A007"]
    assert not seen.complete


def test_stock_is_read_anew_at_every_run(config: Config) -> None:
    assert run(config, "stock").cursor == ""


class OverPreset(Premises):
    """The flow of the premises, as the engine makes it of a configuration with a preset."""

    config: Config

    def plan(self) -> FlowPlan:
        return flow_plans(self.config, SystemClock())["products"]


def test_whole_flow_over_a_preset_sends_what_differs_and_deletes_what_went(
    config: Config, layer: ServiceLayer, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with premises(tmp_path, request.node.nodeid) as plain:
        site = OverPreset(plain.store, plain.name)
        site.config = config
        assert site.sync().counts["inserts"] == 45
        layer.sets["Items"][6] |= {"ItemName": "Dado", "UpdateDate": "2026-03-02T00:00:00Z"}
        layer.sets["Items"][7] |= {"SalesItem": "tNO", "UpdateDate": "2026-03-02T00:00:00Z"}
        del layer.sets["Items"][20]
        counts = site.sync().counts
        assert (counts["inserts"], counts["updates"], counts["deletes"]) == (0, 1, 1)
        counts = site.sync("full").counts
        assert (counts["inserts"], counts["updates"], counts["deletes"]) == (0, 0, 1)
        shown = site.shown()
        assert shown["A007"]["name"] == "Dado"
        assert len(shown) == 43


# The session


def test_one_session_serves_all_flows_and_is_begun_anew_when_it_ran_out(
    config: Config, layer: ServiceLayer
) -> None:
    layer.lasts = 3
    for _ in range(2):
        assert len(run(config, "products").records) == 45
        assert len(run(config, "stock").records) == 90
    assert len(layer.log_ins) == 2


def test_session_that_ends_between_two_pages_loses_nothing(
    config: Config, layer: ServiceLayer
) -> None:
    layer.sets["Items"] = [an_item(number) for number in range(1, 1201)]
    layer.lasts = 2
    seen = run(config, "products")
    assert (len(seen.records), seen.complete) == (1200, True)
    assert len(layer.log_ins) == 2


def test_wrong_password_is_tried_once_by_all_flows_together(
    config: Config, layer: ServiceLayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer.password = "another"
    for flow in ("products", "stock", "products"):
        with pytest.raises(Misconfigured, match=r"env:SYNC_TEST_PASSWORD") as refused:
            run(config, flow)
        assert refused.value.code == "SA-5220"
    assert len(layer.log_ins) == 1
    monkeypatch.setenv("SYNC_TEST_PASSWORD", "another")
    assert len(run(config, "products").records) == 45
    assert len(layer.log_ins) == 2


def test_session_that_is_never_taken_halts_the_flow(config: Config, layer: ServiceLayer) -> None:
    layer.lasts = 0
    with pytest.raises(Misconfigured, match="has just begun"):
        run(config, "products")
    assert len(layer.log_ins) == 1


def test_busy_service_layer_is_asked_later(config: Config, layer: ServiceLayer) -> None:
    layer.throttled = 1
    with pytest.raises(Unavailable) as busy:
        run(config, "products")
    assert busy.value.retry_after == 7


def test_set_that_is_not_there_halts_the_flow(config: Config, layer: ServiceLayer) -> None:
    del layer.sets["Invoices"]
    with pytest.raises(Misconfigured, match="Unrecognized resource path"):
        run(config, "documents")
