"""Products and variants that vanished from the source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.model import Message, Receipt
from connectors.shopify.delivery import Delivery, accepted, not_taken
from connectors.shopify.documents import PRODUCT_DELETE, PRODUCT_UPDATE, VARIANTS_DELETE, Call
from connectors.shopify.finding import Known, bound_products, products_by_key
from connectors.shopify.marks import State, gid, metafields

STATUS = {"archive": "ARCHIVED", "draft": "DRAFT"}


def remove_products(delivery: Delivery, messages: Sequence[Message]) -> Iterator[Receipt]:
    """A product goes as the options say; of a product with several variants only the one goes."""
    keys = [message.key for message in messages]
    known = bound_products(delivery, keys)
    known |= products_by_key(delivery.session, [key for key in keys if key not in known])
    due = []
    for message in messages:
        match = known.get(message.key)
        if match is None or match.state.version >= message.version:
            yield accepted(message)
        else:
            due.append(message)
    calls = [_call(delivery, message, known[message.key]) for message in due]
    for message, outcome in zip(due, delivery.session.each(calls), strict=True):
        yield accepted(message) if outcome.fine else not_taken(message, outcome)


def _call(delivery: Delivery, message: Message, known: Known) -> Call:
    product = gid("Product", known.product)
    if not known.whole:
        ids = [gid("ProductVariant", known.variant)]
        return VARIANTS_DELETE(productId=product, variantsIds=ids)
    policy = delivery.options.deleted
    if policy == "delete":
        return PRODUCT_DELETE(input={"id": product})
    before = known.state
    after = State(message.version, before.images, before.collections, removed=True)
    fields = {"id": product, "status": STATUS[policy], "metafields": metafields(after)}
    return PRODUCT_UPDATE(product=fields)
