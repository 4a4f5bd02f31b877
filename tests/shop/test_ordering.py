"""A person orders in the storefront: forms only, and once is once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from agent.demo.shop import ShopDatabase, ShopProcess
from agent.entities import ENTITIES
from agent.model import Message, Op
from connectors.shop import ShopTarget
from tests.shop.conftest import OpenTarget, StartShop


@pytest.fixture(scope="module")
def shop(start_shop: StartShop) -> ShopProcess:
    return start_shop(certificates=None)


@pytest.fixture
def target(shop: ShopProcess, open_target: OpenTarget) -> ShopTarget:
    target = open_target(shop.url)
    price = {"price_list": "BASE", "price": "12.50", "currency": "EUR"}
    deliver(target, "product", "V1", {"sku": "V1", "name": "Vite <M4>", "unit": "pz"})
    deliver(target, "price", "V1|BASE", {"sku": "V1", **price})
    return target


@pytest.fixture
def browser(shop: ShopProcess, target: ShopTarget) -> Iterator[httpx.Client]:
    del target
    with httpx.Client(base_url=shop.url, follow_redirects=True, trust_env=False) as client:
        yield client


VERSION = iter(range(1, 1000))


def deliver(target: ShopTarget, entity: str, key: str, data: dict[str, Any]) -> None:
    version = next(VERSION)
    body = json.dumps(data).encode()
    (receipt,) = target.deliver(
        [Message(f"o-{version}", version, "f", entity, key, Op.UPSERT, body)]
    )
    assert receipt.accepted, receipt.reason


def newest(shop: ShopProcess) -> dict[str, Any]:
    with ShopDatabase(shop.database, readonly=True) as database:
        found: dict[str, Any] = json.loads(bytes(database.feeds.newest("orders", 1)[0].data))
        return found


def orders(shop: ShopProcess) -> int:
    with ShopDatabase(shop.database, readonly=True) as database:
        return len(database.feeds.newest("orders", 1000))


def test_cart_becomes_an_order_that_stands_in_the_feed(
    browser: httpx.Client, shop: ShopProcess
) -> None:
    assert 'value="V1"' in browser.get("/").text
    assert "Vite &lt;M4&gt;" in browser.post("/cart", data={"sku": "V1", "quantity": "2,5"}).text
    form = {"customer": "000412", "reference": "RDA 7", "note": "subito"}
    page = browser.post("/orders", data=form)
    order = newest(shop)
    assert order["number"] in page.text
    assert "31,25" in page.text
    assert (order["customer"], order["customer_reference"]) == ("000412", "RDA 7")
    assert order["lines"] == [
        {
            "line": 1,
            "sku": "V1",
            "description": "Vite <M4>",
            "quantity": "2.5",
            "unit": "pz",
            "price": "12.50",
            "total": "31.25",
        }
    ]
    required = {name for name, field in ENTITIES["order"].fields.items() if field.required}
    assert required <= order.keys() <= set(ENTITIES["order"].fields)
    assert "vuoto / empty" in browser.get("/cart").text


def test_cart_that_is_sent_twice_is_one_order(browser: httpx.Client, shop: ShopProcess) -> None:
    browser.post("/cart", data={"sku": "V1"})
    cart = browser.cookies["cart"]
    before = orders(shop)
    pages = [
        httpx.post(
            f"{shop.url}/orders",
            data={"customer": "000412"},
            cookies={"cart": cart},
            follow_redirects=True,
        )
        for _ in range(2)
    ]
    assert [page.status_code for page in pages] == [200, 200]
    assert pages[0].text == pages[1].text
    assert orders(shop) == before + 1


def test_line_is_changed_and_taken_out(browser: httpx.Client) -> None:
    browser.post("/cart", data={"sku": "V1", "quantity": "3"})
    assert 'value="7"' in browser.post("/cart", data={"sku": "V1", "quantity": "7"}).text
    assert "vuoto / empty" in browser.post("/cart", data={"sku": "V1", "quantity": "0"}).text


@pytest.mark.parametrize("quantity", ["many", "NaN", "1e99", "0.00001"])
def test_what_is_no_quantity_is_refused(browser: httpx.Client, quantity: str) -> None:
    assert browser.post("/cart", data={"sku": "V1", "quantity": quantity}).status_code == 422


def test_order_needs_something_in_it_and_somebody_who_orders(browser: httpx.Client) -> None:
    assert browser.post("/orders", data={"customer": "000412"}).status_code == 422
    browser.post("/cart", data={"sku": "V1"})
    assert browser.post("/orders", data={"note": "x"}).status_code == 422
    assert browser.post("/cart", data={"sku": "x" * 20_000}).status_code == 413


def test_page_of_an_order_is_only_for_who_placed_it(
    browser: httpx.Client, shop: ShopProcess
) -> None:
    browser.post("/cart", data={"sku": "V1"})
    page = browser.post("/orders", data={"customer": "000412"})
    assert browser.get(page.url.path).status_code == 200
    assert browser.get(f"/orders/{newest(shop)['number']}").status_code == 404


def test_page_of_an_order_shows_what_the_company_tells(
    browser: httpx.Client, shop: ShopProcess, target: ShopTarget
) -> None:
    browser.post("/cart", data={"sku": "V1"})
    page = browser.post("/orders", data={"customer": "000412"})
    number = newest(shop)["number"]
    assert "inviato / placed" in page.text
    cursor = httpx.get(f"{shop.url}/v1/feeds/orders").json()["cursor"]
    httpx.post(f"{shop.url}/v1/feeds/orders/acknowledgements", json={"cursor": cursor})
    assert "taken over" in browser.get(page.url.path).text
    told = {"number": number, "status": "in lavorazione", "attributes": {"document": "OC/2026/17"}}
    deliver(target, "order_status", number, told)
    shown = browser.get(page.url.path).text
    assert "in lavorazione" in shown
    assert "OC/2026/17" in shown


def test_page_of_the_agent_shows_flows_and_commands(
    browser: httpx.Client, shop: ShopProcess, target: ShopTarget
) -> None:
    flow = {"flow": "products", "pending": 3, "parked": 0, "halted": "", "last_good_run_at": "now"}
    target.heartbeat({"version": "9.9", "verdict": "all is well", "flows": [flow]})
    shop.ask_agent("resync", flow="products", keys=["V1"])
    page = browser.get("/agent").text
    assert all(text in page for text in ("9.9", "all is well", "products", "resync", "V1"))
