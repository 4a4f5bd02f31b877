"""Articles, stock and customers of an ERP's database in a real Vendure, by configuration alone."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest

from tests.peers.losing import Relay
from tests.peers.vendure import Article, Vendure
from tests.real_shops.company import Company

pytestmark = pytest.mark.xdist_group("postgresql")

ARTICLES = (
    "CREATE TABLE articoli (codice TEXT PRIMARY KEY, descrizione TEXT, note TEXT,"
    " prezzo DECIMAL(10,2), giacenza INTEGER, fuori_listino INTEGER DEFAULT 0)"
)
CUSTOMERS = "CREATE TABLE clienti (codice TEXT PRIMARY KEY, ragione_sociale TEXT, email TEXT)"
INSERT = "INSERT INTO articoli VALUES (?, ?, ?, ?, ?, 0)"


@pytest.fixture
def mark() -> str:
    """What the SKUs of this test begin with: all tests share the shop."""
    return uuid4().hex[:8] + "-"


@pytest.fixture
def site(company: Company, vendure_shop: Vendure, vendure_relay: Relay, mark: str) -> Company:
    articles = [
        (f"{mark}VIT", 'Vite 4x40 "TORX"', "Confezione da 200", "0.07", 1200),
        (f"{mark}TUB/1.2", "Tubo 1/2", None, "12.50", 3),
    ]
    company.erp(CUSTOMERS, ARTICLES, INSERT, many=articles)
    company.erp(
        f"INSERT INTO clienti VALUES ('C1', 'Bianchi S.r.l.', '{mark}info@bianchi.example'),"
        f" ('C2', 'Rossi & Figli', '{mark}acquisti@rossi.example')"
    )
    company.secret("vendure", vendure_shop.key)
    company.configure(
        "vendure",
        {
            "https://shop.example.com": vendure_relay.url,
            "/srv/erp/gest.db": str(company.database),
        },
    )
    return company


def expected(mark: str) -> list[tuple[str, Article]]:
    return [
        (f"{mark}TUB/1.2", Article("Tubo 1/2", Decimal("12.5"))),
        (f"{mark}VIT", Article('Vite 4x40 "TORX"', Decimal("0.07"))),
    ]


# Products


def test_articles_arrive_with_price_and_stock(
    site: Company, vendure_shop: Vendure, mark: str
) -> None:
    site.sync("products")
    site.sync("stock")
    assert site.parked("products") == site.parked("stock") == []
    assert vendure_shop.articles(mark) == expected(mark)
    assert vendure_shop.stock(mark) == {f"{mark}VIT": 1200, f"{mark}TUB/1.2": 3}


def test_changes_reach_the_same_product(site: Company, vendure_shop: Vendure, mark: str) -> None:
    site.sync("products")
    site.sync("stock")
    site.erp(f"UPDATE articoli SET prezzo = '13.20', giacenza = 2 WHERE codice = '{mark}TUB/1.2'")
    site.sync()
    changed, other = vendure_shop.articles(mark)
    assert changed[1].price == Decimal("13.2")
    assert other == expected(mark)[1]
    assert vendure_shop.stock(mark)[f"{mark}TUB/1.2"] == 2
    assert vendure_shop.products(mark) == 2


@pytest.mark.parametrize("change", ["done: createProduct(", "done: createProductVariants("])
def test_product_whose_answer_was_lost_is_there_once(
    site: Company, vendure_shop: Vendure, vendure_relay: Relay, mark: str, change: str
) -> None:
    vendure_relay.lose_when = change
    site.sync("products")
    assert (site.open() > 0, vendure_relay.lose_when) == (True, "")
    site.sync("products")
    assert (site.open(), site.parked("products")) == (0, [])
    assert vendure_shop.articles(mark) == expected(mark)
    assert vendure_shop.products(mark) == 2


def test_shop_takes_the_same_product_twice_where_nobody_asks(
    vendure_shop: Vendure, mark: str
) -> None:
    for _ in range(2):
        made = vendure_shop.ask(
            "mutation ($input: CreateProductInput!) { done: createProduct(input: $input) { id } }",
            input={
                "translations": [
                    {"languageCode": "en", "name": mark, "slug": mark, "description": ""}
                ]
            },
        )
        vendure_shop.ask(
            "mutation ($input: CreateProductVariantInput!)"
            " { createProductVariants(input: [$input]) { id } }",
            input={
                "productId": made["done"]["id"],
                "sku": f"{mark}A",
                "translations": [{"languageCode": "en", "name": mark}],
            },
        )
    assert [sku for sku, _ in vendure_shop.articles(mark)] == [f"{mark}A", f"{mark}A"]


def test_article_of_which_the_shop_has_two_is_a_persons_affair(
    site: Company, vendure_shop: Vendure, mark: str
) -> None:
    site.sync("products")
    (site.folder / "syncagent.db").unlink()
    found = vendure_shop.ask(
        "query ($sku: String!)"
        " { productVariants(options: {filter: {sku: {eq: $sku}}}) { items { id } } }",
        sku=f"{mark}VIT",
    )
    vendure_shop.ask(
        "mutation ($input: UpdateProductVariantInput!)"
        " { updateProductVariant(input: $input) { id } }",
        input={"id": found["productVariants"]["items"][0]["id"], "sku": f"{mark}TUB/1.2"},
    )
    site.sync("products")
    (reason,) = site.parked("products")
    assert reason.startswith("SA-5332")


def test_shop_that_knows_more_than_the_agent_is_taken_over(
    site: Company, vendure_shop: Vendure, mark: str
) -> None:
    site.sync("products")
    site.sync("stock")
    (site.folder / "syncagent.db").unlink()
    site.erp(f"UPDATE articoli SET prezzo = '9.90', giacenza = 8 WHERE codice = '{mark}VIT'")
    site.sync()
    assert (site.open(), site.parked("products")) == (0, [])
    assert dict(vendure_shop.articles(mark))[f"{mark}VIT"].price == Decimal("9.9")
    assert vendure_shop.stock(mark)[f"{mark}VIT"] == 8
    assert vendure_shop.products(mark) == 2


def test_product_that_somebody_deleted_is_made_again(
    site: Company, vendure_shop: Vendure, mark: str
) -> None:
    site.sync("products")
    products = vendure_shop.ask(
        "query ($options: ProductListOptions) { products(options: $options) { items { id } } }",
        options={"filter": {"sku": {"eq": f"{mark}VIT"}}},
    )
    (product,) = products["products"]["items"]
    vendure_shop.ask("mutation ($id: ID!) { deleteProduct(id: $id) { result } }", id=product["id"])
    site.erp(f"UPDATE articoli SET prezzo = '0.08' WHERE codice = '{mark}VIT'")
    site.sync("products")
    assert site.parked("products") == []
    assert dict(vendure_shop.articles(mark))[f"{mark}VIT"].price == Decimal("0.08")


def test_article_that_goes_is_deleted_in_the_shop(
    site: Company, vendure_shop: Vendure, mark: str
) -> None:
    site.sync("products")
    site.sync("stock")
    site.erp(f"DELETE FROM articoli WHERE codice = '{mark}VIT'")
    site.sync("products", "stock")
    assert (site.open(), site.parked("stock")) == (0, [])
    assert vendure_shop.articles(mark) == expected(mark)[:1]


def test_article_that_the_shop_refuses_waits_with_its_words_and_the_others_pass(
    site: Company, vendure_shop: Vendure, mark: str
) -> None:
    site.erp(f"UPDATE articoli SET prezzo = '30000000' WHERE codice = '{mark}VIT'")
    site.sync("products")
    assert vendure_shop.articles(mark) == expected(mark)[:1]
    (reason,) = site.parked("products")
    assert 'value "3000000000" is out of range for type integer' in reason


def test_products_are_read_back_as_they_were_sent(site: Company, mark: str) -> None:
    site.sync("products")
    sku = f"{mark}TUB/1.2"
    sent = {"sku": sku, "name": "Tubo 1/2", "active": True, "attributes": {"price": "12.5"}}
    assert site.read_back("products", [sku, "NEVER"]) == {sku: sent}


# Stock


def test_stock_waits_for_its_product(site: Company, vendure_shop: Vendure, mark: str) -> None:
    site.sync("stock")
    assert (vendure_shop.stock(mark), site.open()) == ({}, 2)
    site.sync("products")
    site.sync("stock")
    assert (len(vendure_shop.stock(mark)), site.open()) == (2, 0)


def test_stock_that_the_shop_refuses_waits_with_its_words(
    site: Company, vendure_shop: Vendure, mark: str
) -> None:
    site.sync("products")
    site.erp(f"UPDATE articoli SET giacenza = 3000000000 WHERE codice = '{mark}VIT'")
    site.sync("stock")
    assert vendure_shop.stock(mark) == {f"{mark}VIT": 0, f"{mark}TUB/1.2": 3}
    (reason,) = site.parked("stock")
    assert "got invalid value 3000000000" in reason


# Customers


def test_customers_arrive_and_change(site: Company, vendure_shop: Vendure, mark: str) -> None:
    site.sync("customers")
    site.erp("UPDATE clienti SET ragione_sociale = 'Bianchi S.p.A.' WHERE codice = 'C1'")
    site.sync("customers")
    assert (site.open(), site.parked("customers")) == (0, [])
    assert vendure_shop.customers(mark) == ["Bianchi S.p.A.", "Rossi & Figli"]


def test_customer_who_registered_in_the_shop_is_taken_over_by_the_error_of_the_shop(
    site: Company, vendure_shop: Vendure, mark: str
) -> None:
    vendure_shop.ask(
        "mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { __typename } }",
        input={
            "firstName": "Mario",
            "lastName": "Bianchi",
            "emailAddress": f"{mark}info@bianchi.example",
        },
    )
    site.sync("customers")
    assert (site.open(), site.parked("customers")) == (0, [])
    assert vendure_shop.customers(mark) == ["Bianchi S.r.l.", "Rossi & Figli"]


def test_address_that_another_customer_has_is_refused_though_the_status_is_200(
    site: Company, vendure_shop: Vendure, mark: str
) -> None:
    site.sync("customers")
    site.erp(f"UPDATE clienti SET email = '{mark}info@bianchi.example' WHERE codice = 'C2'")
    site.sync("customers")
    (reason,) = site.parked("customers")
    assert "EMAIL_ADDRESS_CONFLICT_ERROR, The email address is not available." in reason
    assert vendure_shop.customers(mark) == ["Bianchi S.r.l.", "Rossi & Figli"]


# The key


def test_wrong_key_halts_and_check_tells_it(
    site: Company, vendure_shop: Vendure, vendure_relay: Relay, mark: str
) -> None:
    site.secret("vendure", "wrong")
    site.sync("products")
    assert len(vendure_relay.writes) == 1
    assert (vendure_shop.articles(mark), site.parked("products")) == ([], [])
    assert any("not currently authorized" in line for line in site.check())


def test_check_reaches_the_shop(site: Company) -> None:
    assert any("answers 200 to /?query={products" in line for line in site.check())
