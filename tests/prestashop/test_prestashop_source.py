"""PrestaShop as a source of orders and customers, against a stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.config import Config
from agent.contract import Kind
from connectors.prestashop import KIND
from tests.contract.source_suite import Row, SourceSuite
from tests.erp.following import configured, presets_of, run, run_keys
from tests.peers.http_server import Peer, answering
from tests.peers.prestashop import PrestaShop, schema


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> PrestaShop:
    # A module of the shop may bring resources of its own.
    monkeypatch.setitem(schema.RESOURCES, "articles", ("article", "sku name price date_upd"))
    shop = PrestaShop()
    shop.put("currencies", name="Euro", iso_code="EUR", active="1")
    italy = shop.put("countries", iso_code="IT", active="1", name="Italia")
    shop.put("states", id_country=italy, iso_code="RM", name="Roma", active="1")
    return shop


@pytest.fixture
def peer(shop: PrestaShop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    monkeypatch.setenv("SYNC_TEST_KEY", "RIGHTKEY")
    with answering(shop) as peer:
        yield peer


class ShopBench:
    kind: Kind = KIND

    def __init__(self, peer: Peer, shop: PrestaShop) -> None:
        self.shop = shop
        self.connection = {"url": peer.url, "key": "env:SYNC_TEST_KEY", "time_zone": "UTC"}
        self.options: dict[str, Any] = {
            "resource": "articles",
            "key": ["sku"],
            "fields": ["sku", "name", "price"],
            "page_size": 60,
            "changes": {"overlap": "5m"},
        }

    def put(self, rows: list[Row]) -> None:
        held = self.shop.records["articles"]
        known = {each["sku"]: each for each in held.values()}
        stamp = "2026-03-01 10:00:01" if known else "2026-03-01 09:00:00"
        held.clear()
        for sku, name, price in rows:
            made = {"sku": sku, "name": name or "", "price": str(price)}
            found = known.get(sku)
            if found and found.items() >= made.items():
                held[int(sku)] = found
            else:
                held[int(sku)] = {"id": sku, "date_upd": stamp, **made}


class TestPrestaShopSource(SourceSuite):
    @pytest.fixture
    def bench(self, peer: Peer, shop: PrestaShop) -> ShopBench:
        return ShopBench(peer, shop)


def an_order(shop: PrestaShop, **further: Any) -> str:
    return shop.put(
        "orders",
        **{
            "reference": "XKBKNABJK",
            "current_state": "2",
            "id_customer": "77",
            "payment": "Bonifico",
            "date_add": "2026-03-01 10:00:00",
            "date_upd": "2026-03-01 10:00:00",
            "total_paid_tax_incl": "36.234000",
            "total_paid_tax_excl": "29.700000",
            "total_shipping_tax_excl": "5.000000",
            **further,
        },
    )


ROWS = [
    {
        "id": "1",
        "product_id": "5",
        "product_quantity": "3",
        "product_name": "Vite",
        "product_reference": "A1",
        "unit_price_tax_excl": "9.900000",
    }
]


@pytest.fixture
def config(peer: Peer, shop: PrestaShop, tmp_path: Path) -> Config:
    italy, roma = shop.all("countries")[0]["id"], shop.all("states")[0]["id"]
    address = shop.put(
        "addresses",
        id_customer="77",
        id_country=italy,
        id_state=roma,
        alias="Sede",
        company="Rossi S.r.l.",
        address1="Via Roma 1",
        postcode="00184",
        city="Roma",
        vat_number="IT01234567890",
        deleted="0",
    )
    for number in range(1, 4):
        an_order(
            shop,
            id_address_invoice=address,
            id_address_delivery=address,
            id_currency=shop.all("currencies")[0]["id"],
            date_upd=f"2026-03-0{number} 10:00:00",
            associations={"order_rows": ROWS},
        )
    connection = {"url": peer.url, "key": "env:SYNC_TEST_KEY"}
    return configured(tmp_path, presets_of("prestashop", connection, *KIND.presets))


def test_orders_come_with_lines_and_addresses(config: Config, shop: PrestaShop) -> None:
    seen = run(config, "orders")
    assert (len(seen.records), seen.refused, seen.complete) == (3, [], True)
    place = {
        "name": "Rossi S.r.l.",
        "street": "Via Roma 1",
        "city": "Roma",
        "postal_code": "00184",
        "province": "RM",
        "country": "IT",
        "phone": None,
    }
    assert seen.records[0] == {
        "number": shop.all("orders")[0]["id"],
        "customer": "77",
        "placed_at": "2026-03-01T10:00:00+01:00",
        "currency": "EUR",
        "customer_reference": "XKBKNABJK",
        "billing_address": place,
        "shipping_address": place,
        "lines": [
            {
                "line": 1,
                "sku": "A1",
                "description": "Vite",
                "quantity": "3",
                "price": "9.9000",
            }
        ],
        "total_net": "29.70",
        "total": "36.23",
        "attributes": {
            "state": "2",
            "payment": "Bonifico",
            "shipping_total": "5.00",
            "vat_number": "IT01234567890",
        },
    }


def test_changed_orders_are_asked_for_in_the_shops_time_zone(
    config: Config, shop: PrestaShop, peer: Peer
) -> None:
    first = run(config, "orders")
    shop.all("orders")[0] |= {"date_upd": "2026-03-03 11:00:00", "payment": "Carta"}
    seen = run(config, "orders", first.cursor)
    # The mark is the stamp of the last order; an hour and five minutes before it are read again.
    asked = [each.query["filter[date_upd]"] for each in peer.asked if "date" in each.query]
    assert asked[0] == "[2026-03-03 08:55:00,9999-12-31 23:59:59]"
    assert [each["attributes"]["payment"] for each in seen.records] == ["Carta", "Bonifico"]


def test_order_of_the_hour_that_comes_twice_is_not_missed(config: Config, shop: PrestaShop) -> None:
    shop.all("orders")[2]["date_upd"] = "2025-10-26 02:50:00"
    for each in shop.all("orders")[:2]:
        each["date_upd"] = "2025-10-26 01:00:00"
    first = run(config, "orders")
    shop.all("orders")[0]["date_upd"] = "2025-10-26 02:05:00"  # an hour later, by the sun
    assert len(run(config, "orders", first.cursor).records) == 2


@pytest.mark.usefixtures("config")
def test_order_that_goes_between_pages_lets_none_slip_past(
    peer: Peer, shop: PrestaShop, tmp_path: Path
) -> None:
    said = presets_of("prestashop", {"url": peer.url, "key": "env:SYNC_TEST_KEY"}, "orders")
    said["flows"]["orders"]["source"]["page_size"] = "1"
    wanted = {each["id"] for each in shop.all("orders")}
    gone: list[int] = []

    def one_goes() -> None:
        if not gone and peer.asked[-1].path.endswith("orders"):
            gone.append(min(shop.records["orders"]))
            del shop.records["orders"][gone[0]]

    shop.after_page = one_goes
    (tmp_path / "pages").mkdir()
    seen = run(configured(tmp_path / "pages", said), "orders")
    assert {each["number"] for each in seen.records} == wanted
    assert seen.complete


def test_single_order_is_read_by_its_id(config: Config, shop: PrestaShop) -> None:
    order = shop.all("orders")[1]["id"]
    (found,) = run_keys(config, "orders", order, "9999").records
    assert (found["number"], len(found["lines"])) == (order, 1)


def test_customers_come_with_addresses_and_vat_number(config: Config, shop: PrestaShop) -> None:
    customer = shop.put(
        "customers",
        email="info@rossi.example",
        firstname="Mario",
        lastname="Rossi",
        active="1",
        deleted="0",
        is_guest="0",
    )
    shop.put("customers", email="x@x.example", firstname="A", lastname="B", deleted="1")
    shop.all("addresses")[0]["id_customer"] = customer
    (found,) = run(config, "customers").records
    assert (found["code"], found["name"], found["vat_number"]) == (
        customer,
        "Mario Rossi",
        "IT01234567890",
    )
    assert (found["addresses"][0]["country"], found["active"]) == ("IT", True)


def test_customer_without_address_is_a_customer(config: Config, shop: PrestaShop) -> None:
    shop.put(
        "customers", email="a@b.example", firstname="A", lastname="B", deleted="0", is_guest="0"
    )
    seen = run(config, "customers")
    assert (seen.refused, seen.records[0]["vat_number"]) == ([], None)
