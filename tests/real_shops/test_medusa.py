"""Articles and stock of an ERP's database in a real Medusa, by configuration alone."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest

from tests.peers.losing import Relay
from tests.peers.medusa import Article, Medusa
from tests.real_shops.company import Company

pytestmark = pytest.mark.xdist_group("postgresql")

TABLE = (
    "CREATE TABLE articoli (codice TEXT PRIMARY KEY, descrizione TEXT, note TEXT,"
    " prezzo DECIMAL(10,2), giacenza INTEGER, fuori_listino INTEGER DEFAULT 0)"
)
INSERT = "INSERT INTO articoli VALUES (?, ?, ?, ?, ?, 0)"


@pytest.fixture
def mark() -> str:
    """What the SKUs of this test begin with: all tests share the shop."""
    return uuid4().hex[:8] + "-"


@pytest.fixture
def site(company: Company, medusa_shop: Medusa, medusa_relay: Relay, mark: str) -> Company:
    articles = [
        (f"{mark}VIT", 'Vite 4x40 "TORX"', "Confezione da 200", "0.07", 1200),
        (f"{mark}TUB.12", "Tubo 1/2", None, "12.50", 3),
    ]
    company.erp(TABLE, INSERT, many=articles)
    company.secret("medusa", medusa_shop.key)
    company.configure(
        "medusa",
        {
            "https://shop.example.com": medusa_relay.url,
            "/srv/erp/gest.db": str(company.database),
            "shipping_profile_id: sp_1": f"shipping_profile_id: {medusa_shop.profile}",
            "sales_channels: [{id: sc_1}]": f"sales_channels: [{{id: {medusa_shop.channel}}}]",
            "sloc_1": medusa_shop.location,
        },
    )
    return company


def expected(mark: str) -> dict[str, Article]:
    return {
        f"{mark}VIT": Article('Vite 4x40 "TORX"', Decimal("0.07")),
        f"{mark}TUB.12": Article("Tubo 1/2", Decimal("12.5")),
    }


def test_articles_arrive_with_price_and_stock(
    site: Company, medusa_shop: Medusa, mark: str
) -> None:
    site.sync("products")
    site.sync("stock")
    assert site.parked("products") == site.parked("stock") == []
    assert medusa_shop.articles(mark) == expected(mark)
    assert medusa_shop.stock(mark) == {f"{mark}VIT": 1200, f"{mark}TUB.12": 3}


def test_changes_reach_the_same_product_and_place(
    site: Company, medusa_shop: Medusa, mark: str
) -> None:
    site.sync("products")
    site.sync("stock")
    site.erp(f"UPDATE articoli SET prezzo = '13.20', giacenza = 2 WHERE codice = '{mark}TUB.12'")
    site.sync()
    assert medusa_shop.articles(mark) == expected(mark) | {
        f"{mark}TUB.12": Article("Tubo 1/2", Decimal("13.2"))
    }
    assert medusa_shop.stock(mark)[f"{mark}TUB.12"] == 2


def test_stock_waits_for_its_product(site: Company, medusa_shop: Medusa, mark: str) -> None:
    site.sync("stock")
    assert (medusa_shop.stock(mark), site.open()) == ({}, 2)
    site.sync("products")
    site.sync("stock")
    assert (len(medusa_shop.stock(mark)), site.open()) == (2, 0)


@pytest.mark.parametrize("flow", ["products", "stock"])
def test_lost_answer_makes_nothing_twice(
    site: Company, medusa_shop: Medusa, medusa_relay: Relay, mark: str, flow: str
) -> None:
    if flow == "stock":
        site.sync("products")
    medusa_relay.lose = 1
    site.sync(flow)
    site.sync(flow)
    assert (site.open(), site.parked(flow)) == (0, [])
    assert medusa_shop.articles(mark) == expected(mark)
    if flow == "stock":
        assert medusa_shop.stock(mark) == {f"{mark}VIT": 1200, f"{mark}TUB.12": 3}


def test_shop_that_knows_more_than_the_agent_is_taken_over(
    site: Company, medusa_shop: Medusa, mark: str
) -> None:
    site.sync("products")
    site.sync("stock")
    (site.folder / "syncagent.db").unlink()
    site.erp(f"UPDATE articoli SET prezzo = '9.90', giacenza = 8 WHERE codice = '{mark}VIT'")
    site.sync()
    assert (site.open(), site.parked("products")) == (0, [])
    assert medusa_shop.articles(mark)[f"{mark}VIT"].price == Decimal("9.9")
    assert medusa_shop.stock(mark)[f"{mark}VIT"] == 8


def test_article_that_goes_is_deleted_in_the_shop(
    site: Company, medusa_shop: Medusa, mark: str
) -> None:
    site.sync("products")
    site.erp(f"DELETE FROM articoli WHERE codice = '{mark}VIT'")
    site.sync("products")
    assert medusa_shop.articles(mark).keys() == {f"{mark}TUB.12"}


def test_article_that_the_shop_refuses_waits_with_its_words_and_the_others_pass(
    site: Company, medusa_shop: Medusa, mark: str
) -> None:
    site.erp(f"UPDATE articoli SET codice = '{mark}?%' WHERE codice = '{mark}VIT'")
    site.sync("products")
    assert medusa_shop.articles(mark).keys() == {f"{mark}TUB.12"}
    (reason,) = site.parked("products")
    assert "Invalid product handle" in reason


def test_products_are_read_back_as_they_were_sent(site: Company, mark: str) -> None:
    site.sync("products")
    sku = f"{mark}TUB.12"
    sent = {"sku": sku, "name": "Tubo 1/2", "active": True, "attributes": {"price": "12.5"}}
    assert site.read_back("products", [sku, "NEVER"]) == {sku: sent}


def test_check_reaches_the_shop(site: Company) -> None:
    assert any("answers 200 to /products" in line for line in site.check())
