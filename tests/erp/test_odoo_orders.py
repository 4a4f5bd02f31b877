"""Orders of a website's shop in Odoo: lines and addresses are read along."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.config import Config
from agent.errors import Misconfigured
from tests.erp.following import configured, presets_of, run, run_keys
from tests.peers.http_server import answering
from tests.peers.odoo import Database, OdooServer


@pytest.fixture
def server() -> OdooServer:
    server = OdooServer()
    put = server.database.put
    euro = put("res.currency", name="EUR")
    company = put("res.partner", name="Rossi S.r.l.", ref="C1")
    contact = put(
        "res.partner",
        name="Rossi, Magazzino",
        parent_id=company,
        commercial_partner_id=company,
        street="Via Po 2",
        city="Torino",
        zip="10123",
        country_code="IT",
    )
    screw = server.database.call(
        "product.product", "create", [], {"vals_list": [{"name": "Vite", "default_code": "A1"}]}
    )[0]
    for number in (1, 2, 3, 4):
        order = put(
            "sale.order",
            partner_id=contact,
            partner_shipping_id=contact,
            currency_id=euro,
            state="draft" if number == 4 else "sale",
            website_id=1,
            date_order="2026-03-01 09:00:00",
            commitment_date="2026-03-05 12:00:00",
            write_date=f"2026-03-0{number} 09:00:00",
        )
        server.database.records["sale.order"][order] |= {
            "amount_untaxed": 29.7,
            "amount_tax": 6.534,
            "amount_total": 36.23,
            "amount_delivery": 5.0,
            "order_line": [
                put(
                    "sale.order.line",
                    order_id=order,
                    product_id=screw,
                    name="Vite",
                    product_uom_qty=3,
                    price_unit=9.9,
                    is_delivery=delivery,
                )
                for delivery in (False, True)
            ],
        }
    return server


@pytest.fixture(params=["json2", "xmlrpc"])
def config(
    request: pytest.FixtureRequest,
    server: OdooServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Config]:
    monkeypatch.setenv("SYNC_TEST_KEY", "right")
    with answering(server) as peer:
        connection = {"url": peer.url, "database": "rossi", "api_key": "env:SYNC_TEST_KEY"}
        if request.param == "xmlrpc":
            connection |= {"protocol": "xmlrpc", "user": "sync@rossi.example"}
        yield configured(tmp_path, presets_of("odoo", connection, "orders"))


@pytest.fixture
def database(server: OdooServer) -> Database:
    return server.database


def test_orders_of_the_website_come_with_lines_and_addresses(
    config: Config, database: Database
) -> None:
    seen = run(config, "orders")
    assert (len(seen.records), seen.refused) == (3, [])
    order, line = database.all("sale.order")[0], database.all("sale.order.line")[0]
    assert seen.records[0] == {
        "number": order["name"],
        "customer": str(database.all("res.partner")[0]["id"]),
        "placed_at": "2026-03-01T09:00:00+00:00",
        "currency": "EUR",
        "customer_reference": None,
        "payment_terms": None,
        "delivery_on": "2026-03-05",
        "billing_address": None,
        "shipping_address": {
            "name": "Rossi, Magazzino",
            "street": "Via Po 2",
            "city": "Torino",
            "postal_code": "10123",
            "country": "IT",
            "phone": None,
            "email": None,
        },
        "lines": [
            {
                "line": line["id"],
                "sku": "A1",
                "description": "Vite",
                "quantity": "3.0000",
                "price": "9.9000",
                "discount": "0.0000",
                "total": "0.00",
            }
        ],
        "total_net": "29.70",
        "total_vat": "6.53",
        "total": "36.23",
        "note": None,
        "attributes": {"shipping_total": "5.00"},
    }


def test_page_of_orders_costs_a_question_for_each_relation(
    config: Config, server: OdooServer
) -> None:
    run(config, "orders")
    questions = [model for model, method in server.calls if method == "search_read"]
    assert questions == [
        "sale.order",
        "res.partner",
        "res.partner",
        "sale.order.line",
        "product.product",
        "sale.order",
    ]


def test_changed_order_is_read_again(config: Config, database: Database) -> None:
    first = run(config, "orders")
    changed = database.all("sale.order")[0]
    changed |= {"write_date": "2026-03-04 10:00:00", "note": "Urgente"}
    seen = run(config, "orders", first.cursor)
    # The last one is within the overlap, and read once more.
    assert [each["note"] for each in seen.records] == ["Urgente", None]


def test_single_order_is_read_by_its_id(config: Config, database: Database) -> None:
    order = database.all("sale.order")[1]
    (found,) = run_keys(config, "orders", str(order["id"])).records
    assert (found["number"], len(found["lines"])) == (order["name"], 1)


def test_unknown_field_of_a_related_record_is_told(
    tmp_path: Path, server: OdooServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNC_TEST_KEY", "right")
    with answering(server) as peer:
        connection = {"url": peer.url, "database": "rossi", "api_key": "env:SYNC_TEST_KEY"}
        said = presets_of("odoo", connection, "orders")
        said["flows"]["orders"]["source"]["also"] = ["partner_id.x_zona"]
        with pytest.raises(Misconfigured, match=r"res\.partner has no field 'x_zona'"):
            run(configured(tmp_path, said), "orders")
