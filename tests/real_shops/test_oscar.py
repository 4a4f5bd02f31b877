"""Articles of an ERP's database in a real django-oscar, by configuration alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.peers.losing import Relay
from tests.peers.oscar import TOKEN, Article, Oscar
from tests.real_shops.company import Company

pytestmark = pytest.mark.xdist_group("oscar")

TABLE = (
    "CREATE TABLE articoli (codice TEXT PRIMARY KEY, descrizione TEXT, note TEXT,"
    " prezzo DECIMAL(10,2), giacenza INTEGER, fuori_listino INTEGER DEFAULT 0)"
)
INSERT = "INSERT INTO articoli VALUES (?, ?, ?, ?, ?, 0)"
ARTICLES = [
    ("VIT.4X40", 'Vite 4x40 "TORX", zincata', "Confezione da 200", "0.07", 1200),
    ("TUB/12", "Tubo 1/2", None, "12.50", 3),
    ("CAF-01", "Macchina per caffè", "€", "1999.99", 0),
]


@pytest.fixture
def site(company: Company, oscar_relay: Relay) -> Company:
    company.erp(TABLE, INSERT, many=ARTICLES)
    company.secret("oscar", TOKEN)
    company.configure(
        "oscar",
        {
            "https://shop.example.com": oscar_relay.url,
            "/srv/erp/gest.db": str(company.database),
            "rate: 16": "rate: 1000",
        },
    )
    return company


def expected() -> dict[str, Article]:
    return {code: Article(name, Decimal(price), stock) for code, name, _, price, stock in ARTICLES}


def test_articles_arrive_with_price_and_stock(site: Company, oscar_shop: Oscar) -> None:
    assert site.sync()["products"].outcome == "ok"
    assert site.parked("products") == []
    assert oscar_shop.articles() == expected()
    assert site.open() == 0


def test_change_reaches_the_same_product(site: Company, oscar_shop: Oscar) -> None:
    site.sync()
    site.erp("UPDATE articoli SET prezzo = '13.20', giacenza = 2 WHERE codice = 'TUB/12'")
    site.sync()
    changed = Article("Tubo 1/2", Decimal("13.20"), 2)
    assert oscar_shop.articles() == expected() | {"TUB/12": changed}


def test_product_whose_answer_was_lost_is_there_once(
    site: Company, oscar_shop: Oscar, oscar_relay: Relay
) -> None:
    oscar_relay.lose = 1
    site.sync()
    site.sync()
    assert oscar_shop.articles() == expected()
    assert oscar_shop.count() == 3
    assert site.open() == 0


def test_product_that_is_there_and_unknown_to_the_agent_is_taken_over(
    site: Company, oscar_shop: Oscar
) -> None:
    site.sync()
    (site.folder / "syncagent.db").unlink()
    site.erp("UPDATE articoli SET giacenza = 7 WHERE codice = 'TUB/12'")
    site.sync()
    assert oscar_shop.articles()["TUB/12"].stock == 7
    assert oscar_shop.count() == 3


def test_article_that_goes_is_deleted_in_the_shop(site: Company, oscar_shop: Oscar) -> None:
    site.sync()
    site.erp("DELETE FROM articoli WHERE codice = 'VIT.4X40'")
    site.sync()
    assert oscar_shop.articles().keys() == {"TUB/12", "CAF-01"}


def test_article_that_the_shop_refuses_waits_with_its_words_and_the_others_pass(
    site: Company, oscar_shop: Oscar
) -> None:
    site.erp(f"UPDATE articoli SET descrizione = '{'x' * 300}' WHERE codice = 'TUB/12'")
    site.sync()
    assert oscar_shop.articles().keys() == {"VIT.4X40", "CAF-01"}
    (reason,) = site.parked("products")
    assert "Ensure this field has no more than 255 characters" in reason


def test_wrong_token_halts_and_is_not_tried_again(site: Company, oscar_relay: Relay) -> None:
    site.secret("oscar", "wrong")
    site.sync()
    assert len(oscar_relay.writes) == 1
    assert any("SA-5220" in line for line in site.check())


def test_products_are_read_back_as_they_were_sent(site: Company) -> None:
    site.sync()
    attributes = {"price": "12.50", "stock": 3}
    sent = {"sku": "TUB/12", "name": "Tubo 1/2", "active": True, "attributes": attributes}
    assert site.read_back("products", ["TUB/12", "NEVER"]) == {"TUB/12": sent}
