"""Entity → who writes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from agent.model import Message, Op, Receipt
from connectors.shopify.categories import deliver_categories
from connectors.shopify.companies import deliver_companies
from connectors.shopify.customers import deliver_customers
from connectors.shopify.delivery import Delivery
from connectors.shopify.order_status import deliver_order_statuses
from connectors.shopify.prices import deliver_prices
from connectors.shopify.products import deliver_products
from connectors.shopify.removals import remove_products
from connectors.shopify.stock import deliver_stock
from connectors.shopify.target import Writer


def writers(*, companies: bool) -> Mapping[str, Writer]:
    """All that can be written to a shop."""
    return {
        "product": _products,
        "category": deliver_categories,
        "price": deliver_prices,
        "stock": deliver_stock,
        "customer": deliver_companies if companies else deliver_customers,
        "order_status": deliver_order_statuses,
    }


def _products(delivery: Delivery, messages: Sequence[Message]) -> Iterator[Receipt]:
    kept = [message for message in messages if message.op is Op.UPSERT]
    gone = [message for message in messages if message.op is Op.DELETE]
    if kept:
        yield from deliver_products(delivery, kept)
    if gone:
        yield from remove_products(delivery, gone)
