"""Shopify, over its Admin GraphQL API."""

from __future__ import annotations

from agent.contract import Kind
from connectors._presets import presets_beside
from connectors.shopify.options import ShopifyOptions, ShopifyTargetOptions, SourceOptions
from connectors.shopify.source import ShopifySource
from connectors.shopify.target import ShopifyTarget

KIND = Kind(
    name="shopify",
    summary="Shopify, over its Admin GraphQL API",
    connection=ShopifyOptions,
    source=ShopifySource,
    source_options=SourceOptions,
    target=ShopifyTarget,
    target_options=ShopifyTargetOptions,
    presets=presets_beside(__file__),
)
