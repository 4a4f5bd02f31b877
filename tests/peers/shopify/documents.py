"""Every document that the adapter can send."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.shopify import documents, listings


def every_document() -> Iterator[str]:
    """Each operation with all its arguments, and what is written out."""
    for value in vars(documents).values():
        if isinstance(value, documents.Operation):
            call = value(idempotency_key="k" if value.writes else "", **dict.fromkeys(value.types))
            yield documents.document([call])[0]
    yield documents.BULK_PRODUCTS
    yield documents.SISTERS
    yield documents.HELD_PRODUCTS
    yield documents.HELD_PRICES
    yield documents.PRICE_BREAKS
    yield documents.SHIPPING
    yield documents.SHIPPING_LINES
    for listing in listings.LISTINGS.values():
        yield listing.page
        yield listing.nodes
    yield listings.ORDER_LINES
    yield listings.ORDER_REFUNDS
