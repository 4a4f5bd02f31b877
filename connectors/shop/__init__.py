"""A cloud shop that speaks the shop protocol (`docs/shop-protocol/`).

`target` sends records, `contents` the bytes of pictures and documents before them; `source` reads
the feeds of what came to be in the shop, `watching` waits for it;
`commands` fetches what the shop asks of the agent.
"""

from __future__ import annotations

from agent.contract import Kind
from connectors._presets import presets_beside
from connectors.shop.commands import ShopCommands
from connectors.shop.options import ShopOptions
from connectors.shop.source import FeedOptions, ShopSource
from connectors.shop.target import ShopTarget

__all__ = ["KIND", "FeedOptions", "ShopCommands", "ShopOptions", "ShopSource", "ShopTarget"]

KIND = Kind(
    name="shop",
    summary="A cloud shop that speaks the open shop protocol.",
    connection=ShopOptions,
    source=ShopSource,
    source_options=FeedOptions,
    target=ShopTarget,
    commands=ShopCommands,
    presets=presets_beside(__file__),
)
