"""Whether an article is there: by our own receipts, and for the others by asking the shop.

Magento takes stock for an article that it does not have, and keeps it where nobody sees it.
"""

from __future__ import annotations

from collections.abc import Iterable

from connectors.magento.calls import Calls, folded


def there(calls: Calls, skus: Iterable[str]) -> set[str]:
    """Those of these SKUs that the shop has."""
    wanted = list(dict.fromkeys(skus))
    bound = calls.bindings.find("product", wanted)
    missing = [sku for sku in wanted if sku not in bound]
    return {*bound, *asked(calls, missing)}


def asked(calls: Calls, skus: Iterable[str]) -> set[str]:
    """The same, without trusting our receipts."""
    wanted = list(skus)
    held = calls.products(wanted, "id") if wanted else {}
    return {sku for sku in wanted if folded(sku) in held}
