"""A cloud shop that speaks the shop protocol (`docs/shop-protocol/`).

`target` sends records, `contents` the bytes of pictures and documents before them; `source` reads
the feeds of what came to be in the shop, `watching` waits for it.
"""

from __future__ import annotations

from agent.contract import Kind
from connectors._presets import presets_beside
from connectors.shop.options import ShopOptions
from connectors.shop.source import FeedOptions, ShopSource
from connectors.shop.target import ShopTarget

__all__ = ["KIND", "FeedOptions", "ShopOptions", "ShopSource", "ShopTarget"]

KIND = Kind(
    name="shop",
    summary="A cloud shop that speaks the open shop protocol.",
    connection=ShopOptions,
    source=ShopSource,
    source_options=FeedOptions,
    target=ShopTarget,
    presets=presets_beside(__file__),
)
