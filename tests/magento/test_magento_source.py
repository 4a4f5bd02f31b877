"""Orders and customers of a shop of Magento, read as a flow reads them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.config import Config
from agent.contract import Kind
from connectors.magento import KIND
from tests.contract.source_suite import Row, SourceSuite
from tests.erp.following import configured, page_example, presets_of, run, run_keys
from tests.peers.magento import MagentoShop

EARLY, LATE = "2026-03-01 09:00:00", "2026-03-01 10:00:01"


def an_address(**more: Any) -> dict[str, Any]:
    return {
        "firstname": "Anna",
        "lastname": "Rossi",
        "company": "Rossi S.r.l.",
        "street": ["Via Roma 1", "Scala B"],
        "city": "Milano",
        "postcode": "20121",
        "region_code": "MI",
        "country_id": "IT",
        "email": "a@rossi.it",
        **more,
    }


def an_order(number: int, **more: Any) -> dict[str, Any]:
    """With a shirt in red as Magento writes it: the variant below the configurable product."""
    shirt = {"name": "Maglia", "sku": "P-R", "qty_ordered": 3}
    return {
        "entity_id": number,
        "increment_id": f"00000{number}",
        "state": "processing",
        "status": "processing",
        "created_at": EARLY,
        "updated_at": EARLY,
        "customer_id": 7,
        "customer_email": "a@rossi.it",
        "order_currency_code": "EUR",
        "grand_total": 36.6,
        "tax_amount": 6.6,
        "shipping_amount": 0,
        "items": [
            {**shirt, "item_id": 1, "price": 10, "row_total": 30, "tax_percent": 22}
            | {"product_type": "configurable"},
            {**shirt, "item_id": 2, "price": 0, "row_total": 0, "parent_item_id": 1},
        ],
        "billing_address": an_address(),
        "payment": {"method": "banktransfer"},
        "extension_attributes": {
            "shipping_assignments": [
                {
                    "shipping": {
                        "method": "flatrate_flatrate",
                        "address": an_address(company=None, street=["Via Verdi 2"]),
                    }
                }
            ]
        },
        **more,
    }


@pytest.fixture
def config(connection: dict[str, Any], tmp_path: Path) -> Config:
    return configured(tmp_path, presets_of("magento", connection, *KIND.presets))


def test_order_becomes_an_order_with_the_lines_that_the_customer_sees(
    shop: MagentoShop, config: Config
) -> None:
    shop.people.orders[7] = an_order(7)
    seen = run(config, "orders")
    assert seen.refused == []
    (order,) = seen.records
    assert (order["number"], order["customer"], order["currency"]) == ("7", "7", "EUR")
    assert order["placed_at"] == "2026-03-01T09:00:00+00:00"
    assert (order["total_net"], order["total_vat"], order["total"]) == ("30.00", "6.60", "36.60")
    assert order["payment_terms"] == "banktransfer"
    assert order["shipping_method"] == "flatrate_flatrate"
    assert order["billing_address"]["name"] == "Rossi S.r.l."
    assert order["billing_address"]["street"] == "Via Roma 1 Scala B"
    assert order["shipping_address"]["name"] == "Anna Rossi"
    assert order["shipping_address"]["street"] == "Via Verdi 2"
    (line,) = order["lines"]
    assert (line["line"], line["sku"], line["quantity"]) == (1, "P-R", "3")
    assert (line["price"], line["vat_rate"], line["total"]) == ("10.0000", "22", "30.00")
    assert order["attributes"]["number"] == "000007"


def test_order_of_a_guest_without_parcel_is_read_though_magento_leaves_fields_out(
    shop: MagentoShop, config: Config
) -> None:
    shop.people.orders[7] = an_order(7, customer_id=None, extension_attributes={})
    (order,) = run(config, "orders").records
    assert order["customer"] == "a@rossi.it"
    assert order["shipping_address"] is None


def test_order_that_waits_for_its_payment_is_left_out(shop: MagentoShop, config: Config) -> None:
    for number, state in enumerate(("pending_payment", "new", "canceled"), 1):
        shop.people.orders[number] = an_order(number, state=state)
    assert {each["number"] for each in run(config, "orders").records} == {"2", "3"}


def test_order_that_changed_comes_again_and_one_of_the_same_second_is_not_missed(
    shop: MagentoShop, config: Config
) -> None:
    for number in range(1, 251):
        shop.people.orders[number] = an_order(number)
    first = run(config, "orders")
    assert len(first.records) == 250
    assert first.complete
    shop.people.orders[7]["updated_at"] = LATE
    shop.people.orders[251] = an_order(251, updated_at=LATE)
    second = run(config, "orders", first.cursor)
    assert {"7", "251"} <= {each["number"] for each in second.records}
    shop.people.orders[252] = an_order(252, updated_at=LATE)
    third = run(config, "orders", second.cursor)
    assert {each["number"] for each in third.records} == {"7", "251", "252"}
    assert not third.complete


def test_single_order_is_read_by_its_id(shop: MagentoShop, config: Config) -> None:
    shop.people.orders[7] = an_order(7)
    assert [each["number"] for each in run_keys(config, "orders", "7", "9").records] == ["7"]


def test_customer_becomes_a_customer(shop: MagentoShop, config: Config) -> None:
    home = {**an_address(company=None), "id": 1, "region": {"region_code": "RM"}}
    office = {**an_address(), "id": 2, "default_billing": True, "region": {"region_code": "MI"}}
    shop.people.customers[7] = {
        "id": 7,
        "email": "a@rossi.it",
        "firstname": "Anna",
        "lastname": "Rossi",
        "taxvat": "IT00743110157",
        "updated_at": EARLY,
        "addresses": [home, office],
    }
    shop.people.customers[8] = {
        "id": 8,
        "email": "b@neri.it",
        "firstname": "Bruno",
        "updated_at": EARLY,
    }
    seen = run(config, "customers")
    assert seen.refused == []
    rossi, neri = sorted(seen.records, key=lambda each: str(each["code"]))
    assert (rossi["name"], rossi["vat_number"]) == ("Rossi S.r.l.", "IT00743110157")
    assert rossi["address"]["province"] == "MI"
    assert (neri["name"], neri["address"]) == ("Bruno", None)
    assert seen.complete


def test_page_cannot_be_larger_than_magento_allows() -> None:
    with pytest.raises(ValueError, match="300"):
        KIND.source_options.model_validate(
            {"list": "orders", "columns": ["state"], "page_size": 301}
        )


def test_example_on_the_page_is_a_configuration(tmp_path: Path) -> None:
    config = configured(tmp_path, page_example("magento.md"))
    assert {flow.entity for flow in config.flows.values()} >= {"product", "order"}


@dataclass
class ShopBench:
    """Articles of the suite as orders, with two fields that a plug-in adds."""

    shop: MagentoShop
    connection: dict[str, Any]
    kind: Kind = KIND

    @property
    def options(self) -> dict[str, Any]:
        columns = ["name", "price"]
        return {"list": "orders", "columns": columns, "page_size": 60, "changes": {}}

    def put(self, rows: list[Row]) -> None:
        orders = self.shop.people.orders
        known = dict(orders)
        orders.clear()
        for sku, name, price in rows:
            item = {"entity_id": sku, "name": name, "price": float(price)}
            old = known.get(int(sku))
            same = old and (old["name"], old["price"]) == (name, float(price))
            stamp = old["updated_at"] if old and same else LATE if known else EARLY
            orders[int(sku)] = {**item, "updated_at": stamp}


class TestMagentoSource(SourceSuite):
    @pytest.fixture
    def bench(self, shop: MagentoShop, connection: dict[str, Any]) -> ShopBench:
        return ShopBench(shop, connection)
