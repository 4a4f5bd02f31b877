"""The page for people, and a shop that is killed and comes back."""

from decimal import Decimal

import pytest

from agent.demo.shop import ShopDatabase, ShopProcess
from agent.demo.shop.storefront import money, quantity
from agent.errors import Unavailable
from agent.model import Message, Op
from connectors.shop import ShopTarget
from tests.shop.conftest import OpenTarget, StartShop


def message(version: int, entity: str, key: str, body: str) -> Message:
    return Message(f"front-{version}", version, "f", entity, key, Op.UPSERT, body.encode())


def test_page_shows_name_price_and_stock(shop: ShopProcess, target: ShopTarget) -> None:
    price = '{"sku":"<1>","price_list":"BASE","price":"1234.5","currency":"EUR"}'
    messages = [
        message(1, "product", "1", '{"sku":"<1>","name":"Qualità & <b>luce</b>"}'),
        message(2, "price", "1|BASE", price),
        message(3, "stock", "1|01", '{"sku":"<1>","warehouse":"01","quantity":"40"}'),
        message(4, "stock", "1|02", '{"sku":"<1>","warehouse":"02","quantity":"2.50"}'),
        message(5, "product", "2", '{"sku":"2","name":"Senza prezzo"}'),
    ]
    assert all(receipt.accepted for receipt in target.deliver(messages))
    target.heartbeat({})
    page = shop.request("GET", "/").text
    assert "Qualità &amp; &lt;b&gt;luce&lt;/b&gt;" in page
    assert "1.234,50 €" in page
    assert "42,5" in page
    assert "prezzo su richiesta" in page
    assert "agente / agent: 20" in page
    assert "width=device-width" in page


def test_search_leaves_out_the_rest(shop: ShopProcess, target: ShopTarget) -> None:
    list(target.deliver([message(8, "product", "8", '{"sku":"888","name":"Unica al mondo"}')]))
    page = shop.request("GET", "/?q=unica").text
    assert "888" in page
    assert "Senza prezzo" not in page


def test_page_of_an_empty_shop_renders(start_shop: StartShop) -> None:
    response = start_shop(certificates=None).request("GET", "/")
    assert response.status_code == 200
    assert "nessun articolo" in response.text


def test_killed_shop_comes_back_at_its_address_with_what_it_had(
    start_shop: StartShop, open_target: OpenTarget
) -> None:
    shop = start_shop()
    target = open_target(shop.url)
    taken = message(9, "product", "9", '{"sku":"9","name":"Bleibt"}')
    list(target.deliver([taken]))
    before = shop.url
    shop.kill()
    with pytest.raises(Unavailable):
        list(target.deliver([taken]))
    shop.start()
    assert shop.url == before
    assert [receipt.accepted for receipt in target.deliver([taken])] == [True]
    with ShopDatabase(shop.database, readonly=True) as database:
        assert len(list(database.effects())) == 1


def test_numbers_are_written_as_italians_write_them() -> None:
    assert money("0.10", "CHF") == "0,10 CHF"
    assert money("1234567.895", "EUR") == "1.234.567,90 €"
    assert quantity(Decimal("1E+3")) == "1000"
