"""What the adapter asks is what Shopify's schema has, and may cost what Shopify allows."""

from datetime import date

import pytest
from graphql import build_schema, parse, validate, validate_schema

from connectors.shopify import documents, listings
from connectors.shopify.options import SourceOptions
from connectors.shopify.versions import ENDS, VERSION
from tests.peers.shopify.costs import DEAREST, cost
from tests.peers.shopify.documents import every_document
from tests.peers.shopify.server import SCHEMA


def test_cut_down_schema_is_whole() -> None:
    assert validate_schema(SCHEMA) == []


@pytest.mark.parametrize("text", list(every_document()))
def test_document_is_valid(text: str) -> None:
    assert validate(SCHEMA, parse(text)) == []


def test_a_misspelt_field_would_be_found() -> None:
    wrong = documents.BULK_PRODUCTS.replace("userErrors", "userError")
    assert validate(SCHEMA, parse(wrong))


def test_schema_is_that_of_the_pinned_version_or_says_what_is_missing() -> None:
    assert "changeFromQuantity" in SCHEMA.type_map["InventoryQuantityInput"].fields  # type: ignore[attr-defined]
    assert build_schema("directive @idempotent(key: String!) on FIELD type Query { a: Int }")
    assert "idempotent" in {each.name for each in SCHEMA.directives}


@pytest.mark.parametrize("listing", list(listings.LISTINGS.values()), ids=lambda each: each.kind)
def test_a_page_of_the_usual_size_may_be_asked_for(listing: listings.Listing) -> None:
    first = SourceOptions(list="orders").page_size
    assert cost(parse(listing.page), {"first": first}) <= DEAREST
    assert cost(parse(listing.nodes), {"ids": ["an id"] * listing.keys_a_request}) <= DEAREST


def test_what_is_asked_of_single_records_may_be_asked_for() -> None:
    for text in (
        listings.ORDER_LINES,
        listings.ORDER_REFUNDS,
        documents.SISTERS,
        documents.SHIPPING,
        documents.SHIPPING_LINES,
    ):
        assert cost(parse(text), {}) <= DEAREST


def test_pinned_version_is_the_newest_of_the_table() -> None:
    assert max(ENDS) == VERSION


def test_a_version_lives_a_year() -> None:
    for version, ends in ENDS.items():
        year, month = map(int, version.split("-"))
        assert ends == date(year + 1, month, 1)
