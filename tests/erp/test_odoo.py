"""The kind `odoo` and its presets, over both protocols, against a server written from Odoo's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault

import pytest
from starlette.responses import Response

from agent.config import Config, ConfigurationProblems
from agent.contract import Kind
from agent.errors import Misconfigured, SyncError, Unavailable
from connectors.odoo import KIND
from tests.contract.source_suite import Row, SourceSuite
from tests.erp.following import configured, page_example, presets_of, run, run_keys
from tests.erp.odoo_records import (
    ARTICLE,
    EARLY,
    LATE,
    MOVE,
    PARTNER,
    PRODUCT,
    a_move,
    a_partner,
    a_product,
)
from tests.erp.odoo_server import Odoo
from tests.peers.http_server import Peer, answering


@pytest.fixture
def server() -> Odoo:
    types = {
        "product.product": PRODUCT,
        "res.partner": PARTNER,
        "account.move": MOVE,
        "x.article": ARTICLE | {"write_date": "datetime"},
    }
    moves = [a_move(1), a_move(2, move_type="out_refund"), a_move(3, move_type="in_invoice")]
    records = {
        "product.product": [a_product(number) for number in range(1, 46)],
        "res.partner": [
            a_partner(7),
            a_partner(8, parent_id=[7, "Rossi"]),
            a_partner(9, city=False),
        ],
        "account.move": [*moves, a_move(4, state="cancel"), a_move(5, name="/")],
        "x.article": [],
    }
    return Odoo(types, records)


@pytest.fixture
def peer(server: Odoo, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    monkeypatch.setenv("SYNC_TEST_KEY", "right")
    with answering(server) as peer:
        yield peer


@pytest.fixture(params=["json2", "xmlrpc"])
def protocol(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def config(peer: Peer, protocol: str, tmp_path: Path) -> Config:
    return configured(tmp_path, presets_of("odoo", connection(peer, protocol), *KIND.presets))


def connection(peer: Peer, protocol: str) -> dict[str, Any]:
    user = {"user": "sync@rossi.example"} if protocol == "xmlrpc" else {}
    return {
        "url": peer.url,
        "database": "rossi",
        "protocol": protocol,
        "api_key": "env:SYNC_TEST_KEY",
    } | user


@dataclass
class OdooBench:
    peer: Peer
    server: Odoo
    protocol: str
    kind: Kind = KIND

    @property
    def connection(self) -> dict[str, Any]:
        return connection(self.peer, self.protocol)

    @property
    def options(self) -> dict[str, Any]:
        return {
            "model": "x.article",
            "key": ["sku"],
            "fields": ["sku", "name", "price"],
            "page_size": 60,
            "changes": {},
        }

    def put(self, rows: list[Row]) -> None:
        known = {each["sku"]: each for each in self.server.records["x.article"]}
        stamp = LATE if known else EARLY
        made = [
            {"id": int(sku), "sku": sku, "name": name or False, "price": float(price)}
            for sku, name, price in rows
        ]
        self.server.records["x.article"] = [
            found
            if (found := known.get(each["sku"])) and found.items() >= each.items()
            else {**each, "write_date": stamp}
            for each in made
        ]


class TestOdooSource(SourceSuite):
    @pytest.fixture
    def bench(self, peer: Peer, server: Odoo, protocol: str) -> OdooBench:
        return OdooBench(peer, server, protocol)


def test_example_of_the_page_reads_products_stock_and_customers(
    peer: Peer, protocol: str, tmp_path: Path
) -> None:
    said = page_example("odoo.md")
    said["connections"]["erp"] |= connection(peer, protocol)
    assert configured(tmp_path, said).flows["orders"].entity == "order"
    del said["flows"]["orders"]
    said["connections"]["shop"] = {"kind": "memory"}
    for flow in said["flows"].values():
        flow["target"]["receiver"] = "shop"
    config = configured(tmp_path, said)
    products = run(config, "products")
    assert (len(products.records), products.complete) == (45, True)
    assert (products.records[0]["name"], products.records[0]["brand"]) == ("Vite 1", "Fischer")
    assert run(config, "stock").records[0]["warehouse"] == "MILANO"
    assert [each["code"] for each in run(config, "customers").records] == ["7", "9"]


def test_products_follow_their_preset(config: Config, server: Odoo) -> None:
    server.records["product.product"][1] |= {"sale_ok": False}
    server.records["product.product"][2] |= {"active": False}
    server.records["product.product"][3] |= {"default_code": False}
    seen = run(config, "products")
    assert (len(seen.records), seen.deleted, seen.refused) == (43, 1, [])
    assert seen.records[0] == {
        "sku": "A0001",
        "name": "Screw 1",
        "description": None,
        "category": "3",
        "ean": "8001234567890",
        "unit": "Units",
        "weight": "0.3000",
        "active": True,
        "updated_at": "2026-03-01T10:00:00",
    }
    assert [each["sku"] for each in seen.records if not each["active"]] == ["A0003"]


def test_stock_is_what_is_free(config: Config) -> None:
    assert run(config, "stock").records[0] == {
        "sku": "A0001",
        "warehouse": "MAIN",
        "quantity": "9.5000",
        "reserved": "2.5000",
        "incoming": "0.0000",
    }


def test_prices_follow_their_preset(config: Config) -> None:
    assert run(config, "prices").records[0] == {
        "sku": "A0001",
        "price_list": "BASE",
        "price": "9.5000",
        "currency": "EUR",
    }


def test_customers_come_without_their_contacts(config: Config) -> None:
    first, second = run(config, "customers").records
    assert (first["code"], first["language"], first["price_list"]) == ("7", "it", "1")
    assert first["address"] == {
        "street": "Via Roma 1",
        "city": "Roma",
        "postal_code": "00184",
        "province": "Roma (IT)",
        "country": "IT",
    }
    assert second["address"]["city"] == "-"


def test_invoices_and_credit_notes_are_documents(config: Config) -> None:
    seen = run(config, "documents")
    assert (seen.deleted, [each["kind"] for each in seen.records]) == (
        1,
        ["invoice", "credit_note"],
    )
    assert seen.records[0] == {
        "number": "INV/2026/00001",
        "kind": "invoice",
        "customer": "7",
        "issued_on": "2026-02-01",
        "due_on": "2026-03-01",
        "currency": "EUR",
        "total": "122.00",
        "open_amount": "22.00",
        "order": "S00077",
    }


def test_only_what_changed_is_read(config: Config, server: Odoo) -> None:
    first = run(config, "products")
    for each in server.records["product.product"]:
        each["write_date"] = EARLY
    server.records["product.product"][4] |= {"write_date": LATE}
    seen = run(config, "products", first.cursor)
    assert [each["sku"] for each in seen.records] == ["A0005"]
    assert ["write_date", ">=", "2026-03-01 09:55:00"] in server.calls[-1][2]["domain"]
    assert not seen.complete


def test_record_that_goes_between_pages_lets_none_slip_past(config: Config, server: Odoo) -> None:
    server.records["product.product"] = [a_product(number) for number in range(1, 1202)]
    server.after_call = lambda: server.records["product.product"].pop(0) and None
    seen = run(config, "products")
    skus = {each["sku"] for each in seen.records}
    assert skus >= {f"A{number:04}" for number in range(10, 1202)}
    assert seen.complete


def test_single_records_are_read_by_their_id(config: Config) -> None:
    assert [each["sku"] for each in run_keys(config, "products", "7", "99").records] == ["A0007"]
    with pytest.raises(SyncError) as refused:
        run_keys(config, "products", "A0007")
    assert refused.value.code == "SA-2115"


def test_unknown_field_is_told_before_anything_is_read(
    peer: Peer, server: Odoo, protocol: str, tmp_path: Path
) -> None:
    said = presets_of("odoo", connection(peer, protocol), "products")
    said["flows"]["products"]["source"]["also"] = ["x_brnd"]
    with pytest.raises(Misconfigured, match=r"did you mean 'x_brand'\?") as unknown:
        run(configured(tmp_path, said), "products")
    assert unknown.value.code == "SA-2432"
    assert [method for _, method, _ in server.calls] == ["fields_get"]


def test_unknown_model_halts_the_flow(server: Odoo, config: Config) -> None:
    del server.types["account.move"]
    with pytest.raises(Misconfigured) as unknown:
        run(config, "documents")
    assert unknown.value.code == "SA-2401"


def test_wrong_key_halts_the_flow_after_one_attempt(
    config: Config, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNC_TEST_KEY", "wrong")
    with pytest.raises(Misconfigured, match="env:SYNC_TEST_KEY") as refused:
        run(config, "products")
    assert refused.value.code == "SA-5220"
    assert len(peer.asked) == 1


def test_fault_of_the_server_is_waited_out(config: Config, server: Odoo) -> None:
    server.fault = Fault(1, "Traceback (most recent call last):\n  …\nOperationalError: busy")
    with pytest.raises(Unavailable, match="OperationalError: busy"):
        run(config, "products")
    server.fault = None
    assert len(run(config, "products").records) == 45


# XML-RPC alone


@pytest.fixture
def over_xml(peer: Peer, tmp_path: Path) -> Config:
    return configured(tmp_path, presets_of("odoo", connection(peer, "xmlrpc"), "products"))


@pytest.mark.parametrize(("fault", "code"), [(3, "SA-5220"), (4, "SA-5221"), (2, "SA-2401")])
def test_faults_that_a_person_must_mend_halt_the_flow(
    fault: int, code: str, over_xml: Config, server: Odoo
) -> None:
    server.fault = Fault(fault, "You are not allowed to access 'Product'")
    with pytest.raises(Misconfigured) as halted:
        run(over_xml, "products")
    assert halted.value.code == code


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><methodResponse/>",
        b"<html>maintenance</html>",
        b"<methodResponse><params><param><value><int>x</int></value></param></params>",
        b"",
        b"\xff",
    ],
)
def test_answer_that_is_no_xml_rpc_is_waited_out(body: bytes, over_xml: Config, peer: Peer) -> None:
    peer.answer = lambda _: Response(body, media_type="text/xml")
    with pytest.raises(Unavailable) as odd:
        run(over_xml, "products")
    assert odd.value.code == "SA-5207"


def test_user_belongs_to_xml_rpc_and_to_nothing_else(peer: Peer, tmp_path: Path) -> None:
    for wrong in (
        connection(peer, "xmlrpc") | {"protocol": "json2"},
        connection(peer, "json2") | {"protocol": "xmlrpc"},
    ):
        with pytest.raises(ConfigurationProblems, match="user belongs to protocol xmlrpc"):
            configured(tmp_path, presets_of("odoo", wrong, "products"))
