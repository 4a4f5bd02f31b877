"""A cloud shop that speaks the shop protocol (`docs/shop-protocol/`).

`target` sends records, `contents` the bytes of pictures and documents before them.
"""

from __future__ import annotations

from agent.contract import Kind
from connectors.shop.options import ShopOptions
from connectors.shop.target import ShopTarget

__all__ = ["KIND", "ShopOptions", "ShopTarget"]

KIND = Kind(
    name="shop",
    summary="A cloud shop that speaks the open shop protocol.",
    connection=ShopOptions,
    target=ShopTarget,
)
